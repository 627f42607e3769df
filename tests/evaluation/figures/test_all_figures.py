import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import imread

from fluxprod.evaluation import captions
from fluxprod.evaluation.figures.all_figures import FIGURES
from fluxprod.evaluation.figures.panels.palette import COLOURS
from fluxprod.evaluation.run.sources import ALL
from fluxprod.writers.figure_file import write_figure
from tests.conftest import ROOT
from tests.evaluation.conftest import Evaluated

# Upton et al. (2023); Figs. 1 and B1 are drawings of the method
OF_THE_PAPER = {
    "2": "annual", "3": "seasonal_cycle", "4": "nnse", "5": "maps", "6": "monthly_maps",
    "7": "correlation", "8": "sites", "9": "selected_sites",
    "B2": "selection", "B3": "selection_types", "B4": "selection_regions",
    "C1": "seasonal_cycle_regions", "C2": "sites_types",
}  # fmt: skip


def data(evaluated: Evaluated, name: str) -> pd.DataFrame:
    return pd.read_csv(evaluated.folder / "figures" / f"{name}.csv")


def test_every_figure_is_stored_with_its_data(evaluated: Evaluated):
    for kind in ("png", "csv"):
        names = {path.stem for path in (evaluated.folder / "figures").glob(f"*.{kind}")}
        assert names == set(FIGURES)


def test_figures_of_the_paper_are_drawn_and_explained():
    assert set(OF_THE_PAPER.values()) <= set(FIGURES)
    assert set(FIGURES) <= set(captions.FIGURES)
    page = (ROOT / "docs" / "pipeline.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in OF_THE_PAPER.values())


@pytest.mark.parametrize("name", FIGURES)
def test_the_table_alone_gives_the_picture(evaluated: Evaluated, tmp_path, name):
    table = data(evaluated, name)
    write_figure(FIGURES[name](table), table, tmp_path / "again.png")
    first = (evaluated.folder / "figures" / f"{name}.png").read_bytes()
    assert (tmp_path / "again.png").read_bytes() == first


@pytest.mark.parametrize("name", FIGURES)
def test_no_label_is_clipped(evaluated: Evaluated, name):
    picture = imread(evaluated.folder / "figures" / f"{name}.png")[..., :3]
    for side in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
        assert (side == 1.0).all(), "ink at the edge"


@pytest.mark.parametrize("name", FIGURES)
def test_no_panel_is_empty_and_numbers_have_units(evaluated: Evaluated, name):
    figure = FIGURES[name](data(evaluated, name))
    shown = [axes for axes in figure.findobj(Axes) if axes.axison]
    for axes in shown:
        assert holds_data(axes), axes.get_title(loc="left")
    labels = [axes.get_xlabel() + axes.get_ylabel() for axes in shown]
    words = " ".join([*labels, figure.get_supylabel()])
    assert "[" in words


def holds_data(axes: Axes) -> bool:
    """Whether axes show more than coasts and reference lines, which have two points."""
    fields = [*axes.images, *(each for each in axes.collections if isinstance(each, QuadMesh))]
    if fields:
        return any(np.isfinite(np.ma.filled(each.get_array(), np.nan)).any() for each in fields)
    marked = [line for line in axes.lines if line.get_marker() not in ("None", "", None)]
    long = [line for line in axes.lines if len(line.get_xdata()) > 2]
    return bool(axes.patches or axes.collections or marked or long)


def test_an_empty_panel_is_recognised():
    axes = Figure().subplots()
    axes.axhline(0.0)
    axes.plot([0, 1], [0, 1], "--")
    assert not holds_data(axes)
    axes.imshow(np.full((2, 2), np.nan))
    assert not holds_data(axes)
    axes.imshow(np.eye(2))
    assert holds_data(axes)


def test_without_a_truth_none_is_drawn(evaluated: Evaluated):
    for name in ("annual", "seasonal_cycle", "maps", "correlation", "regional_sinks"):
        table = data(evaluated, name)
        figure = FIGURES[name](table[[column for column in table if "truth" not in column]])
        labels = [line.get_label() for axes in figure.axes for line in axes.lines]
        titles = [axes.get_title(loc="left") for axes in figure.axes]
        assert "truth" not in " ".join([*labels, *titles])


def test_one_colour_a_source():
    assert len({COLOURS[source] for source in ALL}) == len(ALL)
