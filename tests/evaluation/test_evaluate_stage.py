from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from fluxprod.core.errors import DataError
from fluxprod.evaluation.figures.all_figures import FIGURES
from fluxprod.stages import evaluate
from fluxprod.writers.csv_table import write_table
from tests.evaluation.conftest import Evaluated, evaluate_run


def undrawn(figure: Figure, data: pd.DataFrame, path: Path) -> None:
    """Write the data of a figure but no image, which would take longest."""
    assert figure.axes
    write_table(data, path.with_suffix(".csv"))


def test_tables_without_a_truth_are_the_same_bytes(
    evaluated: Evaluated, run, tmp_path, monkeypatch
):
    monkeypatch.setattr(evaluate, "write_figure", undrawn)
    marker = tmp_path / "truth"
    marker.mkdir()
    without = evaluate_run(run, tmp_path / "evaluation", marker)
    assert "truth" not in without.metrics["sink"]
    assert set(without.metrics["bias_removed"]) == {"inversions"}
    assert not [name for name in without.tables if "truth" in name]
    assert "nnse_truth" not in without.metrics
    assert set(without.metrics["global_scores"]) == {"inversions"}
    assert not {"coverage", "coverage_cells"} & set(without.tables)
    assert "coverage" not in without.metrics
    assert "truth" not in without.tables["annual"]
    for name in (
        "table2.csv",
        "table2.html",
        "table3.csv",
        "table3.html",
        "site_scores.csv",
        "nnse.csv",
    ):
        first = (evaluated.folder / "tables" / name).read_bytes()
        assert (without.folder / "tables" / name).read_bytes() == first
    drawn = without.folder / "figures"
    assert {path.stem for path in drawn.glob("*.csv")} == set(FIGURES) - {"bias_maps", "coverage"}
    for path in drawn.glob("*.csv"):
        assert "truth" not in path.read_text(), path.name


def test_numbers_of_metrics_are_rounded_and_finite(evaluated: Evaluated):
    def leaves(tree):
        for value in tree.values():
            yield from leaves(value) if isinstance(value, dict) else [value]

    values = list(leaves(evaluated.metrics))
    assert [value for value in values if isinstance(value, str)] == ["lasso"]
    numbers = [value for value in values if not isinstance(value, str)]
    assert len(numbers) > 150
    assert all(round(number, 4) == number for number in numbers)


def test_a_missing_product_is_reported(run, tmp_path):
    empty = run._replace(folder=tmp_path)
    with pytest.raises(DataError, match="found no file, expected one file; run dvc repro product"):
        evaluate_run(empty, tmp_path / "evaluation", tmp_path)
