"""The regions of the land cells against the countries of which they consist."""

from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.core.grid import Grid, cell_area
from fluxprod.core.regions import ABBREVIATIONS, REGIONS, UNASSIGNED
from fluxprod.plausibility.criterion import Criterion, Finding

# share of the land; 0 with any choice of docs/decisions/0010-regions.md, 0.015 without Mexico
OUTSIDE_WARN, OUTSIDE_STOP = 0.02, 0.05
# shares of the land that a region and its countries have in common, see `Overlap`
PART_WARN, PART_STOP = 0.6, 0.4  # 0.58 to 1 with any choice, on grids of 0.5 to 4 degrees
WHOLE_WARN, WHOLE_STOP = 0.3, 0.1  # 0.18 to 1
REACH = 12  # cells of half a degree; larger displacements leave no overlap
SHIFT_STOP = 2  # cells of half a degree
GAIN = 0.005  # share of the land by which a displaced map must agree better

CHOICES = (
    "Natural Earth countries under every choice of docs/decisions/0010-regions.md, on grids of 0.5 "
    "to 4 degrees"
)
MASK = "check the order of the regions and the axes of the mask in data/raw/observed/regions"

OUTSIDE = Criterion(
    "regions.outside",
    f"at most {OUTSIDE_STOP:.0%} of the land without a region, Greenland and Antarctica left out",
    f"0.0 % in {CHOICES}",
    "check that the mask has all 18 regions and reaches the coasts",
)
OVERLAP = Criterion(
    "regions.overlap",
    f"at least {PART_STOP:.0%} of the region or of its countries, and {WHOLE_STOP:.0%} of both "
    "together, in common",
    f"58 % and 18 % or more in {CHOICES}",
    MASK,
)
PLACE = Criterion(
    "regions.place",
    "borders where the countries have them",
    f"no displacement in {CHOICES}",
    MASK,
)


class Overlap(NamedTuple):
    """Agreement of a region of the land cells with its countries.

    Parameters
    ----------
    part : float
        Area in common as a share of the smaller of the two areas [1]. It is near 1 even if either
        has countries that the other one lacks.
    whole : float
        Area in common as a share of the union (Jaccard index) [1].
    """

    part: float
    whole: float


def region_findings(land: xr.Dataset, reference: xr.DataArray) -> list[Finding]:
    """Test whether the regions are complete, in order and in place.

    Parameters
    ----------
    land : Dataset
        ``region`` and ``land_fraction`` [1] on the target grid (lat, lon), south to north.
    reference : DataArray of int, dims (lat, lon)
        Region of each half-degree cell by its country, south to north; -1 outside all regions.

    Returns
    -------
    list of Finding
        One finding for each region and two for all land.
    """
    common = areas_in_common(land, reference)
    return [
        _outside(common),
        *(_overlap(name, common, number) for number, name in enumerate(ABBREVIATIONS)),
        _place(*border_displacement(land, reference)),
    ]


def areas_in_common(land: xr.Dataset, reference: xr.DataArray) -> np.ndarray:
    """Sum the land area in each pair of a region by its countries and a region of the cells.

    Parameters
    ----------
    land : Dataset
        As in `region_findings`.
    reference : DataArray of int, dims (lat, lon)
        As in `region_findings`.

    Returns
    -------
    ndarray, shape (19, 19)
        Areas [m2] by countries (row) and by cells (column), both in the order of the region
        numbers with "no region" last. Only target cells with land count.
    """
    number, is_land = _on_grid_of(reference, land)
    common = np.zeros((len(REGIONS) + 1, len(REGIONS) + 1))
    area = np.where(is_land, _area(reference), 0.0)
    np.add.at(common, (reference.values.astype(int), number), area)  # -1 is the last
    return common


def _on_grid_of(reference: xr.DataArray, land: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Region number, and whether there is land, at the centre of each cell of the reference."""
    fine, target = (Grid(180.0 / each.sizes["lat"]) for each in (reference, land))
    cell = target.cell_of(*np.meshgrid(fine.lat, fine.lon, indexing="ij"))
    number = land.region.values.astype(int).ravel()[cell]
    return number, land.land_fraction.values.ravel()[cell] > 0.0


def _area(reference: xr.DataArray) -> np.ndarray:
    grid = Grid(180.0 / reference.sizes["lat"])
    return cell_area(grid.lat_edges, grid.lon_edges)


def overlap_of(common: np.ndarray, number: int) -> Overlap:
    """Compare one region with its countries.

    Parameters
    ----------
    common : ndarray, shape (19, 19)
        Areas as from `areas_in_common` [m2].
    number : int
        Number of the region.
    """
    both, countries, cells = common[number, number], common[number].sum(), common[:, number].sum()
    if min(countries, cells) == 0.0:
        return Overlap(0.0, 0.0)
    return Overlap(float(both / min(countries, cells)), float(both / (countries + cells - both)))


def _outside(common: np.ndarray) -> Finding:
    of_countries = common[:UNASSIGNED]
    share = of_countries[:, UNASSIGNED].sum() / max(of_countries.sum(), 1.0)
    return OUTSIDE.finding(
        "land", f"{share:.1%}", stop=share > OUTSIDE_STOP, warn=share > OUTSIDE_WARN
    )


def _overlap(name: str, common: np.ndarray, number: int) -> Finding:
    part, whole = overlap_of(common, number)
    empty = common[:, number].sum() == 0.0
    found = "no land cell" if empty else f"{part:.0%}, and {whole:.0%} of both together"
    return OVERLAP.finding(
        name,
        found,
        stop=part < PART_STOP or whole < WHOLE_STOP,
        warn=part < PART_WARN or whole < WHOLE_WARN,
    )


def border_displacement(land: xr.Dataset, reference: xr.DataArray) -> tuple[int, int, float]:
    """Find the displacement at which the borders of the regions agree best with the countries.

    Countries on other lists of regions do not move borders, but a shifted axis moves all of them.
    Coasts do not count, because they come from the land cover.

    Parameters
    ----------
    land : Dataset
        As in `region_findings`.
    reference : DataArray of int, dims (lat, lon)
        As in `region_findings`.

    Returns
    -------
    north, east : int
        Displacement of the regions [cells of the reference].
    gain : float
        Agreement there minus that without displacement, as shares of the land [1].
    """
    number, is_land = _on_grid_of(reference, land)
    row, column = np.nonzero(is_land & (number >= 0))
    number, area = number[row, column], _area(reference)[row, column]
    steps, (n_lat, n_lon) = range(-REACH, REACH + 1), reference.shape
    agreement = {}
    for north in steps:
        for east in steps:
            countries = reference.values[(row - north) % n_lat, (column - east) % n_lon]
            agreement[north, east] = _agreement(number, countries, area)
    north, east = max(agreement, key=lambda each: agreement[each])
    return north, east, agreement[north, east] - agreement[0, 0]


def _agreement(number: np.ndarray, countries: np.ndarray, area: np.ndarray) -> float:
    """Share of the area with a region in both maps that has the same one."""
    known = np.where(countries >= 0, area, 0.0)
    return float(known[number == countries].sum() / max(known.sum(), 1.0))


def _place(north: int, east: int, gain: float) -> Finding:
    steps = max(abs(north), abs(east)) if gain > GAIN else 0
    found = f"{north / 2:+g} degrees north and {east / 2:+g} east" if steps else "no displacement"
    return PLACE.finding("borders", found, stop=steps >= SHIFT_STOP, warn=steps > 0)
