import numpy as np
import pytest

from fluxprod.verify.values.cells import cell_faults, land_differences


@pytest.mark.parametrize("content", ["daily", "monthly", "monthly-members"])
def test_a_product(product, content):
    assert cell_faults(product[content], 6.0) == []


def test_another_grid_than_in_the_name(product):
    assert cell_faults(product["monthly"], 2.0) == [
        "lat_bnds: not 90 contiguous cells from -90",
        "lat: not the centres of 90 cells from -90",
        "lon_bnds: not 180 contiguous cells from -180",
        "lon: not the centres of 180 cells from -180",
    ]
    assert cell_faults(product["monthly"], 7.0) == [
        "grid: resolution 7.0 does not divide 180 degrees"
    ]


def test_north_to_south(product):
    turned = product["monthly"].isel(lat=slice(None, None, -1))
    assert cell_faults(turned, 6.0)[1] == "lat: not the centres of 30 cells from -90"


def test_areas_of_another_earth(product):
    monthly = product["monthly"]
    monthly["cell_area"] = monthly.cell_area * (6_371_229.0 / 6_371_007.181) ** 2  # WMO's sphere
    monthly.crs.attrs["earth_radius"] = 6_371_229.0
    radius, area = cell_faults(monthly, 6.0)
    assert radius == "crs: earth_radius 6371229.0, expected 6371007.181 m"
    assert area.startswith("cell_area: sums to 1.0000696")


def test_areas_land_and_regions_that_cannot_be(product):
    monthly = product["monthly"]
    monthly.cell_area[0, 0] = -monthly.cell_area[0, 0]
    monthly.land_fraction[0, :3] = [1.01, -0.1, np.nan]
    monthly.region[0, :2] = 18
    assert cell_faults(monthly, 6.0)[0] == "cell_area: 1 cells not above 0"
    assert cell_faults(monthly, 6.0)[2:] == [
        "land_fraction: 3 cells outside 0 to 1",
        "region: 2 cells of unknown regions",
    ]


def test_flags_in_another_order(product):
    monthly = product["monthly"]
    words = monthly.region.attrs["flag_meanings"].split()
    monthly.region.attrs["flag_meanings"] = " ".join(words[::-1])
    assert cell_faults(monthly, 6.0) == [
        "region: flag_values and flag_meanings are not -1 (none) to 17 (OCE)"
    ]


def test_land_of_two_files(product):
    product["daily"].land_fraction[15, 0] = 0.5
    assert land_differences(product["daily"], product["monthly"]) == [
        "land_fraction: differs from that in the monthly file"
    ]
