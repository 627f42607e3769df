"""Dates of a tower's series against those of another series of the same days."""

import numpy as np

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.towers.day_to_day import shifted_correlation

FEWEST = 180  # d of both series in a year; shorter years are left out
GAIN, CLEAR = 0.1, 0.3  # [1] gain in R, and R itself, that make a shift certain


def shifts_by_year(
    first: np.ndarray, second: np.ndarray, years: np.ndarray
) -> dict[int, dict[int, float]]:
    """Correlate two series in each year at shifts of a few days.

    Parameters
    ----------
    first, second : ndarray, shape (time,)
        Departures of two series from their seasons.
    years : ndarray of int, shape (time,)
        Year of each day.

    Returns
    -------
    dict
        By year with at least 180 days of both, R at each shift as from `shifted_correlation`.
    """
    both = np.isfinite(first) & np.isfinite(second)
    return {
        int(year): shifted_correlation(first[years == year], second[years == year])
        for year in np.unique(years)
        if both[years == year].sum() >= FEWEST
    }


def certain_shift(r: dict[int, float]) -> int:
    """Shift at which two series agree distinctly better than without one, otherwise 0 [d]."""
    shift = max(r, key=lambda each: r[each], default=0)
    certain = r and r[shift] >= CLEAR and r[shift] - r.get(0, 0.0) >= GAIN
    return shift if certain else 0


def shift_finding(
    criterion: Criterion, subject: str, years: dict[int, dict[int, float]]
) -> Finding:
    """Judge the shift of a series against another one.

    A shift in all years is that of the file, which stops the run. Some archived records are
    shifted in a part of their years, which is a warning.

    Parameters
    ----------
    criterion : Criterion
        Requirement.
    subject : str
        Site and variable.
    years : dict
        At least one year, as from `shifts_by_year`.
    """
    moved = {year: shift for year, r in years.items() if (shift := certain_shift(r))}
    found = [f"{abs(shift)} d {_side(shift)} in {year}" for year, shift in moved.items()]
    return criterion.finding(
        subject,
        ", ".join(found) or "no shift",
        stop=len(moved) == len(years),
        warn=bool(moved),
    )


def _side(shift: int) -> str:
    return "late" if shift > 0 else "early"
