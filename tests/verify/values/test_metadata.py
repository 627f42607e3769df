import numpy as np
import pytest

from fluxprod.verify.files.file_name import FileName
from fluxprod.verify.values.metadata import (
    citation_faults,
    error_bound,
    metadata_faults,
    stated_cells_without_flux,
)

NAME = FileName("0.1.0", 6.0, "monthly", range(2001, 2004), "nc")
MANIFEST = {"version": "0.1.0", "world": "synthetic", "doi": ""}


def test_a_product(product):
    assert metadata_faults(product["monthly"], NAME, **MANIFEST) == []


@pytest.mark.parametrize(
    ("attribute", "value", "fault"),
    [
        ("product_version", "0.2.0", "product_version: found '0.2.0', expected '0.1.0'"),
        ("source_world", "observed", "source_world: found 'observed', expected 'synthetic'"),
        ("doi", "10.5/x", "doi: found '10.5/x', expected 'none assigned'"),
        (
            "time_coverage_resolution",
            "P1D",
            "time_coverage_resolution: found 'P1D', expected 'P1M'",
        ),
        ("time_coverage_duration", "P1Y", "time_coverage_duration: found 'P1Y', expected 'P3Y'"),
    ],
)
def test_labels_of_the_file(product, attribute, value, fault):
    product["monthly"].attrs[attribute] = value
    assert metadata_faults(product["monthly"], NAME, **MANIFEST) == [fault]


def test_a_file_of_another_version_than_its_name(product):
    name = NAME._replace(version="0.2.0")
    assert metadata_faults(product["monthly"], name, **MANIFEST) == [
        "version: 0.2.0 in the name, 0.1.0 in the manifest"
    ]


def test_pains_of_other_products(product):
    monthly = product["monthly"]
    monthly.nee.attrs |= {"units": "gC m-2 d-1", "standard_name": "nep"}
    monthly.nee_ec.attrs["comment"] = "Rounded to multiples of 0.001."
    del monthly.nee_spread.attrs["comment"]
    del monthly.cell_area.attrs["units"]
    assert metadata_faults(monthly, NAME, **MANIFEST) == [
        "nee: units 'gC m-2 d-1', expected 'g m-2 d-1'",
        "nee: standard_name 'nep', but CF has none for NEE",
        "nee_spread: its comment states no bound of the rounding error",
        "nee_ec: its comment does not say that positive is to the atmosphere",
        "nee_ec: its comment states no bound of the rounding error",
        "cell_area: units None, expected 'm2'",
    ]


def test_error_bound_is_the_step(product):
    # docs/decisions/0018: monthly means are multiples of 2^-16, members of 2^-14
    assert error_bound(product["monthly"].nee) == 2.0**-16
    assert error_bound(product["monthly-members"].nee) == 2.0**-14
    assert error_bound(product["monthly"].cell_area) is None


@pytest.mark.parametrize(
    ("stated", "number"), [(3, 3), (np.int32(3), 3), ("three", 0), (np.array([1, 2]), 0)]
)
def test_land_cells_without_flux(product, stated, number):
    product["monthly"].attrs["land_cells_without_flux"] = stated
    assert stated_cells_without_flux(product["monthly"]) == number


def test_metadata_for_datacite():
    assert citation_faults({"version": "1"}, version="1", doi="") == []
    assert citation_faults({"version": "1", "doi": "10.5/x"}, version="2", doi="10.5/y") == [
        "version: found '1', expected '2'",
        "doi: found '10.5/x', expected '10.5/y'",
    ]


def test_attributes_that_are_no_text(product):
    monthly = product["monthly"]
    monthly.attrs["product_version"] = np.array([1, 2])
    monthly.nee.attrs["units"] = np.array([1.0, 2.0])
    first, second = metadata_faults(monthly, NAME, **MANIFEST)
    assert first.startswith("product_version: found array([1, 2])")
    assert second.startswith("nee: units array([1., 2.])")
