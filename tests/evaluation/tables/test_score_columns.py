import pandas as pd

from fluxprod.evaluation.tables.score_columns import best

MODELS = ["EC-ATM", "EC", "FLUXCOM"]


def table3(*rows) -> pd.DataFrame:
    """Table 3 with rows of a region, three R and three RMSE."""
    names = [f"annual_{score}_{model}" for score in ("R", "RMSE") for model in MODELS]
    return pd.DataFrame(rows, columns=["region", *names])


# the first row of Table 3 of Upton et al., and its row KAJ with RMSE that are equal as printed
PAPER = table3(
    ["GLOBAL", 0.280, 0.054, 0.080, 0.7502, 16.8872, 17.3236],
    ["KAJ", 0.185, -0.1734, 0.2156, 0.01472, 0.0798, 0.01468],
)


def test_the_best_is_the_largest_r_and_the_smallest_error_and_ties_share():
    marked = best(PAPER)
    assert marked.loc["GLOBAL"].tolist() == [True, False, False, True, False, False]
    assert marked.loc["KAJ"].tolist() == [False, False, True, True, False, True]


def test_inversions_are_never_marked_as_best():
    table = PAPER.assign(annual_R_inversions=1.0)
    assert not best(table).annual_R_inversions.any()
    assert best(table).annual_R_FLUXCOM.tolist() == [False, True]


def test_a_missing_number_is_not_the_best():
    table = table3(["USA", float("nan"), 0.5, 0.25, float("nan"), 0.5, 0.25])
    assert best(table).loc["USA"].tolist() == [False, True, False, False, False, True]
