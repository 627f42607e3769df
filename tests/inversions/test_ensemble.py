"""Members of the ensemble: in months without data, a member is missing and not in the mean."""

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
    region[0] = -1  # the southernmost row is in no region
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
    return summarise([member("complete", 1.0), late], [fire], area)


def test_totals_by_hand(ensemble):
    totals, _ = ensemble
    # row 0 is 1 - sin(60) of a hemisphere, 0.06699 of the sphere; 1 - 0.5 g a day for 31 days
    row = 0.0669873 * 5.1007e14 * 0.5 * 31 * 1e-15
    assert float(totals.unassigned.sel(member="complete")[0]) == pytest.approx(row, rel=1e-4)
    usa = 0.9330127 * 5.1007e14 * 0.5 * 31 * 1e-15
    assert float(totals.NEE.sel(member="complete", region="USA")[0]) == pytest.approx(usa, rel=1e-4)
    assert totals.NEE.dims == ("member", "region", "time")


def test_totals_are_rounded(ensemble):
    steps = ensemble[0].NEE.sel(member="complete").values / 1e-6
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-4)


def test_a_member_without_data_is_missing_and_not_in_the_mean(ensemble):
    totals, mean = ensemble
    assert totals.NEE.sel(member="late")[:, 0].isnull().all()
    assert totals.NEE.sel(member="late")[:, 1:].notnull().all()
    assert (mean[0] == 0.5).all()
    assert (mean[1:] == 1.5).all()


def test_maps_weight_months_by_their_days(ensemble):
    drawn = maps(ensemble[1], Grid(60.0), np.array([0, 17]))
    # 31 days of 0.5 in January, 334 days of 1.5 in the rest of the year; rounded to 1/512
    np.testing.assert_allclose(drawn.NEE_map, (31 * 0.5 + 334 * 1.5) / 365, atol=1e-3)
    assert drawn.NEE_month.values.tolist() == [[0.5, 0.5]] + [[1.5, 1.5]] * 11


def test_component_totals_close(area):
    fire = member("fire", 2.0).drop_vars("member")
    fire[:, 3, 3] = np.nan  # sea
    totals = component_totals("FIRE", fire, area)
    globe = 5.1007e14 - area.sum(axis=0)[3, 3]
    total = totals.FIRE.sum("region") + totals.FIRE_unassigned
    np.testing.assert_allclose(total[0], 2.0 * globe * 31 * 1e-15, rtol=1e-4)
