"""Whether a NetCDF file follows CF-1.11, by the IOOS compliance checker."""

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
    """Everything that the checker has to say, of any priority; nothing if all is well."""
    suite = CheckSuite()
    suite.checkers = {CF: CF1_11Check}
    beside = io.StringIO()  # it prints which table of names it uses
    try:
        with netCDF4.Dataset(path) as dataset, redirect_stdout(beside), redirect_stderr(beside):
            results, failed = suite.run_all(dataset, [CF])[CF]
    except Exception as error:  # before its first check: it reads the whole header
        return [f"CF: compliance-checker stopped ({error})"]
    findings = [finding for result in results for finding in _findings(result)]
    return [*findings, *(f"CF {name} stopped ({why[0]})" for name, why in failed.items())]


def _findings(result: Result) -> list[str]:
    points, possible = result.value
    if not possible:  # does not apply; the checker's own reports leave it out, too
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
