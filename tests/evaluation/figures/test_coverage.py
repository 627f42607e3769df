from fluxprod.evaluation.figures.coverage import figure_coverage
from tests.evaluation.conftest import Evaluated


def test_the_figure_shows_the_values_of_the_table(evaluated: Evaluated):
    table = evaluated.tables["coverage"]
    for axes, level in zip(figure_coverage(table).axes, (68, 95)):
        drawn = {line.get_label(): line for line in axes.lines}
        for source in ("EC-ATM", "EC"):
            own = table[table.source == source]
            for label, name in (("stated", "raw"), ("inflated", "inflated")):
                places = drawn[f"{source}, {label} spread"].get_xdata()
                assert list(places) == (100 * own[f"{name}_{level}"]).tolist()


def test_all_and_the_globe_stand_above_the_regions(evaluated: Evaluated):
    axes = figure_coverage(evaluated.tables["coverage"]).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()][:3] == ["ALL", "GLOBAL", "USA"]
    assert axes.yaxis_inverted()


def test_a_model_without_a_factor_has_no_inflated_marks(evaluated: Evaluated):
    table = evaluated.tables["coverage"]
    table = table.assign(inflated_68=table.inflated_68.where(table.source != "EC"))
    labels = [line.get_label() for line in figure_coverage(table).axes[0].lines]
    assert "EC, inflated spread" not in labels
    assert "EC, stated spread" in labels
