"""The one exception that reports faults outside the code, such as in input files."""

from pathlib import Path


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
        # names in a broken file may contain line breaks
        super().__init__(" ".join(message.splitlines()))

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
