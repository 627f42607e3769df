import numpy as np
import pytest
import xarray as xr

from fluxprod.product.storage import (
    STORAGE,
    netcdf_encoding,
    rounded,
    zarr_encoding,
)


def dataset(content: str, n_times: int = 10) -> xr.Dataset:
    rng = np.random.default_rng(3)
    dims = ("time", "realization", "lat", "lon") if "members" in content else ("time", "lat", "lon")
    shape = {"time": n_times, "realization": 2, "lat": 90, "lon": 180}
    values = rng.uniform(-60, 60, [shape[dim] for dim in dims]).astype(np.float32)
    values.flat[7] = np.nan
    time = np.array(["2001-01-01"] * 2 * n_times, "datetime64[ns]").reshape(n_times, 2)
    names = ("nee",) if "members" in content else ("nee", "nee_spread")
    fields = {name: (dims, values, {"comment": "A flux."}) for name in names}
    return xr.Dataset(fields | {"time_bnds": (("time", "bnds"), time)})


@pytest.mark.parametrize("content", list(STORAGE))
def test_errors_stay_within_the_stated_bounds(content, tmp_path):
    made, storage = dataset(content), STORAGE[content]
    stored = rounded(made, storage)
    stored.to_netcdf(tmp_path / "file.nc", encoding=netcdf_encoding(stored, storage))
    with xr.open_dataset(tmp_path / "file.nc") as read:
        for name in filter(lambda name: name.startswith("nee"), read.data_vars):
            stated = float(read[name].comment.split("multiples of ")[1].split()[0])
            error = np.abs(read[name].values - made[name].values)
            assert 0 < np.nanmax(error) < stated
            assert (read[name].fillna(0.0) % stated == 0.0).all()
            assert int(read[name].isnull().sum()) == 1


def test_chunks_serve_maps_and_series_at_half_a_degree():
    for storage in STORAGE.values():
        half = {"time": 6209, "realization": 10, "lat": 360, "lon": 720}
        of_a_map = np.prod([half[dim] // storage.chunk[dim] for dim in ("lat", "lon")])
        of_a_series = half["time"] // storage.chunk["time"]
        assert of_a_map <= 72
        assert of_a_series <= 520
        # byte; the cache of the library holds several chunks
        assert np.prod(list(storage.chunk.values())) * 4 < 2**20


@pytest.mark.parametrize("content", list(STORAGE))
def test_a_shard_holds_whole_chunks_and_a_whole_slab(content):
    storage = STORAGE[content]
    made = dataset(content, n_times=storage.slab + 1)
    encoding = zarr_encoding(made, storage)["nee"]
    assert all(shard % chunk == 0 for shard, chunk in zip(encoding["shards"], encoding["chunks"]))
    assert encoding["shards"][0] == storage.slab
    assert all(shard >= size for shard, size in zip(encoding["shards"][1:], made.nee.shape[1:]))
