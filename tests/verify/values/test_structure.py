import pytest

from fluxprod.verify.values.structure import LAYOUTS, structure_faults


@pytest.mark.parametrize("content", LAYOUTS)
def test_a_product(product, content):
    assert structure_faults(product[content], content) == []


def test_all_that_differs(product):
    monthly = product["monthly"].drop_vars(["nee_ec", "lat"])
    monthly["nee"] = monthly.nee.transpose("lat", "lon", "time")
    monthly["region"] = monthly.region.astype("U2")
    assert structure_faults(monthly, "monthly") == [
        "nee: dimensions (lat, lon, time), expected (time, lat, lon)",
        "no variable nee_ec",
        "region: found <U2, expected numbers",
        "no coordinate lat",
    ]


def test_a_file_of_another_content(product):
    assert "nee: dimensions (time, lat, lon), expected (time, realization, lat, lon)" in (
        structure_faults(product["monthly"], "monthly-members")
    )


def test_nothing_in_it(product):
    empty = product["monthly"].isel(time=slice(0))
    assert "nee: no value" in structure_faults(empty, "monthly")


def test_bounds_of_one_side(product):
    one = product["monthly"].isel(bnds=slice(1))
    assert structure_faults(one, "monthly") == ["dimension bnds: found 1, expected 2"]
