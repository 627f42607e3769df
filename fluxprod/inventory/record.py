"""Record of one raw file."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from fluxprod.core.errors import DataError

NO_FILE = "no file"  # kind of a broken link, or of a folder with the name of a file


@dataclass
class RawRecord:
    """What is known about one raw file, or one tower table in an archive.

    Parameters
    ----------
    path : str
        Path relative to the folder that was checked.
    kind : str
        Subfolder of ``data/raw/<source>`` it belongs to, or ``site table``, ``no file`` or
        ``other``.
    site : str, optional
        Site of a tower, or tile of a MODIS file (hXXvYY).
    source : str, optional
        Product, data set or column.
    first_date, last_date : str, optional
        Period, as YYYY-MM-DD.
    first_time : str, optional
        First time stamp, as YYYY-MM-DDTHH:MM.
    days : int, optional
        Length of a daily record [d].
    valid_nee_days : int, optional
        Number of days with NEE of sufficient quality [d].
    valid_nee_days_by_year : dict of str to int
        The same by year [d].
    mean_nee : float, optional
        Mean NEE over these days [g m-2 d-1].
    empty_steps : list of str
        Days, hours or months without any value, as dates where the file has them.
    problems : list of str
        What the user should know, one line each; empty if all is well.
    left_alone : str, optional
        Why no run reads the file; None if one may.
    readable : bool
        Whether fluxprod can use the file, or does not need to.
    duplicated : bool
        Whether another file holds the same data.
    """

    path: str
    kind: str = "other"
    site: str | None = None
    source: str | None = None
    first_date: str | None = None
    last_date: str | None = None
    first_time: str | None = None
    days: int | None = None
    valid_nee_days: int | None = None
    valid_nee_days_by_year: dict[str, int] = field(default_factory=dict)
    mean_nee: float | None = None
    empty_steps: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left_alone: str | None = None
    readable: bool = True
    duplicated: bool = False

    def add_fault(self, error: DataError) -> None:
        """Add what a reader found; it makes the file unreadable."""
        self.readable, self.left_alone = False, None
        for fault in error.faults:
            advice = f"; {fault.action}" if fault.action else ""
            found = f"found {fault.found}, expected {fault.expected}"
            self.problems.append(f"{fault.variable}: {found}{advice}")

    def set_period(self, days: pd.DatetimeIndex) -> None:
        """Extend the period so that it includes the given days."""
        first, last = f"{days.min():%F}", f"{days.max():%F}"
        self.first_date = min(self.first_date or first, first)
        self.last_date = max(self.last_date or last, last)

    def overlaps(self, years: range) -> bool:
        """Whether some of its days may lie in the given years, as they may if it has no dates."""
        if self.first_date is None or self.last_date is None:
            return True
        return int(self.first_date[:4]) <= years[-1] and years[0] <= int(self.last_date[:4])

    def add_empty(self, name: str, steps: Sequence[str], n_steps: int) -> None:
        """Add the steps of a variable that hold no value; hours are given by their day.

        Parameters
        ----------
        name : str
            Variable.
        steps : sequence of str
            Dates of its empty steps.
        n_steps : int
            Number of all its steps.
        """
        days = list(dict.fromkeys(steps))
        self.empty_steps += [day for day in days if day not in self.empty_steps]
        if steps:
            some = ", ".join(days[:3]) + (", ..." if len(days) > 3 else "")
            self.problems.append(f"{name}: no value in {len(steps)} of {n_steps} steps: {some}")
