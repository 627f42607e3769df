import pandas as pd
import pytest

from fluxprod.evaluation.figures.site_types import figure_site_types
from fluxprod.evaluation.figures.sites import figure_sites
from tests.evaluation.conftest import Evaluated


def table(evaluated: Evaluated, name: str) -> pd.DataFrame:
    return pd.read_csv(evaluated.folder / "figures" / f"{name}.csv")


def test_rmse_by_land_cover_and_the_number_of_sites(evaluated: Evaluated):
    bars = figure_sites(table(evaluated, "sites")).axes[-1]
    heights = {
        group.get_label(): [patch.get_height() for patch in group] for group in bars.containers
    }
    assert heights == {"EC-ATM": 4 * [1.5], "EC": 4 * [1.0]}
    names = [text.get_text() for text in bars.get_xticklabels()]
    assert names == ["all\n6", "ENF\n2", "EBF\n2", "GRA\n2"]


def test_every_land_cover_has_a_panel_a_model(evaluated: Evaluated):
    figure = figure_site_types(table(evaluated, "sites_types"))
    *panels, _ = figure.axes
    titles = [axes.get_title(loc="left").split("\n") for axes in panels]
    assert [title for title, _ in titles] == [
        f"{name}, {model}" for name in ("ENF", "EBF", "GRA") for model in ("EC-ATM", "EC")
    ]
    assert titles[1][1].startswith("RMSE 1.000")
    for axes in panels[2:]:  # the third pair leaves a gap: the second carries its own axis
        assert axes.get_xlabel().startswith("observed NEE")
    days = sum(float(axes.images[0].get_array().sum()) for axes in panels)
    assert days == pytest.approx(600)  # of 300, for either model
