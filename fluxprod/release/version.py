"""Where the version stands in the repository, and how it is raised everywhere at once."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from fluxprod.core.errors import DataError

CHANGES = "CHANGELOG.md"
PLACES = ("pyproject.toml", "params.yaml", "CITATION.cff", CHANGES)
FORM = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")  # of semver.org and of PEP 440
NEXT = re.compile(r"(?m)^## (\S+) \(unreleased\)")


class Edit(NamedTuple):
    """What a file says of a version: a pattern, its replacement, and how often it stands there."""

    pattern: str
    replacement: str
    times: int


def edits(version: str, released: str) -> dict[str, list[Edit]]:
    """Edits by the name of the file."""
    return {
        "pyproject.toml": [Edit(r'(?m)^version = ".*"$', f'version = "{version}"', 1)],
        "params.yaml": [
            Edit(r"(?m)(^product:\n(?:[ #].*\n)*?  version: )\S+", rf"\g<1>{version}", 1)
        ],
        "CITATION.cff": [  # of the software and of the product
            Edit(r"(?m)^( *)version: .*$", rf"\g<1>version: {version}", 2),
            Edit(r"(?m)^( *)date-released: .*$", rf"\g<1>date-released: {released}", 2),
        ],
        CHANGES: [Edit(NEXT.pattern, f"## {version} ({released})", 1)],
    }


def raised(name: str, text: str, version: str, released: str) -> str:
    """Text of a file with another version; all else, comments too, stays.

    Raises
    ------
    DataError
        If the version does not stand where it has to.
    """
    for edit in edits(version, released)[name]:
        text, count = re.subn(edit.pattern, edit.replacement, text)
        if count != edit.times:
            expected = f"{edit.times} like {edit.pattern}"
            raise DataError(name, "version", f"{count} places", expected)
    return text


def present(read: Callable[[str], str]) -> str:
    """Version of the project; ``read`` gives a file's text by its name."""
    match = re.search(r'(?m)^version = "(.*)"$', read("pyproject.toml"))
    if not match:
        raise DataError("pyproject.toml", "version", "nothing", 'a line version = "X.Y.Z"')
    return match[1]


def check_next(version: str, read: Callable[[str], str]) -> None:
    """Refuse what is no version, or is not above the present one.

    The present one itself can be released as long as CHANGELOG.md calls it unreleased.
    """
    if not FORM.fullmatch(version):
        raise DataError("VERSION", "version", version, "X.Y.Z, three numbers (semver.org)")
    unreleased = NEXT.search(read(CHANGES))
    if not unreleased:
        advice = "write what changed under ## X.Y.Z (unreleased)"
        raise DataError(CHANGES, "## X.Y.Z (unreleased)", "no such heading", "one", advice)
    now = present(read)
    if _numbers(version) < _numbers(now) or (version == now != unreleased[1]):
        raise DataError("VERSION", "version", version, f"one above {now}")


def check_date(released: str) -> None:
    """Refuse what is no date."""
    try:
        same = date.fromisoformat(released).isoformat() == released  # it takes 20261224 too
    except ValueError:
        same = False
    if not same:
        raise DataError("DATE", "date", released, "YYYY-MM-DD")


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def texts(read: Callable[[str], str], pages: list[str], version: str, released: str) -> dict:
    """New text of every file that says the version, by its name.

    Parameters
    ----------
    read : callable
        Gives a file's present text by its name.
    pages : list of str
        Documents that may name files and tags of the version.
    version, released : str
    """
    old = present(read)
    new = {name: raised(name, read(name), version, released) for name in PLACES}
    return new | {page: renamed(read(page), old, version) for page in pages}


def renamed(text: str, old: str, new: str) -> str:
    """Text in which ``v<old>``, alone or in the name of a file, is ``v<new>``; ``version`` too.

    >>> renamed("nee_fluxprod-v0.1.0_2deg.nc at --rev v0.1.0, not v0.1.01", "0.1.0", "0.2.0")
    'nee_fluxprod-v0.2.0_2deg.nc at --rev v0.2.0, not v0.1.01'
    >>> renamed("version 0.1.0, not 10.1.0 or version 0.1.0.1", "0.1.0", "0.2.0")
    'version 0.2.0, not 10.1.0 or version 0.1.0.1'
    """
    pattern = rf"(?<![\w.])(v|version ){re.escape(old)}(?!\.?\d)"
    return re.sub(pattern, rf"\g<1>{new}", text)
