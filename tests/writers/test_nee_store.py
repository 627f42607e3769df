import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.writers.nee_store import CELLS, create_nee_store, write_nee_block

TIME = pd.date_range("2001-01-01", "2001-12-31", unit="s")
MONTHS = pd.date_range("2001-01-01", "2001-12-31", freq="MS", unit="s")
N_CELLS = CELLS + 44


def _store(path):
    cells = xr.Dataset({"land_area": ("cell", np.ones(N_CELLS))}, {"cell": np.arange(N_CELLS)})
    create_nee_store(path, cells, TIME, MONTHS, [0, 1])
    return path


def _fluxes(n_cells, seed=0):
    rng = np.random.default_rng(seed)
    nee = rng.normal(size=(2, n_cells, len(TIME))).astype(np.float32)
    month = rng.normal(size=(2, n_cells, 12)).astype(np.float32)
    return nee[0], np.abs(nee[1]), month


def test_blocks_come_back_to_their_rounding_with_gaps(tmp_path):
    path = _store(tmp_path / "nee.zarr")
    mean, spread, month = _fluxes(N_CELLS)
    mean[CELLS + 3, 7] = np.nan
    for cells in (slice(CELLS, N_CELLS), slice(0, CELLS)):  # in any order
        write_nee_block(path, cells.start, mean[cells], spread[cells], month[:, cells])
    with xr.open_zarr(path, consolidated=False, chunks=None) as stored:
        np.testing.assert_allclose(stored.NEE_mean, mean, atol=0.001001)
        np.testing.assert_allclose(stored.NEE_spread, spread, atol=0.001001)
        np.testing.assert_allclose(stored.NEE_month, month, atol=0.000051)
        assert stored.NEE_mean.dims == ("cell", "time")
        assert stored.NEE_mean.encoding["dtype"] == np.int16
        assert stored.month.dt.month.values.tolist() == list(range(1, 13))


def test_a_block_that_shares_a_chunk_is_refused(tmp_path):
    path = _store(tmp_path / "nee.zarr")
    with pytest.raises(AssertionError, match="chunk"):
        write_nee_block(path, 10, *_fluxes(5))
    with pytest.raises(AssertionError, match="next chunk"):
        write_nee_block(path, 0, *_fluxes(CELLS + 1))


def test_a_flux_that_cannot_be_is_refused(tmp_path):
    mean, spread, month = _fluxes(CELLS)
    mean[3, 3] = 75.0
    with pytest.raises(DataError, match="NEE_mean"):
        write_nee_block(_store(tmp_path / "nee.zarr"), 0, mean, spread, month)
