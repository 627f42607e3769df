"""The places in the repository that state the version, and how they are changed together."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from fluxprod.core.constants import CITATION_FILE, PARAMS_FILE
from fluxprod.core.errors import DataError

CHANGES = "CHANGELOG.md"
PLACES = ("pyproject.toml", str(PARAMS_FILE), CITATION_FILE, CHANGES)
# valid for both semver.org and PEP 440
FORM = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
UNRELEASED = re.compile(r"(?m)^## \[Unreleased\]$")  # keepachangelog.com


class Edit(NamedTuple):
    """A replacement that sets the version or date in a file.

    Parameters
    ----------
    pattern : str
        Regular expression that finds the old text.
    replacement : str
        New text, which may refer to groups of the pattern.
    times : int
        Number of occurrences that are expected.
    """

    pattern: str
    replacement: str
    times: int


def edits(version: str, released: str) -> dict[str, list[Edit]]:
    """Edits that set version and date, by file name."""
    return {
        "pyproject.toml": [Edit(r'(?m)^version = ".*"$', f'version = "{version}"', 1)],
        str(PARAMS_FILE): [
            Edit(r"(?m)(^product:\n(?:[ #].*\n)*?  version: )\S+", rf"\g<1>{version}", 1)
        ],
        CITATION_FILE: [  # twice: of the software and of the product
            Edit(r"(?m)^( *)version: .*$", rf"\g<1>version: {version}", 2),
            Edit(r"(?m)^( *)date-released: .*$", rf"\g<1>date-released: {released}", 2),
        ],
        CHANGES: [Edit(UNRELEASED.pattern, f"{heading(version)}{released}", 1)],
    }


def heading(version: str) -> str:
    """Start of the line in CHANGELOG.md above the changes of a version; its date follows."""
    return f"## [{version}] - "


def with_version(name: str, text: str, version: str, released: str) -> str:
    """Text of a file with another version; everything else is kept, including comments.

    Parameters
    ----------
    name : str
        Name of the file, one of `PLACES`.
    text : str
        Its present text.
    version, released : str
        New version, and date of the release.

    Raises
    ------
    DataError
        If the version does not occur where it should.
    """
    for edit in edits(version, released)[name]:
        text, count = re.subn(edit.pattern, edit.replacement, text)
        if count != edit.times:
            expected = f"{edit.times} that match {edit.pattern}"
            raise DataError(name, "version", f"{count} places", expected)
    return text


def current_version(read: Callable[[str], str]) -> str:
    """Present version of the project; ``read`` returns the text of a file by its name."""
    match = re.search(r'(?m)^version = "(.*)"$', read("pyproject.toml"))
    if not match:
        raise DataError("pyproject.toml", "version", "no version", 'a line version = "X.Y.Z"')
    return match[1]


def check_next(version: str, read: Callable[[str], str]) -> None:
    """Refuse a version that is malformed, or not above the present one.

    The present version itself can be released as long as CHANGELOG.md has no section for it.

    Parameters
    ----------
    version : str
        Version to be released.
    read : callable
        Returns the text of a file by its name.

    Raises
    ------
    DataError
        If the version cannot be released, or CHANGELOG.md has no unreleased section.
    """
    if not FORM.fullmatch(version):
        raise DataError("VERSION", "version", version, "X.Y.Z, three numbers (semver.org)")
    changes = read(CHANGES)
    if not UNRELEASED.search(changes):
        advice = "describe the changes under ## [Unreleased]"
        raise DataError(CHANGES, "## [Unreleased]", "no such heading", "one", advice)
    now = current_version(read)
    if _numbers(version) < _numbers(now) or heading(version) in changes:
        raise DataError("VERSION", "version", version, f"one above {now}")


def check_date(released: str) -> None:
    """Raise a DataError unless the date has the form YYYY-MM-DD."""
    try:
        # fromisoformat alone would also accept 20261224
        same = date.fromisoformat(released).isoformat() == released
    except ValueError:
        same = False
    if not same:
        raise DataError("DATE", "date", released, "YYYY-MM-DD")


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def updated_texts(
    read: Callable[[str], str], pages: list[str], version: str, released: str
) -> dict[str, str]:
    """New text of every file that states the version, by file name.

    Parameters
    ----------
    read : callable
        Returns the present text of a file by its name.
    pages : list of str
        Documents that may mention files and tags of the version.
    version, released : str
        New version, and date of the release.
    """
    old = current_version(read)
    new = {name: with_version(name, read(name), version, released) for name in PLACES}
    return new | {page: with_mentions(read(page), old, version) for page in pages}


def with_mentions(text: str, old: str, new: str) -> str:
    """Text in which ``v<old>`` and ``version <old>`` name the new version, also in file names.

    >>> with_mentions("nee_fluxprod-v0.1.0_2deg.nc at --rev v0.1.0, not v0.1.01", "0.1.0", "0.2.0")
    'nee_fluxprod-v0.2.0_2deg.nc at --rev v0.2.0, not v0.1.01'
    >>> with_mentions("version 0.1.0, not 10.1.0 or version 0.1.0.1", "0.1.0", "0.2.0")
    'version 0.2.0, not 10.1.0 or version 0.1.0.1'
    """
    pattern = rf"(?<![\w.])(v|version ){re.escape(old)}(?!\.?\d)"
    return re.sub(pattern, rf"\g<1>{new}", text)
