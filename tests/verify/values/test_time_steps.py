import numpy as np
import pytest

from fluxprod.verify.values.time_steps import step_days, time_edges, time_faults

YEARS = range(2001, 2004)
HOUR = np.timedelta64(1, "h")


@pytest.mark.parametrize(
    ("content", "years", "steps"),
    [
        ("daily", range(2004, 2005), 366),
        ("daily", range(2001, 2018), 17 * 365 + 4),
        ("monthly", YEARS, 36),
        ("monthly-members", YEARS, 36),
        ("regional-annual", YEARS, 3),
    ],
)
def test_number_of_steps(content, years, steps):
    assert len(time_edges(content, years)) - 1 == steps


@pytest.mark.parametrize("content", ["monthly", "monthly-members", "regional-annual"])
def test_a_product(product, content):
    assert time_faults(product[content], content, YEARS) == []


def test_a_missing_month(product):
    gap = product["monthly"].drop_isel(time=14)
    assert time_faults(gap, "monthly", YEARS) == [
        "time: 1 missing, first 2002-03-01",
        "time_bnds: not contiguous up to 2004-01-01",
    ]


def test_other_years_than_in_the_name(product):
    assert time_faults(product["monthly"], "monthly", range(2002, 2005)) == [
        "time: 12 missing, first 2004-01-01, 12 outside the period, first 2001-01-01",
        "time_bnds: not contiguous up to 2005-01-01",
    ]


def test_steps_in_another_order(product):
    turned = product["monthly"].isel(time=[1, 0, *range(2, 36)])
    assert time_faults(turned, "monthly", YEARS)[0] == "time: steps out of order or repeated"


def test_bounds_with_a_hole_and_time_off_the_middle(product):
    monthly = product["monthly"].drop_vars("days")
    bounds = monthly.time_bnds.values.copy()
    bounds[3, 1] -= HOUR
    assert time_faults(monthly.assign(time_bnds=(("time", "bnds"), bounds)), "monthly", YEARS) == [
        "time_bnds: not contiguous up to 2004-01-01",
        "time: not the middle of time_bnds",
    ]


def test_a_date_that_is_missing(product):
    monthly = product["monthly"]
    monthly.time_bnds[3, 0] = np.datetime64("NaT", "ns")
    assert time_faults(monthly, "monthly", YEARS)[0] == (
        "time: 1 missing, first 2001-04-01, 1 outside the period, first NaT"
    )


def test_days_that_went_into_a_mean(product):
    product["monthly"].days[1] = 29
    assert time_faults(product["monthly"], "monthly", YEARS) == [
        "days: not the lengths of time_bnds"
    ]


def test_numbers_for_dates(product):
    numbers = product["monthly"].assign_coords(time=np.arange(36))
    assert time_faults(numbers, "monthly", YEARS) == [
        "time: found int64 with bounds of datetime64[ns], expected dates"
    ]


def test_true_lengths(product):
    assert step_days(product["monthly"])[:3].tolist() == [31, 28, 31]
