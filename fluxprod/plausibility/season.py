"""Amplitude and phase of seasonal cycles of monthly fluxes."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.core.scores import pearson_r
from fluxprod.core.time_axis import MONTHS, month_days

ROUNDING = 2e-7  # PgC d-1; totals, and what is added to them, are rounded to 1e-6 PgC month-1
NORTHERN = ("USA", "CAN", "EU", "RUS", "CHN", "KAJ")  # regions where summer uptake is the rule


class Season(NamedTuple):
    """Seasonal cycle of a flux.

    Parameters
    ----------
    amplitude : float
        Largest minus smallest calendar month, in the unit of the flux.
    uptake : float
        Time of the largest uptake according to the first harmonic, from 0 (1 January) up to 12
        [month].
    """

    amplitude: float
    uptake: float


def mean_cycle(monthly: np.ndarray) -> np.ndarray:
    """Average whole years of monthly values, shape (..., month), to shape (..., 12).

    Months that are NaN are left out; a calendar month without any value is NaN.
    """
    years = monthly.reshape(*monthly.shape[:-1], -1, MONTHS)
    count = np.isfinite(years).sum(axis=-2)
    total: np.ndarray = np.nansum(years, axis=-2) / np.where(count, count, np.nan)
    return total


def season(monthly: np.ndarray) -> Season:
    """Describe the seasonal cycle of whole years of monthly fluxes, shape (month,)."""
    cycle = mean_cycle(monthly)
    middle = (np.arange(MONTHS) + 0.5) / MONTHS
    harmonic = (cycle * np.exp(-2j * np.pi * middle)).sum()
    uptake = -np.angle(-harmonic) / (2.0 * np.pi) * MONTHS % MONTHS
    return Season(float(np.ptp(cycle)), float(uptake))


def summer_minus_winter(monthly: np.ndarray) -> np.ndarray:
    """Mean of June to August minus that of December to February, shape (..., month) to (...)."""
    cycle = mean_cycle(monthly)
    difference: np.ndarray = cycle[..., 5:8].mean(axis=-1) - cycle[..., [11, 0, 1]].mean(axis=-1)
    return difference


def amplitude_ratio(first: float, second: float) -> float:
    """Larger over smaller of two amplitudes, infinity if one is zero [1]."""
    small, large = sorted((abs(first), abs(second)))
    return large / small if small > 0.0 else np.inf


def seasonal_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson's R where both series have values, -1 if one of them is constant [1]."""
    both = np.isfinite(first) & np.isfinite(second)
    constant = not both.any() or np.ptp(first[both]) == 0.0 or np.ptp(second[both]) == 0.0
    return -1.0 if constant else float(pearson_r(first[both], second[both]))


def later(first: float, second: float) -> float:
    """Delay of the first time of the year after the second, from -6 up to 6 [month]."""
    return (first - second + MONTHS / 2) % MONTHS - MONTHS / 2


def annual_totals(monthly: np.ndarray) -> np.ndarray:
    """Sum whole years of monthly totals, shape (..., month), to annual totals, (..., year)."""
    total: np.ndarray = monthly.reshape(*monthly.shape[:-1], -1, MONTHS).sum(axis=-1)
    return total


def copied_years(totals: np.ndarray, months: np.ndarray) -> list[tuple[int, int]]:
    """Find years that repeat another one.

    Parameters
    ----------
    totals : ndarray, shape (..., month)
        Whole years of monthly totals, rounded to 1e-6 [PgC month-1].
    months : ndarray of datetime64, shape (month,)
        First days of the months; in a leap year, the same flux gives another total.

    Returns
    -------
    list of (int, int)
        Positions of two years whose fluxes are all equal, and neither missing nor zero.
    """
    daily = totals / month_days(pd.DatetimeIndex(months))
    years = np.moveaxis(daily.reshape(*daily.shape[:-1], -1, MONTHS), -2, 0)
    return [
        (first, second)
        for first, second in combinations(range(len(years)), 2)
        if np.nan_to_num(years[first]).any()
        and np.allclose(years[first], years[second], rtol=0.0, atol=ROUNDING, equal_nan=True)
    ]
