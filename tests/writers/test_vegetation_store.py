import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.intact import METADATA
from fluxprod.writers.interim import MISSING, write_interim
from fluxprod.writers.vegetation_store import SHARD, packed, vegetation_store

TIMES = pd.date_range("2001-01-05", periods=5, freq="8D")
N = SHARD + 300  # a whole shard and part of another
PATCHES = {"patch_cell": np.arange(N), "patch_pft": np.ones(N, int), "patch_share": np.ones(N)}
AXES = {"time_mod11c2": (("LST_DAY", "LST_NIGHT"), TIMES)}


def values():
    lst = np.random.default_rng(0).uniform(250, 320, (5, N))
    lst[1, ::7] = np.nan
    return lst


def test_packed_integers_are_those_of_xarray(tmp_path):
    lst = values()
    with vegetation_store(tmp_path / "a.zarr", PATCHES, AXES) as store:
        for name in ("LST_DAY", "LST_NIGHT"):
            store.write(name, packed(name, lst))
    plain = xr.Dataset(
        {
            **{name: ("patch", column) for name, column in PATCHES.items()},
            **{name: (("patch", "time_mod11c2"), lst.T) for name in ("LST_DAY", "LST_NIGHT")},
        },
        coords={"time_mod11c2": TIMES},
    )
    write_interim(plain, tmp_path / "b.zarr")
    a, b = (
        xr.open_zarr(tmp_path / name, consolidated=False, chunks=None, mask_and_scale=False)
        for name in ("a.zarr", "b.zarr")
    )
    for store in (a, b):
        assert store.attrs.pop(METADATA)  # of other shards
    xr.testing.assert_identical(a, b)
    assert a.LST_DAY.encoding["shards"] == (SHARD, 5)
    assert (a.LST_DAY.values[::7, 1] == MISSING).all()


def test_a_value_outside_the_valid_range_is_refused():
    with pytest.raises(ValueError, match="LST_DAY: values 600 to 600 K outside 150 to 360"):
        packed("LST_DAY", np.array([600.0]))


def write_half(path):
    with vegetation_store(path, PATCHES, AXES) as store:
        store.write("LST_DAY", packed("LST_DAY", values()))
        raise RuntimeError


def test_an_interrupted_write_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError):
        write_half(tmp_path / "a.zarr")
    assert list(tmp_path.iterdir()) == []
