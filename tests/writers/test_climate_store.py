import numpy as np
import pandas as pd
import pytest
import xarray as xr
import zarr

from fluxprod.writers.climate_store import create_climate_store, day_blocks, write_climate_block

TIME = pd.date_range("2001-01-01", "2002-12-31", unit="s")
CELL = np.arange(300) * 7


@pytest.fixture
def store(tmp_path):
    create_climate_store(tmp_path / "climate.zarr", ("TA", "P"), CELL, TIME)
    return tmp_path / "climate.zarr"


def test_blocks_are_read_back_within_rounding(store):
    values = np.random.default_rng(0).uniform(-30, 40, (300, 730)).astype(np.float32)
    blocks = day_blocks(730)
    assert blocks == [slice(0, 366), slice(366, 730)]
    for days in reversed(blocks):
        write_climate_block(store, "TA", days.start, values[:, days])
    with xr.open_zarr(store, consolidated=False, chunks=None) as stored:
        assert stored.TA.dims == ("cell", "time")
        assert stored.TA.attrs["units"] == "degC"
        np.testing.assert_allclose(stored.TA, values, atol=0.00501)
        np.testing.assert_array_equal(stored.cell, CELL)
        np.testing.assert_array_equal(stored.time, TIME)
        part = stored.TA.isel(cell=slice(256, 300))
        np.testing.assert_allclose(part, values[256:], atol=0.00501)


def test_a_shard_holds_all_cells_and_366_days_in_chunks_of_256_cells(store):
    array = zarr.open_group(store, mode="r")["P"]
    assert array.shards == (512, 366)
    assert array.chunks == (256, 366)
    assert array.dtype == np.int32  # 16 bits end at 1310 mm in steps of 0.02 mm
    assert zarr.open_group(store, mode="r")["TA"].dtype == np.int16
    write_climate_block(store, "P", 366, np.ones((300, 364), np.float32))
    written = [path.relative_to(store / "P").as_posix() for path in (store / "P").rglob("c/*/*")]
    assert written == ["c/0/1"]


@pytest.mark.parametrize(
    ("start", "shape"), [(10, (300, 366)), (0, (300, 365)), (0, (299, 366)), (366, (300, 366))]
)
def test_a_part_of_a_shard_is_refused(store, start, shape):
    with pytest.raises(AssertionError, match="shard"):
        write_climate_block(store, "TA", start, np.zeros(shape, np.float32))


def test_rain_up_to_the_record_is_stored_within_rounding(store):
    """The record of 24 h is 1825 mm; a dry day is exactly dry."""
    rain = np.tile(np.float32([0.0, 0.01, 655.02, 1825.0, 2000.0]), (300, 73))
    write_climate_block(store, "P", 0, np.hstack([rain, rain[:, :1]]))
    with xr.open_zarr(store, consolidated=False, chunks=None) as stored:
        np.testing.assert_allclose(stored.P[:, :365], rain, atol=0.0101)
        assert (stored.P[:, 0] == 0.0).all()


def test_a_value_that_would_overflow_is_refused(store):
    with pytest.raises(ValueError, match="TA: values 0 to 1000 degC outside"):
        write_climate_block(store, "TA", 0, np.array([[0.0] * 365 + [1e3]] * 300, np.float32))
