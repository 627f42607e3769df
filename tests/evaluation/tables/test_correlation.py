import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.evaluation.tables.correlation import correlation_table, references
from tests.evaluation.conftest import Evaluated

LAND = xr.Dataset({"cell_lat": ("cell", [1.0, 3.0]), "cell_lon": ("cell", [5.0, 7.0])})


def cells(*rows) -> xr.DataArray:
    return xr.DataArray(np.array(rows, float), dims=("cell", "time"))


def test_by_hand():
    table = correlation_table(
        LAND,
        {
            "EC-ATM": cells([1, 2, 3], [1, 2, 3]),
            "EC": cells([2, 4, 6], [3, 2, 1]),
            "inversions": cells([1, 3, 2], [5, 5, 5]).transpose("time", "cell"),
        },
    )
    assert list(table) == ["lat", "lon", "EC-ATM_inversions", "EC_inversions", "EC-ATM_EC"]
    assert table["EC-ATM_EC"].tolist() == [1.0, -1.0]  # the same but for scale; and reversed
    # deviations (-1, 0, 1) and (-1, 1, 0): 1 / sqrt(2 * 2)
    assert table.EC_inversions[0] == 0.5
    assert np.isnan(table.EC_inversions[1])  # a constant has no correlation
    assert references(table) == ["inversions"]


def test_a_shift_leaves_the_correlation_at_one(evaluated: Evaluated):
    table = pd.read_csv(evaluated.folder / "figures" / "correlation.csv")
    assert references(table) == ["inversions", "FLUXCOM", "truth"]
    for name in set(table) - {"lat", "lon"}:
        assert table[name].min() == pytest.approx(1.0, abs=0.011), name
