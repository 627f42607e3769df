import numpy as np
import pytest
import xarray as xr

from fluxprod.product.packing import DAILY_STEP, MONTHLY_STEP, packed_daily, packed_monthly


def dataset(value: float) -> xr.Dataset:
    rng = np.random.default_rng(3)
    values = np.append(rng.uniform(-60, 60, 999), value).astype(np.float32).reshape(10, 10, 10)
    dims = ("time", "lat", "lon")
    time = np.array(["2001-01-01"] * 20, "datetime64[ns]").reshape(10, 2)
    return xr.Dataset(
        {"nee": (dims, values, {"comment": "A flux."}), "time_bnds": (("time", "bnds"), time)}
    )


def test_errors_stay_within_the_stated_bounds(tmp_path):
    for pack, step in ((packed_daily, DAILY_STEP), (packed_monthly, MONTHLY_STEP)):
        made = dataset(0.0)
        packed = pack(made.copy(deep=True))
        assert f"err by at most {step / 2:g}." in packed.nee.attrs["comment"]
        packed.to_netcdf(tmp_path / "file.nc")
        with xr.open_dataset(tmp_path / "file.nc") as read:
            error = np.abs(read.nee.values - made.nee.values).max()
        # a float32 of 60 is known to 4e-6
        assert 0 < error <= step / 2 + 4e-6


def test_a_value_that_would_wrap_around_is_refused():
    with pytest.raises(ValueError, match="nee: 66 .* outside"):
        packed_daily(dataset(66.0))


def test_missing_values_stay_missing(tmp_path):
    packed_daily(dataset(np.nan)).to_netcdf(tmp_path / "file.nc")
    with xr.open_dataset(tmp_path / "file.nc") as read:
        assert int(read.nee.isnull().sum()) == 1
