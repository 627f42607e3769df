import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.evaluation.run.periods import annual, mean_annual, seasonal_cycle, spread


def monthly(values: np.ndarray, start: str = "2001-01-01") -> xr.DataArray:
    time = pd.date_range(start, periods=values.shape[-1], freq="MS")
    return xr.DataArray(values, dims=("member", "time"), coords={"time": time})


def test_years_and_seasons_by_hand():
    # 1 to 24: years 1+...+12 = 78 and 78 + 144; January (1 + 13) / 2 = 7, December 18
    series = monthly(np.arange(1.0, 25.0)[None])
    assert annual(series).values.tolist() == [[78.0, 222.0]]
    assert annual(series).year.values.tolist() == [2001, 2002]
    assert mean_annual(series).item() == 150.0
    assert seasonal_cycle(series).values[0, [0, 11]].tolist() == [7.0, 18.0]


def test_a_year_without_data_is_left_out_and_not_zero():
    values = np.ones((1, 24))
    values[0, 3] = np.nan
    series = monthly(values)
    assert np.isnan(annual(series).values[0, 0])
    assert mean_annual(series).item() == 12.0
    assert seasonal_cycle(series).values.tolist() == [[1.0] * 12]


def test_spread_is_of_the_members_that_are_there():
    members = xr.DataArray([1.0, 3.0, np.nan], dims="member")
    assert spread(members).item() == pytest.approx(np.sqrt(2.0))  # n - 1


def test_parts_of_years_are_refused():
    with pytest.raises(ValueError, match="whole years"):
        annual(monthly(np.ones((1, 13))))
    with pytest.raises(ValueError, match="whole years"):
        annual(monthly(np.ones((1, 12)), "2001-02-01"))
