"""Compliance of a NetCDF file with CF-1.11, checked by the IOOS compliance-checker."""

import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import netCDF4
from compliance_checker.base import Result
from compliance_checker.cf.cf_1_11 import CF1_11Check
from compliance_checker.suite import CheckSuite

CF = "cf:1.11"


def cf_findings(path: Path) -> list[str]:
    """Findings of the checker, of any priority; empty if the file complies."""
    suite = CheckSuite()
    suite.checkers = {CF: CF1_11Check}
    output = io.StringIO()  # the checker prints which table of standard names it uses
    try:
        with netCDF4.Dataset(path) as dataset, redirect_stdout(output), redirect_stderr(output):
            results, failed = suite.run_all(dataset, [CF])[CF]
    except Exception as error:  # raised before the first check, while the header is read
        return [f"CF: compliance-checker stopped ({error})"]
    findings = [finding for result in results for finding in _findings(result)]
    return [*findings, *(f"CF {name} stopped ({why[0]})" for name, why in failed.items())]


def _findings(result: Result) -> list[str]:
    points, possible = result.value
    if not possible:  # not applicable; the checker's own reports also omit it
        return []
    messages = list(_messages(result))
    if not messages:
        return [] if points == possible else [f"CF {result.name}: {points} of {possible} points"]
    more = f" and {len(messages) - 1} more" if messages[1:] else ""
    return [f"CF {result.name}: {messages[0]}{more}"]


def _messages(result: Result) -> Iterator[str]:
    yield from result.msgs
    for child in result.children:
        yield from _messages(child)
