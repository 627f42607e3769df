"""Maps that are moved are recognised, and the finding says by how much."""

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.plausibility.criterion import Criterion
from fluxprod.plausibility.displacement import displacement, position_findings
from fluxprod.plausibility.limits import Limits

GRID = Grid(5.0)
TERRAIN = np.random.default_rng(1).normal(size=GRID.shape)


def on(values, grid=GRID):
    return xr.DataArray(values, {"lat": grid.lat, "lon": grid.lon}, ("lat", "lon"))


@pytest.mark.parametrize(
    ("values", "where"),
    [
        (np.roll(TERRAIN, 2, axis=1), "moved 2 cells west"),
        (np.roll(TERRAIN, -1, axis=1), "moved 1 cell east"),
        (np.roll(TERRAIN, (1, -3), axis=(0, 1)), "moved 3 cells east and 1 cell south"),
        (np.roll(TERRAIN, 36, axis=1), "turned by 180 degrees of longitude"),
        (TERRAIN[::-1], "mirrored from north to south"),
    ],
)
def test_where_a_map_belongs(values, where):
    found = displacement(on(values), on(TERRAIN))
    assert found.where == where
    assert found.best == pytest.approx(1.0)
    assert found.r < 0.2


def test_a_smooth_bias_and_missing_cells_do_not_matter():
    field = 3.0 * TERRAIN + 40.0 * np.sin(np.radians(GRID.lat))[:, None]
    field[TERRAIN > 1.0] = np.nan
    assert displacement(on(field), on(TERRAIN)) == (pytest.approx(1.0), pytest.approx(1.0), "")


def test_a_finer_map_is_averaged():
    fine = np.repeat(np.repeat(TERRAIN, 2, axis=0), 2, axis=1)
    found = displacement(on(fine, Grid(2.5)), on(TERRAIN))
    assert found.r == pytest.approx(1.0)


def test_too_few_cells_say_nothing():
    field = np.full(GRID.shape, np.nan)
    field[3, :5] = 1.0
    assert displacement(on(field), on(TERRAIN)) is None


def test_the_finding_names_the_years_that_are_wrong():
    criterion = Criterion("climate.map", "the same place", "none", "look")
    maps = {
        "in 2003": displacement(on(TERRAIN), on(TERRAIN)),
        "in 2004": displacement(on(np.roll(TERRAIN, 1, axis=1)), on(TERRAIN)),
    }
    [finding] = position_findings(criterion, "TA", maps, Limits.above(0.9, 0.7))
    assert finding.outcome == "stop"
    assert finding.found.endswith("and of 1.00 if moved 1 cell west in 2004")
    known = {"": maps["in 2003"], "in 2005": None}
    [sound] = position_findings(criterion, "TA", known, Limits.above(0.9, 0.7))
    assert (sound.outcome, sound.found) == ("pass", "R of 1.00")
    assert not list(position_findings(criterion, "TA", {"": None}, Limits.above(0.9, 0.7)))
