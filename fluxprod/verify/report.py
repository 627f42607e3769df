"""What was found out about one file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["ok", "WRONG", "absent", "other"]


@dataclass
class FileReport:
    """One file of the product.

    Parameters
    ----------
    name : str
    size : int
        Listed, or found where it is not listed [byte].
    absent : bool
        It is not there, which is no fault.
    listed : bool
        Whether it is of the product; what people put beside it is no fault.
    checked : list of str
        What was checked.
    faults : list of str
        What is wrong.
    unchecked : list of str
        What could not be checked, and why.
    """

    name: str
    size: int
    absent: bool = False
    listed: bool = True
    checked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """In a word."""
        if self.faults:
            return "WRONG"
        if not self.listed:
            return "other"
        return "absent" if self.absent else "ok"

    def add(self, check: str, faults: Iterable[str]) -> bool:
        """Note a check and its faults; whether there were none."""
        if check not in self.checked:
            self.checked.append(check)
        found = list(faults)
        self.faults += found
        return not found
