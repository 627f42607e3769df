"""Settings of the MODIS series."""

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from pydantic import field_validator

from fluxprod.core.settings import Settings, parameter

if TYPE_CHECKING:
    import pandas as pd

PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})")


class VegetationSettings(Settings):
    """Which gaps of the satellite series are accepted."""

    max_gap: float = parameter(
        "A composite series with a larger share of missing values is left out", ge=0.0, le=1.0
    )
    known_gaps: list[str] = parameter(
        "Periods without data of the instrument, each YYYY-MM-DD/YYYY-MM-DD", ""
    )

    @field_validator("known_gaps")
    @classmethod
    def _are_periods(cls, gaps: list[str]) -> list[str]:
        for gap in gaps:
            first, last = _period(gap)
            if last < first:
                raise ValueError(f"known_gaps {gap}, which ends before it begins")
        return gaps

    @property
    def outages(self) -> list[tuple["pd.Timestamp", "pd.Timestamp"]]:
        """First and last day of each known gap."""
        import pandas as pd  # half a second that `fluxprod params` need not wait

        periods = map(_period, self.known_gaps)
        return [(pd.Timestamp(first), pd.Timestamp(last)) for first, last in periods]


def _period(text: str) -> tuple[date, date]:
    """First and last day of YYYY-MM-DD/YYYY-MM-DD."""
    if found := PERIOD.fullmatch(text):
        with suppress(ValueError):  # a day that no calendar has
            return date.fromisoformat(found[1]), date.fromisoformat(found[2])
    raise ValueError(f"known_gaps {text!r}, which is not of the form YYYY-MM-DD/YYYY-MM-DD")
