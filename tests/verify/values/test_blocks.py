import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from fluxprod.core.errors import DataError
from fluxprod.verify.values.blocks import blocks, values_of


def field(sizes, chunks):
    made = xr.DataArray(
        np.arange(np.prod(list(sizes.values()))).reshape(*sizes.values()), dims=list(sizes)
    )
    made.encoding["preferred_chunks"] = chunks
    return made


@given(
    time=st.integers(1, 30),
    lat=st.integers(1, 12),
    chunk=st.tuples(st.integers(1, 30), st.integers(1, 12)),
    budget=st.integers(1, 4000),
)
def test_every_value_is_read_once(time, lat, chunk, budget):
    whole = field({"time": time, "lat": lat, "lon": 3}, {"time": chunk[0], "lat": chunk[1]})
    values = [values_of(whole, block).ravel() for block in blocks(whole, budget)]
    assert sorted(np.concatenate(values)) == list(range(whole.size))


def test_a_block_holds_whole_chunks_within_the_budget():
    sizes, chunks = {"time": 366, "lat": 360, "lon": 720}, {"time": 61, "lat": 60, "lon": 60}
    daily = xr.DataArray(np.broadcast_to(np.float32(0), tuple(sizes.values())), dims=list(sizes))
    daily.encoding["preferred_chunks"] = chunks
    found = list(blocks(daily, 64 << 20))
    assert {block["time"].stop - block["time"].start for block in found} == {61}
    # 61 days of 360 x 720 cells of 4 bytes are 63.2 MB, which is 60.3 MiB
    assert found[0] == {"time": slice(0, 61), "lat": slice(0, 360)}
    half = list(blocks(daily, 32 << 20))
    assert half[1] == {"time": slice(0, 61), "lat": slice(180, 360)}


def test_a_chunk_that_cannot_be_read():
    class Broken(xr.backends.BackendArray):
        shape, dtype = (1, 1, 1), np.dtype(float)

        def __getitem__(self, key):
            raise RuntimeError("NetCDF: HDF error")

    lazy = xr.core.indexing.LazilyIndexedArray(Broken())
    broken = xr.DataArray(xr.Variable(("time", "lat", "lon"), lazy), name="nee")
    with pytest.raises(DataError, match="nee: values: found a chunk that cannot be read, expected"):
        values_of(broken, {"time": slice(0, 1), "lat": slice(0, 1)})
