"""The one exception that a user of fluxprod sees when something outside the code is wrong."""

from pathlib import Path


class DataError(Exception):
    """Input is not what it has to be.

    Parameters
    ----------
    source : Path or str
        File, folder or parameter block in which the fault lies.
    variable : str
        Variable, column or key at fault.
    found, expected : str
        What is there, and what had to be there.
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
        super().__init__(" ".join(message.splitlines()))  # names in a broken file hold anything

    def __reduce__(self) -> tuple:
        """Travel whole between processes."""
        return DataError, (self.source, self.variable, self.found, self.expected, self.action)
