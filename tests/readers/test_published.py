import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.readers.published import (
    open_group,
    open_published,
    read_published_json,
    read_published_table,
)


def test_a_truncated_file(published, tmp_path):
    (source,) = published.glob("*_monthly_*.nc")
    (tmp_path / "nee.nc").write_bytes(source.read_bytes()[:-1000])
    with pytest.raises(DataError, match=r"nee\.nc: file: found unreadable .*; download it again"):
        open_published(tmp_path / "nee.nc")


def test_fields_are_lazy_and_all_else_is_read(published):
    (source,) = published.glob("*_monthly_*.nc")
    with open_published(source, lazy=("nee",)) as dataset:
        in_memory = {
            name for name, variable in dataset.variables.items() if variable._in_memory
        }  # of xarray, not public
        assert set(dataset.variables) - in_memory == {"nee"}


@pytest.mark.parametrize("dtype", ["|O", "<f8"])
def test_no_pickle_of_a_store_is_run(tmp_path, dtype):
    """A store in the format of zarr 2, whose values are a pickle that leaves a mark."""
    mark = tmp_path / "mark"
    group = {"zarr_format": 2}
    array = {
        "zarr_format": 2, "shape": [1], "chunks": [1], "dtype": dtype, "compressor": None,
        "fill_value": None, "order": "C", "filters": [{"id": "pickle", "protocol": 5}],
    }  # fmt: skip
    found = {".zgroup": group, "nee/.zarray": array, "nee/.zattrs": {"_ARRAY_DIMENSIONS": ["time"]}}
    content = {"zarr_consolidated_format": 1, "metadata": found}
    (tmp_path / "x.zarr" / "daily" / "nee").mkdir(parents=True)
    for name, text in {**found, ".zmetadata": content}.items():
        (tmp_path / "x.zarr" / "daily" / name).write_text(json.dumps(text))
    pickled = pickle.dumps(Mark(mark))
    (tmp_path / "x.zarr" / "daily" / "nee" / "0").write_bytes(pickled)
    with pytest.raises(DataError, match="expected a consolidated zarr store"):
        open_group(tmp_path / "x.zarr", "daily")
    assert not mark.exists()
    pickle.loads(pickled)
    assert mark.exists()


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
    with pytest.raises(DataError, match="found list, expected a JSON object"):
        read_published_json(tmp_path / "x")
