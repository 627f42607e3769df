import json
import pickle
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.files.published import (
    open_group,
    open_published,
    read_published_json,
    read_published_table,
)


def test_a_truncated_file(published, tmp_path):
    (source,) = published.glob("*_monthly_*.nc")
    (tmp_path / "nee.nc").write_bytes(source.read_bytes()[:-1000])
    text = r"nee\.nc: file: found one that cannot be read, expected .*; download it again"
    with pytest.raises(DataError, match=text):
        open_published(tmp_path / "nee.nc")


def test_fields_are_lazy_and_all_else_is_read(published):
    (source,) = published.glob("*_monthly_*.nc")
    with open_published(source, lazy=("nee",)) as dataset:
        in_memory = {
            name for name, variable in dataset.variables.items() if variable._in_memory
        }  # of xarray, not public
        assert set(dataset.variables) - in_memory == {"nee"}


def test_no_pickle_of_a_store_is_run(tmp_path):
    """A whole store in the format of zarr 2, whose texts are a pickle that leaves a mark."""
    mark, group = tmp_path / "mark", {"zarr_format": 2}
    array = {
        "zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "compressor": None,
        "fill_value": None, "order": "C",
        "filters": [{"id": "vlen-utf8"}, {"id": "pickle", "protocol": 5}],
    }  # fmt: skip
    found = {".zgroup": group, "nee/.zarray": array, "nee/.zattrs": {"_ARRAY_DIMENSIONS": ["time"]}}
    store = tmp_path / "x.zarr"
    (store / "daily" / "nee").mkdir(parents=True)
    within = {f"daily/{name}": text for name, text in found.items()} | {".zgroup": group}
    for name, text in within.items():
        (store / name).write_text(json.dumps(text))
    for folder, metadata in ((store / "daily", found), (store, within)):
        consolidated = {"zarr_consolidated_format": 1, "metadata": metadata}
        (folder / ".zmetadata").write_text(json.dumps(consolidated))
    pickled = pickle.dumps(Mark(mark))
    (store / "daily" / "nee" / "0").write_bytes(pickled)

    plain = xr.open_dataset(store, engine="zarr", group="daily", zarr_format=2, chunks=None)
    with pytest.raises(RuntimeError, match="[Pp]ickle"):  # of numcodecs, the second guard
        plain.nee.load()
    with pytest.raises(DataError, match="expected a consolidated zarr store"):
        open_group(store, "daily")
    assert not mark.exists()
    pickle.loads(pickled)
    assert mark.exists()


def test_values_that_no_packing_makes_of_so_few_bytes(tmp_path):
    with netCDF4.Dataset(tmp_path / "nee.nc", "w") as file:
        file.createDimension("time", 10**10)
        file.createVariable("nee", "f4", "time", chunksizes=(10**6,), zlib=True)
    with pytest.raises(DataError, match=r"nee.nc: file: found \d+ bytes of at least 20000000"):
        open_published(tmp_path / "nee.nc")


class Mark:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_group_needs_consolidated_metadata(published, tmp_path):
    (source,) = published.glob("*.zarr")
    assert np.isfinite(open_group(source, "regional-annual").nee).all()
    with pytest.raises(DataError, match="expected a consolidated zarr store with group hourly"):
        open_group(source, "hourly")
    plain = xr.Dataset({"nee": ("time", [1.0])})
    plain.to_zarr(tmp_path / "x.zarr", group="daily", zarr_format=3, consolidated=False)
    with pytest.raises(DataError, match="expected a consolidated zarr store with group daily"):
        open_group(tmp_path / "x.zarr", "daily")


def test_what_is_no_table_and_no_json(tmp_path):
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="expected a CSV table"):
        read_published_table(tmp_path / "x")
    with pytest.raises(DataError, match="expected JSON"):
        read_published_json(tmp_path / "x")
    (tmp_path / "x").write_text("[1]")
    with pytest.raises(DataError, match="found a JSON list, expected a JSON object"):
        read_published_json(tmp_path / "x")
