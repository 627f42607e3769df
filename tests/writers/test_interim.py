import numpy as np
import pytest
import xarray as xr

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.readers.interim import read_interim
from fluxprod.writers.interim import write_interim


def store(values):
    return xr.Dataset({"TA": (("cell", "time"), values)}, coords={"cell": np.arange(len(values))})


@pytest.mark.parametrize("name", ["x.nc", "x.zarr"])
def test_values_are_read_back_within_their_step(tmp_path, name):
    values = np.random.default_rng(1).normal(10, 12, size=(300, 40))
    values[3, 3] = np.nan
    write_interim(store(values), tmp_path / name)
    got = read_interim(tmp_path / name).TA
    np.testing.assert_allclose(got, values, atol=0.00501)
    assert np.isnan(got[3, 3])
    assert got.attrs["units"] == "degC"


@pytest.mark.parametrize("name", ["x.nc", "x.zarr"])
def test_the_last_bits_of_values_do_not_reach_the_file(tmp_path, name):
    values = np.random.default_rng(1).normal(10, 12, size=(30, 40))
    write_interim(store(values), tmp_path / "a" / name)
    write_interim(store(np.nextafter(values, 99)), tmp_path / "b" / name)
    a, b = ([p for p in sorted((tmp_path / k).rglob("*")) if p.is_file()] for k in "ab")
    assert [p.read_bytes() for p in a] == [p.read_bytes() for p in b]


def test_impossible_values_are_refused(tmp_path):
    with pytest.raises(ValueError, match="TA: values 999 to 999 degC"):
        write_interim(store(np.full((2, 2), 999.0)), tmp_path / "x.nc")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")

    def fail():
        with atomic_output(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError("disk")

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.txt"]


def test_absent_and_broken_files_say_what_to_do(tmp_path):
    with pytest.raises(DataError, match="run dvc repro"):
        read_interim(tmp_path / "none.nc")
    (tmp_path / "broken.nc").write_text("<html>")
    with pytest.raises(DataError, match="unreadable"):
        read_interim(tmp_path / "broken.nc")
