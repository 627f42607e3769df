"""Areas and totals: conservation, units, true lengths of months, closure."""

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.grid import EARTH_RADIUS, Grid, cell_area, regrid
from fluxprod.core.time_axis import monthly_axis
from fluxprod.inversions.regional import monthly_totals, shared_area

SPHERE = 4 * np.pi * EARTH_RADIUS**2
TARGET, SOURCE = Grid(6.0), Grid(4.0)  # neither grid is nested in the other


@pytest.fixture
def region() -> xr.DataArray:
    number = np.random.default_rng(1).integers(-1, 18, size=TARGET.shape)
    return xr.DataArray(number, dims=("lat", "lon"), coords={"lat": TARGET.lat, "lon": TARGET.lon})


def flux(values: np.ndarray, grid: Grid) -> xr.DataArray:
    months = monthly_axis(2004, 2004)
    return xr.DataArray(
        np.broadcast_to(values, (12, *grid.shape)).copy(),
        dims=("time", "lat", "lon"),
        coords={"time": months, "lat": grid.lat, "lon": grid.lon},
    )


def test_shared_areas_are_the_cells(region):
    area = shared_area(region, SOURCE.lat, SOURCE.lon)
    expected = cell_area(SOURCE.lat_edges, SOURCE.lon_edges)
    np.testing.assert_allclose(area.sum(axis=0), expected, rtol=1e-12)
    assert area.sum() == pytest.approx(SPHERE)


def test_half_a_cell_by_hand():
    # half of a source cell from 60 W to 60 E lies in the region west of 0 E, half in the one east
    coarse = Grid(90.0)
    number = np.array([[0, 1, 2, 3], [4, 5, 6, 7]])
    region = xr.DataArray(
        number, dims=("lat", "lon"), coords={"lat": coarse.lat, "lon": coarse.lon}
    )
    area = shared_area(region, np.array([-45.0, 45.0]), np.array([-120.0, 0.0, 120.0]))
    cell = SPHERE / 6
    expected = np.zeros(19)
    expected[[5, 6]] = cell / 2  # of the northern cell on the prime meridian
    np.testing.assert_allclose(area[:, 1, 1], expected, atol=1.0)


def test_one_gram_a_day_everywhere_by_hand(region):
    area = shared_area(region, SOURCE.lat, SOURCE.lon)
    total = monthly_totals(flux(np.float64(1.0), SOURCE), area)
    # sphere of 5.1007e14 m2: 15.81 PgC in the 31 days of January, 14.79 in the 29 of February
    assert total[:, 0].sum() == pytest.approx(5.1007e14 * 31 * 1e-15, rel=1e-4)
    assert total[:, 1].sum() == pytest.approx(5.1007e14 * 29 * 1e-15, rel=1e-4)


def test_same_as_regridding_and_then_summing(region):
    values = np.random.default_rng(2).normal(size=(12, *SOURCE.shape))
    field = flux(values, SOURCE)
    total = monthly_totals(field, shared_area(region, SOURCE.lat, SOURCE.lon))
    amount = regrid(field, TARGET).values * cell_area(TARGET.lat_edges, TARGET.lon_edges)
    days = field.time.dt.days_in_month.values
    for number in (0, 7, 17, -1):
        summed = (amount * (region.values == number)).sum(axis=(1, 2)) * days * 1e-15
        np.testing.assert_allclose(total[number], summed, atol=1e-12)


def test_regions_and_remainder_sum_to_the_globe(region):
    values = np.random.default_rng(3).normal(size=(12, *SOURCE.shape))
    field = flux(values, SOURCE)
    total = monthly_totals(field, shared_area(region, SOURCE.lat, SOURCE.lon))
    area = cell_area(SOURCE.lat_edges, SOURCE.lon_edges)
    globe = (values * area).sum(axis=(1, 2)) * field.time.dt.days_in_month.values * 1e-15
    np.testing.assert_allclose(total.sum(axis=0), globe, atol=1e-12)


def test_a_month_without_data_has_no_total(region):
    field = flux(np.float64(1.0), SOURCE)
    field[5] = np.nan
    total = monthly_totals(field, shared_area(region, SOURCE.lat, SOURCE.lon))
    assert np.isnan(total[:, 5]).all()
    assert np.isfinite(np.delete(total, 5, axis=1)).all()
