import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.towers.table import tower_table


def record(days, nee, **columns):
    n = len(days)
    names = {"NEE_QC": np.ones(n), "TA": np.full(n, 5.0), "SW_IN": np.ones(n), "P": np.ones(n)}
    names |= {"NEE": np.asarray(nee, float)} | {k: np.asarray(v, float) for k, v in columns.items()}
    return xr.Dataset({k: ("time", v) for k, v in names.items()}, coords={"time": days})


def test_records_find_their_days_on_one_axis():
    axis = pd.date_range("2003-01-01", periods=5, unit="s")
    late = record(axis[3:], [7.0, 8.0], TA=[1.0, 999.0])
    sites = pd.DataFrame({"lat": [1.0], "fold": [0]}, index=["AA-Bbb"])
    got = tower_table({"AA-Bbb": late}, sites, axis)
    np.testing.assert_array_equal(got.NEE.values, [[np.nan, np.nan, np.nan, 7.0, 8.0]])
    np.testing.assert_array_equal(got.TA.values[0, 3:], [1.0, np.nan])
    assert got.lat.values.tolist() == [1.0]


def test_towers_without_vapour_pressure_deficit_are_missing_it():
    axis = pd.date_range("2003-01-01", periods=2, unit="s")
    towers = {"AA-Bbb": record(axis, [1.0, 2.0]), "AA-Ccc": record(axis, [3, 4], VPD=[8.5, -0.3])}
    sites = pd.DataFrame({"lat": [1.0, 2.0], "fold": [0, 1]}, index=list(towers))
    got = tower_table(towers, sites, axis)
    assert got.VPD.dims == ("site", "time")
    np.testing.assert_array_equal(got.VPD.values, [[np.nan, np.nan], [8.5, np.nan]])
