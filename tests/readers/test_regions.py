import netCDF4
import numpy as np
import pytest

from fluxprod.errors import DataError
from fluxprod.readers.regions import read_region_mask
from fluxprod.synthetic.native_regions import write_region_mask

NAME = "GCP_18regions_mask_0.5deg_corr.nc"


def planted() -> np.ndarray:
    """Region k holds one cell: row 100 + k, column 10 k."""
    mask = np.zeros((18, 360, 720), np.int8)
    for k in range(18):
        mask[k, 100 + k, 10 * k] = 1
    return mask


@pytest.fixture
def folder(tmp_path):
    write_region_mask(tmp_path / NAME, planted())
    return tmp_path


def test_mask_as_written(folder):
    mask = read_region_mask(folder)
    assert mask.dims == ("region", "lat", "lon")
    np.testing.assert_array_equal(mask, planted())
    # Region 4 is Brazil; row 104 lies at -90 + 0.5 * 104.5 degrees.
    assert mask[4].sum() == 1
    assert mask.sel(lat=-37.75, lon=-159.75)[4] == 1


def test_north_to_south_and_0_to_360(folder):
    with netCDF4.Dataset(folder / NAME, "a") as dataset:
        dataset["lat"][:] = dataset["lat"][::-1]
        dataset["lon"][:] = dataset["lon"][:] % 360.0
        dataset["MASK"][:] = dataset["MASK"][:, ::-1]
    np.testing.assert_array_equal(read_region_mask(folder / NAME), planted())


@pytest.mark.parametrize(
    ("cell", "value", "message"),
    [
        ((0, 0, 0), 2, r"values \[2.\], expected 0 outside and 1 inside"),
        ((0, 0, 0), np.nan, r"values \[nan\]"),
        ((0, 104, 40), 1, "1 cells in two regions, expected each cell in one"),
    ],
)
def test_values_that_are_no_mask(folder, cell, value, message):
    with netCDF4.Dataset(folder / NAME, "a") as dataset:
        dataset["MASK"][cell] = value
    with pytest.raises(DataError, match=message):
        read_region_mask(folder)


def test_another_mask(realdata):
    # The TransCom mask is no mask of the 18 regions.
    with pytest.raises(DataError, match="MASK: found only"):
        read_region_mask(realdata / "regions" / "TRANSCOM_mask_original_1x1.nc")


def test_fewer_regions(tmp_path):
    with netCDF4.Dataset(tmp_path / NAME, "w") as dataset:
        for name, centre in (("lat", [-45.0, 45.0]), ("lon", [-90.0, 90.0])):
            dataset.createDimension(name, 2)
            dataset.createVariable(name, "f8", (name,))[:] = centre
        dataset.createDimension("k", 11)
        dataset.createVariable("MASK", "f4", ("k", "lat", "lon"))[:] = 0.0
    with pytest.raises(DataError, match="found 11 layers, expected 18"):
        read_region_mask(tmp_path)
