import numpy as np
from matplotlib.image import imread

from fluxprod.evaluation.figure_annual import figure_annual
from fluxprod.evaluation.figure_maps import _field
from fluxprod.evaluation.figure_regions import figure_nnse, figure_regional_sinks
from fluxprod.evaluation.figure_seasonal import figure_seasonal
from fluxprod.evaluation.figure_selection_regions import figure_selection_regions
from fluxprod.evaluation.figure_sites import figure_sites
from fluxprod.evaluation.figure_stability import figure_stability
from fluxprod.evaluation.palette import COLOURS
from fluxprod.evaluation.sources import ALL
from fluxprod.writers.figure_file import write_figure
from tests.evaluation.conftest import Evaluated


def test_every_figure_lies_beside_its_data(evaluated: Evaluated):
    names = {path.stem for path in (evaluated.folder / "figures").glob("*.png")}
    assert names == {path.stem for path in (evaluated.folder / "figures").glob("*.csv")}


def test_no_label_is_clipped(evaluated: Evaluated):
    for path in (evaluated.folder / "figures").glob("*.png"):
        picture = imread(path)[..., :3]
        for side in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
            assert (side == 1.0).all(), f"{path.name}: ink at the edge"


def test_without_a_truth_none_is_drawn(evaluated: Evaluated):
    bare = {
        name: table.drop(columns=[c for c in table if c.startswith("truth")])
        for name, table in evaluated.tables.items()
    }
    axes = figure_annual(bare["annual"]).axes[0]
    assert [line.get_label() for line in axes.lines][-1] != "truth"
    assert len(figure_seasonal(bare["msc"], ["GLOBAL"], 1).axes) == 1


def test_twice_the_same_picture(evaluated: Evaluated, tmp_path):
    figure = figure_regional_sinks(evaluated.tables["regional_sinks"])
    write_figure(figure, evaluated.tables["regional_sinks"], tmp_path / "again.png")
    first = (evaluated.folder / "figures" / "regional_sinks.png").read_bytes()
    assert (tmp_path / "again.png").read_bytes() == first


def test_axes_with_numbers_have_units(evaluated: Evaluated):
    tables = evaluated.tables
    figures = (
        figure_annual(tables["annual"]),
        figure_nnse(tables["nnse"]),
        figure_sites(tables["site_density"], tables["site_scores"]),
        figure_selection_regions(tables["selection_types_regions"]),
        figure_stability(tables["bridge"]),
    )
    for figure in figures:
        labels = [axes.get_xlabel() + axes.get_ylabel() for axes in figure.axes if axes.axison]
        assert all("[" in label or "year" in label or "a bin" in label for label in labels)


def test_one_colour_a_source():
    assert len({COLOURS[source] for source in ALL}) == len(ALL)


def test_cells_lie_where_they_are(evaluated: Evaluated):
    table = evaluated.tables["maps"]
    lon, lat, field = _field(table, "truth_mean")
    assert np.isfinite(field).sum() == len(table)
    first = table.iloc[0]
    column = np.searchsorted(lon, first.lon) - 1
    row = np.searchsorted(lat, first.lat) - 1
    assert field[row, column] == first.truth_mean
