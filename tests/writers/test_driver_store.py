"""The driver store: its layout, and the same values as in an unsharded store."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import zarr

from fluxprod.core.errors import DataError
from fluxprod.core.variables import VARIABLES
from fluxprod.writers.driver_store import (
    CHUNK,
    SHARD,
    as_stored,
    create_driver_store,
    shards,
    write_driver_shard,
)
from fluxprod.writers.interim import packing, write_interim

DIMS = {"WAI2": ("cell", "time"), "AMP_Band4": ("cell",)}
N_CELLS = SHARD + 10


def made():
    rng = np.random.default_rng(2)
    time = pd.date_range("2004-02-27", periods=3)
    fields = {
        "WAI2": (("cell", "time"), rng.random((N_CELLS, 3))),
        "AMP_Band4": ("cell", rng.uniform(0, 0.4, N_CELLS)),
    }
    return xr.Dataset(fields, {"cell": np.arange(N_CELLS) * 2, "time": time})


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "drivers.zarr"
    cells = made().drop_vars(DIMS).assign(cell_lat=("cell", np.zeros(N_CELLS)))
    create_driver_store(path, cells, DIMS)
    return path


def test_shards_worked_out_by_hand():
    assert shards(3) == [slice(0, 3)]
    assert shards(1024) == [slice(0, 1024)]
    assert shards(2500) == [slice(0, 1024), slice(1024, 2048), slice(2048, 2500)]


def test_the_packed_integers_are_those_of_an_unsharded_store(store, tmp_path):
    for cells in shards(N_CELLS):
        write_driver_shard(store, cells, made().isel(cell=cells))
    write_interim(made(), tmp_path / "plain.zarr")
    ours, plain = (zarr.open_group(p, mode="r") for p in (store, tmp_path / "plain.zarr"))
    for name in DIMS:
        assert ours[name].dtype == np.int16
        assert (ours[name][:] == plain[name][:]).all()
        assert dict(ours[name].attrs) == dict(plain[name].attrs)
        assert ours[name].chunks[0] == CHUNK
        assert ours[name].shards[0] == SHARD
    assert sorted(p.name for p in (store / "WAI2" / "c").iterdir()) == ["0", "1"]


@pytest.mark.parametrize("name", ["WAI2", "MSC_LST_Night", "P", "P_7"])
def test_halved_memory_changes_no_packed_integer(name):
    """Also of values half-way between two steps, as means of a few rounded values often are."""
    low, high = VARIABLES[name].valid
    steps = np.random.default_rng(3).integers(0, (high - low) / VARIABLES[name].step, 20_000)
    values = np.concatenate([steps, steps + 0.5]) * VARIABLES[name].step + low
    encoding = packing(name, values)
    before, after = (
        np.around((each - encoding["add_offset"]) / encoding["scale_factor"])
        for each in (values, as_stored(name, values).astype(float))
    )
    np.testing.assert_array_equal(before, after)


def test_a_missing_value_stays_missing(store):
    gap = made().isel(cell=shards(N_CELLS)[1]).load()
    gap["WAI2"][4, 1] = np.nan
    write_driver_shard(store, shards(N_CELLS)[1], gap)
    with xr.open_zarr(store, consolidated=False) as found:
        where = np.argwhere(np.isnan(found.WAI2.values[SHARD:]))
    assert where.tolist() == [[4, 1]]


@pytest.mark.parametrize("wrong", [1.5, np.inf])
def test_an_impossible_value_is_refused_naming_its_driver(store, wrong):
    block = made().isel(cell=shards(N_CELLS)[0]).load()
    block["WAI2"][0, 0] = wrong
    with pytest.raises(
        DataError, match=r"drivers.zarr: WAI2: found values .* outside 0 to 1, expected"
    ):
        write_driver_shard(store, shards(N_CELLS)[0], block)
    assert not (store / "WAI2" / "c").exists()
