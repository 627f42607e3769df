"""Regions of the land cells against their countries: maps out of order or place are noticed."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.grid import Grid, regrid
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.geography.land_cells import region_numbers
from fluxprod.plausibility.regions import border_displacement, overlap_of, region_findings
from tests.plausibility.small_tower import outcomes, stops

EARTH = Path(__file__).parents[2] / "data" / "reference" / "earth"


@pytest.fixture(scope="module")
def reference():
    return xr.open_dataset(EARTH / "regions.nc").region.load()


def land_of(numbers, reference, resolution):
    """Land cells of a grid with a map of regions, where the land is that of the true map."""
    grid = Grid(resolution)
    share = regrid((reference >= 0).astype(float), grid)
    layers = np.stack([numbers == number for number in range(18)]).astype(np.int8)
    mask = reference.expand_dims(region=18).copy(data=layers)
    share = share.where(share >= 0.2, 0.0)
    region = region_numbers(mask, grid).where(share > 0.0, -1)
    return xr.Dataset({"region": region, "land_fraction": share})


@pytest.mark.parametrize("resolution", [0.5, 1.0, 2.0, 4.0])
def test_the_countries_themselves_pass_on_every_grid(reference, resolution):
    found = outcomes(region_findings(land_of(reference.values, reference, resolution), reference))
    assert len(found) == 20
    assert set(found.values()) == {"pass"}


def exchanged(first, second):
    def edit(numbers):
        a, b = ABBREVIATIONS.index(first), ABBREVIATIONS.index(second)
        return np.select([numbers == a, numbers == b], [b, a], numbers)

    return edit


def without(name):
    return lambda numbers: np.where(numbers == ABBREVIATIONS.index(name), -1, numbers)


def into(name, other):
    a, b = ABBREVIATIONS.index(name), ABBREVIATIONS.index(other)
    return lambda numbers: np.where(numbers == a, b, numbers)


EDITS = {
    "half a turn": (lambda numbers: np.roll(numbers, 360, axis=1), "regions.outside:land"),
    "two degrees east": (lambda numbers: np.roll(numbers, 4, axis=1), "regions.place:borders"),
    "three degrees west": (lambda numbers: np.roll(numbers, -6, axis=1), "regions.place:borders"),
    "two degrees north": (lambda numbers: np.roll(numbers, 4, axis=0), "regions.place:borders"),
    "north up": (lambda numbers: numbers[::-1], "regions.outside:land"),
    "mirrored": (lambda numbers: numbers[:, ::-1], "regions.outside:land"),
    "numbers from 1": (lambda n: np.where(n >= 0, (n + 1) % 18, -1), "regions.overlap:BRA"),
    "reversed": (lambda n: np.where(n >= 0, 17 - n, -1), "regions.overlap:EU"),
    "USA for CAN": (exchanged("USA", "CAN"), "regions.overlap:USA"),
    "KAJ for CHN": (exchanged("KAJ", "CHN"), "regions.overlap:KAJ"),
    "no CAM": (without("CAM"), "regions.overlap:CAM"),
    "no KAJ": (without("KAJ"), "regions.overlap:KAJ"),
    "KAJ in CHN": (into("KAJ", "CHN"), "regions.overlap:KAJ"),
    "no RUS": (without("RUS"), "regions.outside:land"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_wrong_map_stops_the_run(reference, name):
    """On the coarsest grid, where small regions agree least."""
    edit, noticed = EDITS[name]
    land = land_of(edit(reference.values), reference, 4.0)
    assert noticed in stops(region_findings(land, reference))


def test_the_displacement_is_found(reference):
    land = land_of(np.roll(reference.values, (-3, 5), axis=(0, 1)), reference, 0.5)
    north, east, gain = border_displacement(land, reference)
    assert (north, east) == (-3, 5)
    assert gain > 0.05


def test_a_map_with_other_choices_does_not_stop_the_run(reference):
    """The Sahel, from 10 to 18 degrees north, in EQAF, and Mexico in the United States."""
    numbers = reference.values.copy()
    sahel = (numbers == 7) & (reference.lat.values[:, None] < 18.0)
    mexico = (numbers == 2) & (reference.lon.values < -86.5) & (reference.lat.values[:, None] > 15)
    numbers[sahel], numbers[mexico] = 8, 0
    found = outcomes(region_findings(land_of(numbers, reference, 2.0), reference))
    assert set(found.values()) <= {"pass", "warn"}
    assert found["regions.overlap:CAM"] == "warn"


def test_an_empty_region_is_named_as_such(reference):
    land = land_of(without("OCE")(reference.values), reference, 2.0)
    found = {each.key: each.found for each in region_findings(land, reference)}
    assert found["regions.overlap:OCE"] == "no land cell"


def test_overlap_by_hand():
    """Countries of 8, cells of 6 and 4 in common: 4 of the smaller, and 4 of 10 together."""
    common = np.zeros((19, 19))
    common[3, 3], common[3, 18], common[5, 3] = 4.0, 4.0, 2.0
    assert overlap_of(common, 3) == pytest.approx((4.0 / 6.0, 0.4))
    assert overlap_of(common, 0) == (0.0, 0.0)
