"""The one exception that reports faults outside the code, such as in input files."""

import re
import unicodedata
from pathlib import Path

ORDINARY = re.compile(r"[ -~]*")
# control characters such as ESC, marks that turn the direction of writing, halves of characters,
# and separators of lines
INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class DataError(Exception):
    """An input, a parameter or the system does not meet a requirement.

    Parameters
    ----------
    source : Path or str
        File, folder or parameter block in which the fault lies.
    variable : str
        Variable, column or key that is at fault.
    found, expected : object
        What was found and what was expected, as phrases that complete "found ..., expected ...".
    action : str, optional
        What the user can do about it.
    """

    def __init__(
        self, source: Path | str, variable: str, found: object, expected: object, action: str = ""
    ) -> None:
        self.source, self.variable = str(source), variable
        self.found, self.expected, self.action = str(found), str(expected), action
        advice = f"; {action}" if action else ""
        message = f"{source}: {variable}: found {found}, expected {expected}{advice}"
        # names in a broken file may contain line breaks and other controls
        super().__init__(visible(" ".join(message.splitlines())))

    def __reduce__(self) -> tuple:
        """Keep all fields when pickled, as between processes."""
        return DataError, (self.source, self.variable, self.found, self.expected, self.action)

    @property
    def faults(self) -> "list[DataError]":
        """The fault itself, or all faults of a `DataErrors`."""
        return [self]


class DataErrors(DataError):
    """Several faults at once, each on a line of its own.

    Parameters
    ----------
    faults : list of DataError
        At least one fault.
    """

    def __init__(self, faults: list[DataError]) -> None:
        Exception.__init__(self, "\n".join(map(str, faults)))
        self._faults = faults

    def __reduce__(self) -> tuple[type, tuple[list[DataError]]]:
        """Keep all faults when pickled, as between processes."""
        return DataErrors, (self._faults,)

    @property
    def faults(self) -> list[DataError]:
        """All faults."""
        return self._faults


def visible(text: str) -> str:
    r"""Escape the characters of a text that a terminal would obey instead of showing them.

    >>> print(visible("red \x1b[31m"))
    red \x1b[31m
    """
    if ORDINARY.fullmatch(text):
        return text
    return "".join(
        ascii(each)[1:-1] if unicodedata.category(each) in INVISIBLE else each for each in text
    )


def os_fault(error: OSError, path: Path | str = "") -> DataError:
    """Put an error of the operating system, such as a missing permission, into one line.

    Parameters
    ----------
    error : OSError
        The error.
    path : Path or str
        What to name if the error names no file.
    """
    name = error.filename if isinstance(error.filename, str) else str(path)
    found = f"one that cannot be used ({error.strerror or error})"
    advice = "check its permissions" if isinstance(error, PermissionError) else ""
    return DataError(name or "system", "file or folder", found, "access to it", advice)
