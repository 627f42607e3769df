import numpy as np
import pandas as pd
import pytest

from fluxprod.evaluation.report.map import coarse


def test_coarse_cells_are_means_by_area():
    """Two cells with a value lie in the northern coarse cell, one in the southern."""
    cells = pd.DataFrame(
        {
            "lat": [60.5, 60.5, 61.5, 3.5],
            "lon": [0.5, 1.5, 0.5, -0.5],
            "EC": [1.0, np.nan, 4.0, 7.0],
        }
    )
    found = coarse(cells)
    assert list(found.columns) == ["lat", "lon", "EC"]
    assert found[["lat", "lon"]].values.tolist() == [[3.0, -1.0], [61.0, 1.0]]
    # cos 60.5 deg = 0.492424, cos 61.5 deg = 0.477159
    assert found.EC.tolist() == pytest.approx([7.0, (0.492424 + 4 * 0.477159) / 0.969583], rel=1e-5)
