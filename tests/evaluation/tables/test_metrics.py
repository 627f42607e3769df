import pytest

from tests.evaluation.conftest import Evaluated


@pytest.mark.parametrize(("reference", "suffix"), [("inversions", ""), ("truth", "_truth")])
def test_scores_of_the_globe_are_the_tables_first_rows(evaluated: Evaluated, reference, suffix):
    found = evaluated.metrics["global_scores"][reference]
    assert list(found) == [
        "monthly_r",
        "monthly_rmse",
        "msc_r",
        "msc_rmse",
        "annual_r",
        "annual_rmse",
    ]
    models = {"ec_atm": "EC-ATM", "ec": "EC", "fluxcom": "FLUXCOM"}
    if reference == "truth":
        models["inversions"] = "inversions"
    for name, column in (("table2", "MSC_RMSE"), ("table3", "annual_RMSE")):
        row = evaluated.tables[name + suffix].iloc[0]
        assert found[column.lower()] == {
            key: pytest.approx(row[f"{column}_{model}"], abs=5.1e-5)
            for key, model in models.items()
        }


def test_efficiency_against_both(evaluated: Evaluated):
    found = evaluated.metrics["nnse_truth"]
    assert set(found) == {"ec_atm", "ec", "inversions", "regions_better", "regions"}
    assert found["regions_better"] >= 7  # the tropical ones
    assert found["inversions"]["EU"] == evaluated.tables["nnse_truth"].inversions[7]


def test_pattern_of_the_map(evaluated: Evaluated):
    found = evaluated.metrics["map_r"]
    assert found["truth"]["fluxcom"] == pytest.approx(1.0)  # 0.9 of the truth less a constant
    assert set(found["inversions"]) == {"ec_atm", "ec", "fluxcom"}
