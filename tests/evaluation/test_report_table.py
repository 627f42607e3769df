import pandas as pd

from fluxprod.evaluation.report_table import Group, report_table


def scores():
    """Two regions and two models: the largest R and the smallest RMSE are best."""
    return pd.DataFrame(
        {
            "region": ["USA", "BRA"],
            "annual_R_EC-ATM": [0.9, -0.2],
            "annual_R_EC": [0.8, 0.1],
            "annual_RMSE_EC-ATM": [0.12344, 2.0],
            "annual_RMSE_EC": [0.12341, float("nan")],
        }
    )


def test_scores_of_models_stand_under_their_measure():
    table = report_table("table3", scores(), "Annual", "")
    expected = [
        Group("", 1),
        Group("Pearson's R – annual", 2),
        Group("RMSE – annual [PgC/yr]", 2),
    ]
    assert table.groups == expected
    assert table.columns == ["region", "EC-ATM", "EC", "EC-ATM", "EC"]


def test_the_best_is_marked_by_the_printed_value():
    """At four decimals, as in the paper, both RMSE of the USA read 0.1234, so both are best."""
    first, second = report_table("table3", scores(), "Annual", "").rows
    assert [cell.text for cell in first] == ["USA", "0.900", "0.800", "0.1234", "0.1234"]
    assert [cell.best for cell in first] == [False, True, False, True, True]
    assert [cell.text for cell in second] == ["BRA", "−0.200", "0.100", "2.0000", "–"]
    assert [cell.best for cell in second] == [False, False, True, True, False]


def test_a_spread_joins_its_source():
    sinks = pd.DataFrame({"region": ["USA", "BRA"], "EC": [-1.0, 2.0], "EC_spread": [0.25, None]})
    table = report_table("sinks", sinks, "Sinks", "")
    assert table.columns == ["region", "EC"]
    assert table.groups == []
    assert [row[1].text for row in table.rows] == ["−1.000 ± 0.250", "2.000"]
    assert [row[1].number for row in table.rows] == [-1.0, 2.0]
