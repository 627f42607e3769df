import pandas as pd
import pytest

from fluxprod.evaluation.tables.checks import closure_gap, failed, table_of_checks
from tests.evaluation.conftest import Evaluated


def regional(globe: float) -> pd.DataFrame:
    totals = {"USA": 2.0, "CAN": -1.5, "unassigned": 0.5, "GLOBAL": globe}
    rows = [("2001-01", name, "EC", value) for name, value in totals.items()]
    return pd.DataFrame(rows, columns=["month", "region", "model", "nee_PgC_per_month"])


def test_gap_is_a_share_of_the_absolute_totals():
    assert closure_gap(regional(1.0)) == 0.0
    assert closure_gap(regional(1.4)) == pytest.approx(0.1)


def checked(*, globe=1.0, shift=1.0, difference=0.0, members=0.0) -> list[str]:
    response = pd.DataFrame({"region": ["GLOBAL"], "shift": [shift]})
    bridged = pd.DataFrame({"source": ["EC-ATM"], "region": ["GLOBAL"], "difference": [difference]})
    return failed(table_of_checks(regional(globe), response, bridged, members))


def test_each_check_fails_on_its_own_fault():
    assert checked() == []
    assert checked(globe=1.001) == ["closure"]
    assert checked(shift=0.7) == ["shift_test"]
    assert checked(difference=-1.5) == ["post_hoc"]
    assert checked(members=0.1) == ["members"]


def test_the_fake_bridge_fails_where_it_was_built_to(evaluated: Evaluated):
    table = evaluated.tables["checks"].set_index("check")
    assert table.passed.to_dict() == {
        "closure": True,
        "members": True,
        "shift test": False,
        "post-hoc": False,
    }
    assert evaluated.metrics["checks_failed"] == 2
