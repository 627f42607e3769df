"""Limits of a quantity, and the years in which it is outside them."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.wording import listed, with_unit


class Limits(NamedTuple):
    """Ranges of a quantity.

    Parameters
    ----------
    warn : (float, float)
        Usual range; the user is told of values outside it.
    stop : (float, float)
        Possible range; values outside it stop the run.
    """

    warn: tuple[float, float]
    stop: tuple[float, float]

    @classmethod
    def around(cls, warn: float, stop: float) -> "Limits":
        """Ranges that are symmetric about zero."""
        return cls((-warn, warn), (-stop, stop))

    @classmethod
    def above(cls, warn: float, stop: float) -> "Limits":
        """Ranges without an upper end."""
        return cls((warn, np.inf), (stop, np.inf))

    @classmethod
    def below(cls, warn: float, stop: float) -> "Limits":
        """Ranges without a lower end."""
        return cls((-np.inf, warn), (-np.inf, stop))

    def judge(self, criterion: Criterion, subject: str, value: float, unit: str) -> Finding:
        """Compare one value with the limits; NaN is outside them."""
        stop, warn = not _inside(value, self.stop), not _inside(value, self.warn)
        return criterion.finding(subject, with_unit(value, unit), stop=stop, warn=warn)

    def judge_years(
        self, criterion: Criterion, subject: str, values: Mapping[int, float], unit: str
    ) -> Finding:
        """Compare the values of years with the limits, and name the years outside them."""
        beyond = {year: x for year, x in values.items() if not _inside(x, self.stop)}
        unusual = {year: x for year, x in values.items() if not _inside(x, self.warn)}
        shown = beyond or unusual
        parts = [f"{with_unit(value, unit)} in {year}" for year, value in shown.items()]
        found = listed(parts) if shown else _range(values, unit)
        return criterion.finding(subject, found, stop=bool(beyond), warn=bool(unusual))


def _inside(value: float, limits: tuple[float, float]) -> bool:
    return bool(limits[0] <= value <= limits[1])


def _range(values: Mapping[int, float], unit: str) -> str:
    low, high = min(values.values()), max(values.values())
    return f"{low:.3g} to {with_unit(high, unit)}"
