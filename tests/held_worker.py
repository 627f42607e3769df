"""Preload module that makes a Dask worker hang in the middle of its first composite or shard."""

import os
import time
from pathlib import Path

from zarr.storage import _local

from fluxprod.stages import vegetation


def hold(*_):
    Path(os.environ["HELD"]).touch()
    time.sleep(600)


def dask_setup(worker):
    put = _local._put

    def put_half(path, value, exclusive=False):
        if "c" not in path.parts:  # not a shard
            return put(path, value, exclusive)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = bytes(value.as_buffer_like())[:100]
        path.with_suffix(".0f.partial").write_bytes(half)  # like zarr, which would then rename it
        return hold()

    _local._put = put_half
    vegetation.read_composite = hold
