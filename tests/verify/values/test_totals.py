import numpy as np
import pytest

from fluxprod.verify.values.totals import (
    annual_faults,
    closure_faults,
    daily_faults,
    grid_faults,
    grid_totals,
    member_faults,
    missing_faults,
    table_faults,
    totals_difference,
)


def test_a_product(product):
    for content in ("regional-monthly", "regional-annual"):
        assert missing_faults(product[content]) == []
        assert closure_faults(product[content]) == []
    assert annual_faults(product["regional-annual"], product["regional-monthly"]) == []


def test_missing_totals_and_spreads(product):
    regional = product["regional-annual"]
    regional.nee[0, 0] = np.nan
    regional.nee_ec_spread[:2, 0] = np.nan
    regional.inversions_spread[0, 1] = -1.0
    regional.inversions_members[0, 2] = 1
    assert missing_faults(regional) == [
        "nee: 1 values missing or without members",
        "nee_ec_spread: 2 values missing or without members",
        "inversions_spread: 1 values missing or without members",
        "inversions_spread: 1 values below 0",
    ]


def test_regions_that_miss_the_globe(product):
    regional = product["regional-monthly"]
    absolute = float(abs(regional.nee[7, :-1]).sum())
    regional.nee[7, 3] += 0.9e-6 * absolute
    assert closure_faults(regional) == []
    regional.nee[7, 3] += 0.2e-6 * absolute
    (fault,) = closure_faults(regional)
    assert fault.startswith("nee: regions and unassigned differ from GLOBAL by up to ")
    assert fault.endswith(" Pg in 1 of 36 periods")


def test_a_table_that_is_not_the_netcdf_file(product):
    table = product["regional-annual"].drop_vars("time_bnds").copy(deep=True)
    assert table_faults(table, product["regional-annual"]) == []
    table.inversions[1, 2] = 5.0
    (fault,) = table_faults(table, product["regional-annual"])
    assert fault.startswith("inversions: 1 of 60 values differ, at worst found 5, expected ")
    assert fault.endswith(", against the NetCDF file")


def test_years_that_are_not_the_sums_of_months(product):
    annual = product["regional-annual"]
    annual.nee_ec[2, 19] += 2e-8
    (fault,) = annual_faults(annual, product["regional-monthly"])
    assert fault.startswith("nee_ec: 1 of 60 values differ")
    assert fault.endswith(", against the sums of months")


def test_years_of_other_members_are_no_sums(product):
    monthly = product["regional-monthly"]
    monthly.inversions_members[:6] = 3
    monthly.inversions[:6] = 1.0
    assert annual_faults(product["regional-annual"], monthly) == []


def test_grid_totals_by_hand():
    # 2e15 g a day over 31 days are 62 Pg
    assert grid_totals(np.array([[2e15]]), np.array([31.0])).tolist() == [[62.0]]
    members = grid_totals(np.full((2, 3, 20), 1e15), np.array([31.0, 28.0]))
    assert members[:, 0, 0].tolist() == [31.0, 28.0]


@pytest.mark.parametrize("content", ["regional-monthly", "regional-annual"])
def test_totals_against_the_grid(product, content):
    monthly = product["regional-monthly"].nee.values.copy()
    assert grid_faults(product[content], "nee", monthly) == []
    monthly[14, 4] += 2e-8
    (fault,) = grid_faults(product[content], "nee", monthly)
    assert "1 of " in fault
    assert fault.endswith(", against the monthly file")


def test_spread_against_members(product):
    annual = product["regional-annual"]
    members = np.zeros((36, 4, 20))
    members[:, 3] = 1.0  # years: 0, 0, 0 and 12, of which the deviation is 6
    annual.nee_spread[:] = 6.0
    annual.nee_members[:] = 4
    assert member_faults(annual, "nee", members) == []
    annual.nee_spread[0, 0] = 5.0
    assert member_faults(annual, "nee", members) == [
        "nee_spread: 1 of 60 values differ, at worst found 5, expected 6, against the members' file"
    ]
    assert member_faults(annual, "nee", members[:, :3]) == [
        "nee_members: found 4 to 4, 3 in the members' file"
    ]


def test_days_against_months():
    month = np.repeat(np.arange(12), 30)
    days = np.full(360, 1 / 30)
    assert daily_faults("nee", days, month, np.ones(12)) == []
    assert daily_faults("nee", days, month, np.ones(12) + 0.9e-5) == []
    assert daily_faults("nee", days, month, np.r_[1 + 1.1e-5, np.ones(11)]) == [
        "nee: global total: 1 of 12 values differ, at worst found 1, expected 1.000011, "
        "against the monthly file"
    ]


def test_where_arrays_differ_most():
    found, expected = np.array([1.0, 2.0, np.nan]), np.array([1.5, 5.0, np.nan])
    assert totals_difference("x", found, expected, 1.0) == (
        "x: 1 of 3 values differ, at worst found 2, expected 5"
    )
    assert totals_difference("x", found, np.array([1.0, 2.0, 3.0]), 1.0) == (
        "x: 1 of 3 values differ, at worst found nan, expected 3"
    )
    assert totals_difference("x", found, expected[:2], 1.0) == "x: shape (3,), expected (2,)"
