"""Rows of the table of findings, and what ``plausibility.accept`` may say."""

import pytest
from pydantic import ValidationError

from fluxprod.plausibility.criterion import Criterion
from fluxprod.plausibility.settings import PlausibilitySettings
from fluxprod.plausibility.table import findings_table, summary, unused

POSITION = Criterion("towers.position", "land within two cells", "geometry", "mend the table")
RAIN = Criterion("climate.rain", "1 to 4 mm/d", "GPCP", "check the unit")
FINDINGS = [
    POSITION.finding("AA-One", "0.1 cells"),
    POSITION.finding("BB-Two", "40 cells", stop=True, warn=True),
    POSITION.finding("CC-Tre", "0.3 cells"),
    RAIN.finding("land", "0.9 mm/d", warn=True),
]


def test_what_is_implausible_comes_first_and_what_passes_shares_a_row():
    table = findings_table(FINDINGS, [])
    assert list(zip(table.test, table.subject, table.outcome, strict=True)) == [
        ("towers.position", "BB-Two", "stop"),
        ("climate.rain", "land", "warn"),
        ("towers.position", "2 of 3", "pass"),
    ]
    assert table.expected[1] == "1 to 4 mm/d"
    assert summary(table) == "2 tests, 1 stop, 1 warn"


def test_a_stop_is_overruled_by_its_name_alone():
    key = "towers.position:BB-Two"
    assert list(findings_table(FINDINGS, [key]).outcome) == ["accepted", "warn", "pass"]
    assert list(findings_table(FINDINGS, ["towers.position:AA-One"]).outcome)[0] == "stop"
    assert unused([key, "climate.rain:land"], FINDINGS) == ["climate.rain:land"]


@pytest.mark.parametrize("accept", [["towers.position"], ["a.b:c", "a.b:c"], [":x"], "a.b:c"])
def test_keys_that_name_no_finding_are_refused(accept):
    with pytest.raises(ValidationError):
        PlausibilitySettings(accept=accept)
