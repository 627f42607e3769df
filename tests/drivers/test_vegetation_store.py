import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.drivers.vegetation_store import QUANTITIES, composites_at, composites_of, patch_rows

PATCH_CELL = np.array([3, 3, 4, 8, 8, 8, 9])


@pytest.mark.parametrize(
    ("cell", "rows"),
    [([3], (0, 2)), ([4, 8], (2, 6)), ([3, 4, 8, 9], (0, 7)), ([5, 6], (3, 3)), ([9, 10], (6, 7))],
)
def test_patches_of_consecutive_cells_lie_together(cell, rows):
    assert patch_rows(PATCH_CELL, np.array(cell)) == slice(*rows)


def test_patches_out_of_order_are_refused():
    with pytest.raises(ValueError, match="not ordered by cell"):
        patch_rows(PATCH_CELL[::-1], np.array([3]))


def store():
    """Two patches, with composites of 1 July in four years."""
    time = pd.DatetimeIndex([f"{year}-07-01" for year in range(2001, 2005)])
    values = np.arange(8.0, dtype=np.float32).reshape(2, 4)
    return xr.Dataset({name: (("patch", "time"), values) for name in QUANTITIES}, {"time": time})


def test_composites_of_some_years_and_patches():
    found = composites_at(composites_of(store(), 2002, 2003), np.array([1]))
    assert set(found) == set(QUANTITIES)
    for composites in found.values():
        assert composites.values.tolist() == [[5.0, 6.0]]
        assert composites.time.year.tolist() == [2002, 2003]


def test_years_without_composites_are_named():
    with pytest.raises(
        DataError, match=r"params.yaml: drivers.msc_first_year: found no NDVI in 1990 to 1995"
    ):
        composites_of(store(), 1990, 1995)
