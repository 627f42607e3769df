"""Files that no stage wrote are refused in one line, and no code in them is executed."""

import pickle

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.interim import read_interim


class Trap:
    """Creates a file when unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return open, (str(self.marker), "w")


def _text(path):
    path.write_text("no networks\n" * 100)


def _nothing(path):
    path.write_bytes(b"")


def _pickled(path):
    path.write_bytes(pickle.dumps(Trap(path.with_name("marker"))))


def _object_array(path):
    with path.open("wb") as file:
        np.savez(file, weight_1=np.array([Trap(path.with_name("marker"))], object))


def _cut(path):
    _written(path)
    path.write_bytes(path.read_bytes()[:-1000])


def _spoilt(path):
    """The header stays intact."""
    _written(path)
    content = bytearray(path.read_bytes())
    middle = slice(len(content) // 2, len(content) // 2 + 2000)
    content[middle] = bytes(byte ^ 0x5A for byte in content[middle])
    path.write_bytes(content)


def _written(path):
    values = np.random.default_rng(0).random(5000)
    dataset = xr.Dataset({"weight_1": ("layer_1", values)})
    dataset.to_netcdf(path, encoding={"weight_1": {"zlib": True}})


@pytest.mark.parametrize("name", ["networks.nc", "networks.zarr"])
@pytest.mark.parametrize("make", [_text, _nothing, _pickled, _object_array])
def test_other_content_is_refused(tmp_path, name, make):
    make(tmp_path / name)
    with pytest.raises(
        DataError, match=rf"{name}: file: found unreadable .*expected a complete file"
    ):
        read_interim(tmp_path / name)
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize(("make", "what"), [(_cut, "file"), (_spoilt, "weight_1")])
def test_a_damaged_file_is_refused(tmp_path, make, what):
    make(tmp_path / "networks.nc")
    with pytest.raises(DataError, match=f"networks.nc: {what}: found unreadable"):
        read_interim(tmp_path / "networks.nc")


def test_the_trap_works(tmp_path):
    pickle.loads(pickle.dumps(Trap(tmp_path / "marker"))).close()
    assert (tmp_path / "marker").exists()
