import numpy as np
import pytest

from fluxprod.core.grid import Grid, cell_area
from fluxprod.readers.modis.local_area import LocalArea

GRID = Grid(45.0)
LAT, LON = np.array([11.25, 33.75]), np.array([11.25, 33.75])  # the cell 0-45 N, 0-45 E


def test_by_hand():
    got = LocalArea(LAT, LON, GRID).mean(np.array([[0.2, 0.4], [0.6, np.nan]]))
    # bands: sin 22.5 = 0.382683, sin 45 - sin 22.5 = 0.324423
    expected = (0.382683 * 0.6 + 0.324423 * 0.6) / (2 * 0.382683 + 0.324423)
    assert got[2, 4] == pytest.approx(expected, rel=1e-5)
    assert np.isfinite(got).sum() == 1


def test_both_orders_of_latitude_and_both_ranges_of_longitude():
    values = np.random.default_rng(0).normal(size=(2, 2))
    north_first = LocalArea(LAT[::-1], LON, GRID).mean(values[::-1])
    np.testing.assert_allclose(north_first, LocalArea(LAT, LON, GRID).mean(values))
    west = LocalArea(LAT, LON - 90.0, GRID).mean(values)
    np.testing.assert_allclose(LocalArea(LAT, LON + 270.0, GRID).mean(values), west)
    assert np.isfinite(west[2, 2])


def test_across_the_date_line():
    got = LocalArea(LAT, np.array([168.75, 191.25]), GRID).mean(np.array([[1.0, 2.0], [1.0, 2.0]]))
    assert got[2, 7] == pytest.approx(1.0)
    assert got[2, 0] == pytest.approx(2.0)


def test_the_integral_is_conserved():
    lat, lon = np.arange(-30.0, 30.0, 1.5) + 0.75, np.arange(-45.0, 90.0, 2.5) + 1.25
    values = np.random.default_rng(0).normal(size=(len(lat), len(lon)))
    coarse = Grid(15.0)
    mean = LocalArea(lat, lon, coarse).mean(values)
    area = cell_area(np.arange(-30.0, 30.1, 1.5), np.arange(-45.0, 90.1, 2.5))
    whole = cell_area(coarse.lat_edges, coarse.lon_edges)
    assert np.nansum(mean * whole) == pytest.approx((values * area).sum(), rel=1e-9)


def test_decreasing_longitudes():
    with pytest.raises(ValueError, match="longitudes decrease"):
        LocalArea(LAT, LON[::-1], GRID)
