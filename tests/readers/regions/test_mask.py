import netCDF4
import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.readers.regions.mask import read_region_mask
from fluxprod.synthetic.native.regions import write_region_mask

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
def test_invalid_values(folder, cell, value, message):
    with netCDF4.Dataset(folder / NAME, "a") as dataset:
        dataset["MASK"][cell] = value
    with pytest.raises(DataError, match=message):
        read_region_mask(folder)


def test_another_mask(realdata):
    # The TransCom mask is not a mask of the 18 regions.
    with pytest.raises(DataError, match="mask64: found 22 regions, numbers 1 to 22, expected 1 to"):
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


def test_map_of_numbers(tmp_path):
    """Region k has number k + 1; any variable name, north to south."""
    grid = Grid(0.5)
    numbers = (planted() * np.arange(1, 19)[:, None, None]).sum(axis=0).astype("f4")
    numbers[0, 0] = np.nan
    field = xr.Dataset(
        {"region": (("latitude", "longitude"), numbers[::-1])},
        coords={"latitude": grid.lat[::-1], "longitude": grid.lon},
    )
    field.to_netcdf(tmp_path / NAME)
    np.testing.assert_array_equal(read_region_mask(tmp_path), planted())


@pytest.mark.parametrize(
    ("value", "message"),
    [(19.0, "found 19 regions, numbers 1 to 19"), (0.5, "values .0.5., expected numbers")],
)
def test_map_of_other_numbers(tmp_path, value, message):
    numbers = np.arange(32.0).reshape(4, 8) % 19
    numbers[0, 0] = value
    grid = Grid(45.0)
    field = xr.Dataset({"k": (("lat", "lon"), numbers)}, coords={"lat": grid.lat, "lon": grid.lon})
    field.to_netcdf(tmp_path / NAME)
    with pytest.raises(DataError, match=message):
        read_region_mask(tmp_path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<!DOCTYPE html><html>log in</html>", r"a web page \(HTML\)"),
        (b"", "an empty file"),
        (b"\x89HDF\r\n\x1a\n cut", "unreadable"),
    ],
)
def test_broken_file(tmp_path, content, found):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(DataError, match=f"{NAME}: file: found {found}"):
        read_region_mask(tmp_path)


def test_truncated_file(folder):
    content = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match=f"{NAME}: file: found"):
        read_region_mask(folder)
