import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.product.coordinates import month_bounds, with_map, with_times, year_bounds


def test_bounds_adjoin_and_the_time_is_in_the_middle():
    months = pd.date_range("2003-12-01", "2004-02-01", freq="MS")
    fields = xr.Dataset(
        {"nee": (("time", "lat", "lon"), np.zeros((3, 2, 4)))},
        coords={"time": months, "lat": [-45.0, 45.0], "lon": [-135.0, -45.0, 45.0, 135.0]},
    )
    whole = with_map(with_times(fields, month_bounds(months)))
    bounds = whole.time_bnds.values
    assert (bounds[1:, 0] == bounds[:-1, 1]).all()
    assert bounds[-1, 1] == np.datetime64("2004-03-01")  # in a leap year
    assert whole.time.values[0] == np.datetime64("2003-12-16T12:00")
    assert whole.lat_bnds.values.tolist() == [[-90.0, 0.0], [0.0, 90.0]]
    assert whole.lon_bnds.values[-1].tolist() == [90.0, 180.0]


def test_years_have_their_calendar_lengths():
    begin, end = year_bounds(pd.DatetimeIndex(["2003-01-01", "2004-01-01"]))
    assert ((end - begin).days == [365, 366]).all()
