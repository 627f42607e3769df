import netCDF4
import numpy as np
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.files.classic_netcdf import is_classic, needed_bytes
from fluxprod.readers.files.netcdf import opened_netcdf

FORMATS = ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"]


def write(path, form, *, unlimited, names=("x", "y")):
    with netCDF4.Dataset(path, "w", format=form) as dataset:
        dataset.setncatts({"title": "three", "n": np.int16([1, 2, 3])})
        dataset.createDimension("time", None if unlimited else 5)
        dataset.createDimension("lat", 3)
        dataset.createVariable("lat", "f8", ("lat",))[:] = [1.0, 2.0, 3.0]
        for name in names:
            values = dataset.createVariable(name, "i2", ("time", "lat"))
            values.units = "m"
            values[:] = np.arange(1, 16).reshape(5, 3)
    return path


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("unlimited", [True, False])
@pytest.mark.parametrize("names", [("x",), ("x", "y")])
def test_length_of_files_written_by_the_library(tmp_path, form, unlimited, names):
    path = write(tmp_path / "a.nc", form, unlimited=unlimited, names=names)
    assert is_classic(path)
    size = path.stat().st_size
    assert size - 4 < needed_bytes(path) <= size  # the end is padded to four bytes
    with opened_netcdf(path) as dataset:
        assert int(dataset.x.sum()) == 120
    path.write_bytes(path.read_bytes()[: needed_bytes(path) - 1])
    with (
        pytest.raises(DataError, match=f"found {path.stat().st_size} bytes of at least"),
        opened_netcdf(path),
    ):
        pass


def test_hdf5_is_not_classic(tmp_path):
    path = write(tmp_path / "a.nc", "NETCDF4", unlimited=False)
    assert not is_classic(path)


@pytest.mark.parametrize("left", [5, 20, 60, 120])
def test_a_truncated_header(tmp_path, left):
    path = write(tmp_path / "a.nc", "NETCDF3_CLASSIC", unlimited=False)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(DataError, match="a.nc: file: found a corrupt header"):
        needed_bytes(path)
