import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.values import comparison
from fluxprod.verify.values.comparison import (
    CopyAgrees,
    MembersAgree,
    copy_faults,
    number_differences,
)

STEP = 0.25
COMMENT = {"comment": f"Rounded to multiples of {STEP} g m-2 d-1: stored values err by less than"}
BLOCK = {"time": slice(0, 1), "lat": slice(0, 1)}
DIMS = ("time", "lat", "lon")


def flux(values, name):
    return xr.DataArray(np.array(values, float), dims=DIMS, name=name, attrs=COMMENT)


def agreed(mean, spread):
    """Members 1, 2, 6: mean 3, sample variance (4 + 1 + 9) / 2 = 7."""
    values = np.array([1.0, 2.0, 6.0]).reshape(1, 3, 1, 1)
    members = xr.DataArray(values, dims=("time", "realization", *DIMS[1:]), attrs=COMMENT)
    check = MembersAgree(members, flux([[[mean]]], "nee"), flux([[[spread]]], "nee_spread"))
    check.add(BLOCK, values)
    return check.faults()


def test_mean_may_be_off_by_both_roundings():
    assert agreed(3.0, np.sqrt(7)) == []
    assert agreed(3.5, np.sqrt(7)) == []
    assert agreed(3.51, np.sqrt(7)) == [
        "mean of the members differs from nee of the monthly file by up to 0.51 g m-2 d-1, "
        "but rounding explains only 0.5"
    ]


def test_spread_may_be_off_by_what_rounding_of_three_members_can_do():
    most = STEP * np.sqrt(3 / 2) + STEP  # 0.556
    assert agreed(3.0, np.sqrt(7) + 0.999 * most) == []
    assert agreed(3.0, np.sqrt(7) - 1.001 * most) == [
        "standard deviation of the members differs from nee_spread of the monthly file by up to "
        "0.557 g m-2 d-1, but rounding explains only 0.556"
    ]


def test_number_of_members(product):
    monthly = product["monthly"]
    assert number_differences(product["daily"], monthly) == []
    assert number_differences(product["monthly-members"], monthly) == []
    monthly["nee_ec_members"] = monthly.nee_ec_members + 1
    for content in ("daily", "monthly-members"):
        assert number_differences(product[content], monthly) == [
            "nee_ec: 4 members, 5 in the monthly file"
        ]


def copied(values, copy, *, whole=True):
    check = CopyAgrees(flux(copy, "nee"), whole=whole)
    for n in range(len(values)):
        check.add({"time": slice(n, n + 1), "lat": slice(0, 1)}, np.array(values[n : n + 1]))
    return check.faults()


def test_every_value_of_a_copy():
    values = [[[1.0, np.nan]], [[2.0, 3.0]]]
    assert copied(values, values) == []
    assert copied(values, [[[1.0, 0.0]], [[2.0, 3.0 + 1e-7]]]) == [
        "2 values differ from the NetCDF file"
    ]


def test_the_first_block_alone():
    values = [[[1.0, np.nan]], [[2.0, 3.0]]]
    assert copied(values, [[[1.0, np.nan]], [[5.0, 6.0]]], whole=False) == []
    assert copied(values, [[[5.0, np.nan]], [[2.0, 3.0]]], whole=False) != []


def test_the_other_file_cannot_be_read(monkeypatch):
    def broken(field, block):
        raise DataError(field.name, "values", "unreadable", "whole chunks")

    monkeypatch.setattr(comparison, "values_of", broken)
    assert copied([[[1.0]]], [[[1.0]]]) == ["nee: values: found unreadable, expected whole chunks"]
    assert agreed(3.0, 1.0) == [
        "monthly file: nee: values: found unreadable, expected whole chunks"
    ]


@pytest.mark.parametrize("content", ["monthly", "regional-annual"])
def test_a_copy_of_all_but_fluxes(product, content):
    dataset = product[content]
    copy = dataset.drop_vars("region_name", errors="ignore").copy(deep=True)
    assert copy_faults(dataset, copy, ()) == []
    copy.nee.attrs["units"] = "kg m-2 s-1"
    copy["time_bnds"] = copy.time_bnds + np.timedelta64(1, "D")
    assert set(copy_faults(dataset, copy.drop_vars("nee_ec_members"), ())) == {
        "nee: attributes differ from the NetCDF file",
        "no variable nee_ec_members",
        "time_bnds: values differ from the NetCDF file",
    }


def test_a_copy_of_other_size(product):
    short = product["monthly"].isel(time=slice(35))
    assert "nee: sizes differ from the NetCDF file" in copy_faults(
        product["monthly"], short, ("nee",)
    )
