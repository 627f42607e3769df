"""What is known of one raw file."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass
class RawRecord:
    """One file.

    Parameters
    ----------
    path : str
        Relative to the folder that was scanned.
    kind : str
        Folder of ``data/raw`` it belongs to, or ``site table`` or ``other``.
    site : str, optional
        Of towers.
    source : str, optional
        Product, data set or column.
    first_date, last_date : str, optional
        As YYYY-MM-DD.
    days : int, optional
        Of daily files [d].
    valid_nee_days : int, optional
        Days with NEE of sufficient quality [d].
    mean_nee : float, optional
        Over those [g m-2 d-1].
    problems : list of str
        What a user has to know, empty if all is well.
    readable : bool
        Whether fluxprod can use the file, or does not need to.
    """

    path: str
    kind: str = "other"
    site: str | None = None
    source: str | None = None
    first_date: str | None = None
    last_date: str | None = None
    days: int | None = None
    valid_nee_days: int | None = None
    mean_nee: float | None = None
    problems: list[str] = field(default_factory=list)
    readable: bool = True

    def set_period(self, days: pd.DatetimeIndex) -> None:
        """Set first and last date."""
        self.first_date, self.last_date = f"{days.min():%F}", f"{days.max():%F}"
