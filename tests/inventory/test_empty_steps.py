import netCDF4
import numpy as np
import pytest
import xarray as xr

from fluxprod.inventory import empty_steps as module
from fluxprod.inventory.empty_steps import empty_steps


def field(values, *dims, chunks=None):
    made = xr.DataArray(np.asarray(values, np.float32), dims=dims, name="t2m")
    if chunks:
        made.encoding["chunksizes"] = chunks
    return made


def test_days_without_a_value():
    values = np.full((4, 2, 3), np.nan)
    values[0, 1, 2] = 0.0  # zero is a value
    values[2, 0, 0] = 5.0
    assert empty_steps(field(values, "time", "lat", "lon")).tolist() == [1, 3]


def test_an_undeclared_fill_is_no_value():
    assert empty_steps(field([[-9999.0], [1.0]], "time", "lat")).tolist() == [0]


def test_a_day_is_empty_if_it_is_so_in_all_of_expver():
    values = [[[1.0], [np.nan], [np.nan]], [[np.nan], [2.0], [np.nan]]]
    assert empty_steps(field(values, "expver", "time", "lat")).tolist() == [2]


@pytest.mark.parametrize("chunks", [None, (3, 2, 2), (1, 5, 7), (8, 1, 1)])
@pytest.mark.parametrize("values", [1, 20, 10**6])
def test_pieces_of_any_size_give_the_plain_answer(monkeypatch, chunks, values):
    monkeypatch.setattr(module, "VALUES", values)
    rng = np.random.default_rng(3)
    cube = np.where(rng.random((11, 5, 7)) < 0.03, 1.0, np.nan)
    expected = np.flatnonzero(np.isnan(cube).all(axis=(1, 2)))
    assert 0 < len(expected) < 11
    assert (
        empty_steps(field(cube, "time", "lat", "lon", chunks=chunks)).tolist() == expected.tolist()
    )


def test_whole_days_are_told_from_a_small_part_of_the_file(tmp_path, monkeypatch):
    """One chunk of 25 of the map is enough where there are values everywhere."""
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("time", 6), ("lat", 50), ("lon", 100)):
            file.createDimension(name, size)
        variable = file.createVariable("t2m", "f4", ("time", "lat", "lon"), chunksizes=(6, 10, 20))
        variable[:] = 1.0
    monkeypatch.setattr(module, "VALUES", 6 * 10 * 20)
    read = []
    real = module._pieces
    monkeypatch.setattr(
        module, "_pieces", lambda field: (read.append(piece) or piece for piece in real(field))
    )
    with xr.open_dataset(path, engine="netcdf4") as dataset:
        assert empty_steps(dataset.t2m).tolist() == []
    assert read == [{"lat": slice(20, 30), "lon": slice(40, 60)}]
