import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.panels.density import count_norm, draw_density, in_words, sides

BINS = pd.DataFrame(
    {"observed": [-1.25, 0.25], "modelled": [0.75, 0.25], "count": [7, 2], "model": "EC"}
)


def test_bins_lie_where_they_were_counted():
    x, y = (sides(BINS, [name], 0.5) for name in ("observed", "modelled"))
    assert x.tolist() == [-1.5, -1.0, -0.5, 0.0, 0.5]
    assert y.tolist() == [0.0, 0.5, 1.0]
    axes = Figure().subplots()
    image = draw_density(axes, BINS, x, y, count_norm(BINS))
    expected = [[np.nan, np.nan, np.nan, 2.0], [7.0, np.nan, np.nan, np.nan]]
    np.testing.assert_array_equal(image.get_array().filled(np.nan), expected)
    assert tuple(image.get_extent()) == (-1.5, 0.5, 0.0, 1.0)
    assert image.get_clim() == (1, 7)


def test_both_axes_can_share_their_sides():
    assert sides(BINS, ["observed", "modelled"], 0.5)[[0, -1]].tolist() == [-1.5, 1.0]


def test_scores_in_words():
    assert in_words({"R": 0.12345, "RMSE": 2.0}, ("RMSE", "R")) == "RMSE 2.000, R 0.123"
