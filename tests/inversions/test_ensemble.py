"""Members side by side: an absent one is missing, and leaves the mean to the others."""

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import monthly_axis
from fluxprod.inversions.ensemble import component_totals, maps, summarise
from fluxprod.inversions.regional import shared_area

GRID = Grid(30.0)
MONTHS = monthly_axis(2001, 2001)


def member(name: str, value: float) -> xr.DataArray:
    coords = {"time": MONTHS, "lat": GRID.lat, "lon": GRID.lon, "member": name}
    whole = np.full((12, *GRID.shape), value)
    return xr.DataArray(whole, dims=("time", "lat", "lon"), coords=coords)


@pytest.fixture
def area():
    region = np.zeros(GRID.shape, int)
    region[0] = -1  # the southernmost row belongs to none
    return shared_area(
        xr.DataArray(region, dims=("lat", "lon"), coords={"lat": GRID.lat, "lon": GRID.lon}),
        GRID.lat,
        GRID.lon,
    )


@pytest.fixture
def ensemble(area):
    late = member("late", 3.0)
    late[0] = np.nan
    fire = member("fire", 0.5).drop_vars("member")
    return summarise([member("whole", 1.0), late], [fire], area)


def test_totals_by_hand(ensemble):
    totals, _ = ensemble
    # row 0 is 1 - sin(60) of a half sphere, 0.06699 of the sphere's 5.1007e14 m2; 1 - 0.5 g, 31 d
    row = 0.0669873 * 5.1007e14 * 0.5 * 31 * 1e-15
    assert float(totals.unassigned.sel(member="whole")[0]) == pytest.approx(row, rel=1e-4)
    usa = 0.9330127 * 5.1007e14 * 0.5 * 31 * 1e-15
    assert float(totals.NEE.sel(member="whole", region="USA")[0]) == pytest.approx(usa, rel=1e-4)
    assert totals.NEE.dims == ("member", "region", "time")


def test_totals_are_rounded(ensemble):
    steps = ensemble[0].NEE.sel(member="whole").values / 1e-6
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-4)


def test_an_absent_member_is_missing_and_leaves_the_mean_alone(ensemble):
    totals, mean = ensemble
    assert totals.NEE.sel(member="late")[:, 0].isnull().all()
    assert totals.NEE.sel(member="late")[:, 1:].notnull().all()
    assert (mean[0] == 0.5).all()
    assert (mean[1:] == 1.5).all()


def test_maps_weight_months_by_their_days(ensemble):
    drawn = maps(ensemble[1], Grid(60.0), np.array([0, 17]))
    # January's 31 days of 0.5, the year's other 334 of 1.5; packed in steps of 1/512
    np.testing.assert_allclose(drawn.NEE_map, (31 * 0.5 + 334 * 1.5) / 365, atol=1e-3)
    assert drawn.NEE_month.values.tolist() == [[0.5, 0.5]] + [[1.5, 1.5]] * 11


def test_component_totals_close(area):
    fire = member("fire", 2.0).drop_vars("member")
    fire[:, 3, 3] = np.nan  # sea
    totals = component_totals("FIRE", fire, area)
    globe = 5.1007e14 - area.sum(axis=0)[3, 3]
    total = totals.FIRE.sum("region") + totals.FIRE_unassigned
    np.testing.assert_allclose(total[0], 2.0 * globe * 31 * 1e-15, rtol=1e-4)
