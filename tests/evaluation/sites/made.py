"""Daily records of made-up sites."""

from typing import NamedTuple

import numpy as np


class Records(NamedTuple):
    """Observed and estimated NEE of several sites, by record."""

    observed: np.ndarray
    estimate: np.ndarray
    site: np.ndarray
    time: np.ndarray


def records(n_sites: int = 4, years: int = 4, seed: int = 0) -> Records:
    """Sites with a season, weather and differences between years, a tenth of the days missing."""
    rng = np.random.default_rng(seed)
    first = np.datetime64("2001-01-01")
    days = np.arange(first, first + np.timedelta64(365 * years, "D"))
    parts = []
    for number in range(n_sites):
        season = (number + 1) * np.cos(2 * np.pi * np.arange(len(days)) / 365.25)
        yearly = np.repeat(rng.normal(0, 0.5, years), 365)
        observed = season + yearly + rng.normal(-number, 0.8, len(days))
        kept = rng.random(len(days)) < 0.9
        noise = rng.normal(0, 0.5, kept.sum())
        names = np.full(kept.sum(), f"AA-S{number}")
        parts.append((observed[kept], 0.7 * observed[kept] + noise, names, days[kept]))
    return Records(*(np.concatenate(column) for column in zip(*parts, strict=True)))
