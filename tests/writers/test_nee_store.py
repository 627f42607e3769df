import numpy as np
import pandas as pd
import pytest
import xarray as xr
import zarr

from fluxprod.core.errors import DataError
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.writers.nee_store import (
    CELLS,
    block_files,
    cell_blocks,
    create_nee_store,
    layout_files,
    write_nee_block,
)

TIME = pd.date_range("2001-01-01", "2002-12-31", unit="s")  # 730 days, not a multiple of the chunk
MONTHS = pd.date_range("2001-01-01", "2002-12-31", freq="MS", unit="s")
N_CELLS = CELLS + 44


def _store(path):
    cells = xr.Dataset({"land_area": ("cell", np.ones(N_CELLS))}, {"cell": np.arange(N_CELLS)})
    create_nee_store(path, cells, TIME, MONTHS, [0, 1])
    return path


def _fluxes(n_cells, seed=0):
    rng = np.random.default_rng(seed)
    nee = rng.normal(size=(2, n_cells, len(TIME))).astype(np.float32)
    month = rng.normal(size=(2, n_cells, len(MONTHS))).astype(np.float32)
    return nee[0], np.abs(nee[1]), month


def _fill(path, order=(0, CELLS), seed=0):
    mean, spread, month = _fluxes(N_CELLS, seed)
    for start in order:
        cells = slice(start, start + CELLS)
        write_nee_block(path, start, mean[cells], spread[cells], month[:, cells])
    return mean, spread, month


def _content(path):
    return {str(f.relative_to(path)): f.read_bytes() for f in path.rglob("*") if f.is_file()}


def test_fluxes_are_read_back_as_multiples_of_powers_of_two(tmp_path):
    path = _store(tmp_path / "nee.zarr")
    mean, spread, month = _fill(path)
    with xr.open_zarr(path, consolidated=False, chunks=None) as stored:
        assert stored.NEE_mean.dims == ("cell", "time")
        assert stored.NEE_month.dims == ("member", "cell", "month")
        assert stored.month.dt.month.values.tolist() == 2 * list(range(1, 13))
        pairs = [(stored.NEE_mean, mean, 8192), (stored.NEE_spread, spread, 8192)]
        for found, given, steps in [*pairs, (stored.NEE_month, month, 65536)]:
            assert found.dtype == np.float32
            assert found.attrs["units"] == "g m-2 d-1"
            whole = found.values.astype(float) * steps
            np.testing.assert_array_equal(whole, np.round(given.astype(float) * steps))


def test_the_first_and_the_last_flux_are_in_place(tmp_path):
    """Values at the corners of shards and chunks, worked out by hand."""
    path = _store(tmp_path / "nee.zarr")
    mean, spread, month = (np.zeros_like(values) for values in _fluxes(44))
    mean[43, 729], mean[0, 365], mean[0, 366] = 1.5, -2.0, np.nan
    write_nee_block(path, CELLS, mean, spread, month)
    with open_interim(path) as stored:
        days = stored.NEE_mean.sel(cell=299, time="2002-12-31"), stored.NEE_mean[CELLS, 365:368]
        assert days[0].item() == 1.5
        np.testing.assert_array_equal(days[1], [-2.0, np.nan, 0.0])
        with pytest.raises(DataError, match="NEE_mean: found no values at cell 0 to 255, time 0"):
            stored.NEE_mean[:CELLS].load()  # not yet written: refused rather than zero or missing


@pytest.mark.parametrize("order", [(CELLS, 0), (0, CELLS, 0)])
def test_order_and_repetition_do_not_change_a_byte(tmp_path, order):
    one, other = _store(tmp_path / "one.zarr"), _store(tmp_path / "other.zarr")
    _fill(one)
    _fill(other, order)
    assert _content(one) == _content(other)


def test_a_block_without_fluxes_is_written_as_missing(tmp_path):
    path = _store(tmp_path / "nee.zarr")
    _fill(path)
    write_nee_block(path, 0, *(np.full_like(each, np.nan) for each in _fluxes(CELLS)))
    found = read_interim(path)
    assert np.isnan(found.NEE_mean[:CELLS]).all()
    assert np.isfinite(found.NEE_mean[CELLS:]).all()


def test_writing_a_block_again_repairs_a_damaged_one(tmp_path):
    path = _store(tmp_path / "nee.zarr")
    _fill(path)
    before = _content(path)
    for start in cell_blocks(N_CELLS):
        for file in block_files(path, start):
            file.write_bytes(file.read_bytes()[:1000])
    assert _content(path) != before
    _fill(path)
    assert _content(path) == before


def test_block_files_and_layout_files_are_all_files(tmp_path):
    path = _store(tmp_path / "nee.zarr")
    empty = set(layout_files(path))
    assert {str(path / name) for name in _content(path)} == {str(file) for file in empty}
    _fill(path)
    of_blocks = [file for start in cell_blocks(N_CELLS) for file in block_files(path, start)]
    assert len(of_blocks) == 6
    assert {str(path / name) for name in _content(path)} == {str(f) for f in [*empty, *of_blocks]}
    assert set(layout_files(path)) == empty


def test_a_year_can_be_read_without_the_others(tmp_path):
    path = _store(tmp_path / "nee.zarr")
    _fill(path)
    (_, days) = zarr.open_group(path, mode="r")["NEE_mean"].chunks
    assert days == 366
    assert zarr.open_group(path, mode="r")["NEE_mean"].shards == (CELLS, 732)


def test_anything_but_one_whole_shard_is_refused(tmp_path):
    path = _store(tmp_path / "nee.zarr")
    _fill(path)
    before = _content(path)
    with pytest.raises(AssertionError, match="where a shard starts"):
        write_nee_block(path, 10, *_fluxes(CELLS))
    for n_cells in (5, CELLS + 1):
        with pytest.raises(AssertionError, match="not a whole shard"):
            write_nee_block(path, 0, *_fluxes(n_cells))
    with pytest.raises(AssertionError, match="not a whole shard"):
        write_nee_block(path, CELLS, *_fluxes(CELLS))
    assert _content(path) == before


@pytest.mark.parametrize("which", [0, 1, 2])
def test_an_impossible_flux_is_refused(tmp_path, which):
    fluxes = _fluxes(CELLS)
    fluxes[which][..., 3, 3] = 75.0
    name = ("NEE_mean", "NEE_spread", "NEE_month")[which]
    with pytest.raises(DataError, match=f"{name}: found values .* outside -60 to 60"):
        write_nee_block(_store(tmp_path / "nee.zarr"), 0, *fluxes)
