"""The table of all findings, and which of them stop the run."""

from collections.abc import Container, Sequence

import pandas as pd

from fluxprod.plausibility.criterion import Finding

COLUMNS = ("test", "subject", "outcome", "found", "expected", "action", "source")
ORDER = ("stop", "accepted", "warn", "pass")
ACCEPTED = "accepted"


def findings_table(findings: Sequence[Finding], accept: Container[str]) -> pd.DataFrame:
    """Arrange findings in a table: what is implausible row by row, what passed test by test.

    Parameters
    ----------
    findings : sequence of Finding
        Results of all tests.
    accept : container of str
        Keys of the stops that are overruled.

    Returns
    -------
    DataFrame
        Columns as in `COLUMNS`; ``outcome`` is stop, accepted, warn or pass. Subjects that pass a
        test share one row.
    """
    rows = [_row(each, accept) for each in findings if each.outcome != "pass"]
    for name in dict.fromkeys(each.criterion.name for each in findings):
        of_test = [each for each in findings if each.criterion.name == name]
        passed = [each for each in of_test if each.outcome == "pass"]
        if passed:
            rows.append(_shared_row(passed, len(of_test)))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    rank = table.outcome.map(ORDER.index)
    return table.iloc[rank.argsort(kind="stable")].reset_index(drop=True)


def _row(finding: Finding, accept: Container[str]) -> tuple[str, ...]:
    name, expected, source, action = finding.criterion
    overruled = finding.outcome == "stop" and finding.key in accept
    outcome = ACCEPTED if overruled else finding.outcome
    return name, finding.subject, outcome, finding.found, expected, action, source


def _shared_row(passed: Sequence[Finding], tested: int) -> tuple[str, ...]:
    name, expected, source, action = passed[0].criterion
    if len(passed) == 1:
        subject, found = passed[0].subject, passed[0].found
    else:
        subject, found = (
            f"{len(passed)} of {tested}",
            f"{passed[0].subject}: {passed[0].found}, ...",
        )
    return name, subject, "pass", found, expected, action, source


def unused(accept: Sequence[str], findings: Sequence[Finding]) -> list[str]:
    """Keys in ``plausibility.accept`` that overrule no stop."""
    stops = {each.key for each in findings if each.outcome == "stop"}
    return [key for key in accept if key not in stops]


def summary(table: pd.DataFrame) -> str:
    """Count the tests, warnings and stops in one line."""
    counts = table.outcome.value_counts()
    parts = [f"{counts[outcome]} {outcome}" for outcome in ORDER[:-1] if outcome in counts]
    return f"{table.test.nunique()} tests, {', '.join(parts) or 'all passed'}"
