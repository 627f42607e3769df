"""The cube reduced to months and seasons, against plain xarray; totals close."""

import numpy as np
import pytest
import xarray as xr

from fluxprod.bridge.cell_fluxes import cell_fluxes, cells_with_data, fluxcom_totals
from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import monthly_axis
from tests.bridge.conftest import CELL, GRID


def test_months_are_those_of_xarray(fluxes, cubes):
    monthly = xr.concat(cubes, "time").resample(time="MS").mean()
    expected = monthly.values.reshape(24, -1)[:, 50]
    np.testing.assert_allclose(fluxes.NEE_month.sel(cell=50), expected, atol=1e-12)
    assert fluxes.time.values.tolist() == monthly.time.values.astype("M8[s]").tolist()


def test_cells_without_data_are_left_out(fluxes):
    assert sorted({*CELL.tolist()} - {*CELL[cells_with_data(fluxes)].tolist()}) == [40, 41]
    assert len(cells_with_data(fluxes, 6)) == 14
    assert len(cells_with_data(fluxes, 10)) == 14


def test_totals_by_hand(fluxes):
    totals = fluxcom_totals(fluxes)
    feb = fluxes.NEE_month.sel(cell=CELL[16:], time="2004-02").values[:, 0]
    by_hand = (feb * fluxes.land_area.values[16:]).sum() * 29 * 1e-15
    assert float(totals.NEE.sel(region="RUS", time="2004-02-01")) == pytest.approx(by_hand)


def test_totals_close(fluxes, land):
    stray = land.copy(deep=True)
    stray["cell_region"][:5] = -1
    totals = fluxcom_totals(fluxes.assign(cell_region=stray.cell_region))
    whole = fluxcom_totals(fluxes)
    np.testing.assert_allclose(
        totals.NEE.sum("region") + totals.unassigned, whole.NEE.sum("region"), rtol=1e-12
    )
    assert (totals.unassigned != 0).all()


def test_a_monthly_cube_on_a_finer_grid_is_averaged_by_area(land):
    fine = Grid(15.0)
    months = monthly_axis(2003, 2003)
    values = np.zeros((12, 12, 24)) + 2.0
    values[:, 6, 0] = 8.0  # a quarter of cell 36, nearer to the equator: the larger half
    cube = xr.DataArray(
        values,
        dims=("time", "lat", "lon"),
        coords={"time": months, "lat": fine.lat, "lon": fine.lon},
    )
    fluxes = cell_fluxes([cube], GRID, land)
    share = np.sin(np.radians(15)) / np.sin(np.radians(30)) / 2
    np.testing.assert_allclose(fluxes.NEE_month.sel(cell=36), 2.0 + 6.0 * share)
    assert fluxes.sizes["step"] == 12
