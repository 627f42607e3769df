"""Values inside and outside of limits, and the years that a finding names."""

import numpy as np
import pytest

from fluxprod.plausibility.criterion import Criterion
from fluxprod.plausibility.limits import Limits

LEVEL = Criterion("climate.level", "a level", "a source", "look")
LIMITS = Limits((1.0, 2.0), (0.0, 3.0))


@pytest.mark.parametrize(
    ("value", "outcome"),
    [(1.5, "pass"), (1.0, "pass"), (2.5, "warn"), (3.5, "stop"), (np.nan, "stop")],
)
def test_one_value(value, outcome):
    assert LIMITS.judge(LEVEL, "TA", value, "K").outcome == outcome


@pytest.mark.parametrize(
    ("values", "outcome", "found"),
    [
        ({2003: 1.2, 2004: 1.8}, "pass", "1.2 to 1.8 K"),
        ({2003: 1.2, 2004: 2.5}, "warn", "2.5 K in 2004"),
        ({2003: 2.5, 2004: -1.0}, "stop", "-1 K in 2004"),
        (
            dict.fromkeys(range(2003, 2008), 4.0),
            "stop",
            "4 K in 2003, 4 K in 2004, 4 K in 2005 and 2 more",
        ),
    ],
)
def test_values_of_years(values, outcome, found):
    finding = LIMITS.judge_years(LEVEL, "TA", values, "K")
    assert (finding.outcome, finding.found) == (outcome, found)


def test_limits_with_one_end():
    assert Limits.above(0.9, 0.7).judge(LEVEL, "TA", 5.0, "").outcome == "pass"
    assert Limits.below(0.3, 0.5).judge(LEVEL, "TA", -5.0, "").outcome == "pass"
    assert Limits.around(1.0, 2.0).judge(LEVEL, "TA", -1.5, "").outcome == "warn"
