"""Time series of groups of patches."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import MONTHS


class GroupSeries(NamedTuple):
    """Sums over the patches of each group, from which means follow.

    Parameters
    ----------
    time : DatetimeIndex, shape (composite,)
        Middles of the composites.
    total, weight : ndarray, shape (group, composite)
        Sums of area times value, and of the area of the patches with a value.
    """

    time: pd.DatetimeIndex
    total: np.ndarray
    weight: np.ndarray

    @classmethod
    def empty(cls, time: pd.DatetimeIndex, n_groups: int) -> "GroupSeries":
        """Sums over no patch."""
        shape = n_groups, len(time)
        return cls(time, np.zeros(shape), np.zeros(shape))

    def add(self, values: np.ndarray, weight: np.ndarray) -> None:
        """Add patches.

        Parameters
        ----------
        values : ndarray, shape (patch, composite)
            Their values, NaN where missing.
        weight : ndarray, shape (group, patch)
            Area of each patch in its group, zero elsewhere.
        """
        known = np.isfinite(values)
        self.total[:] += weight @ np.where(known, values, 0.0)
        self.weight[:] += weight @ known.astype(float)

    def months(self, rows: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Average groups, taken together, over calendar months.

        Parameters
        ----------
        rows : list of int
            Positions of the groups.

        Returns
        -------
        years : ndarray of int, shape (year,)
            Calendar years with a value.
        months : ndarray, shape (year, 12)
            Means, NaN for months without a value.
        """
        total, weight = self.total[rows].sum(axis=0), self.weight[rows].sum(axis=0)
        mean = np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0.0)
        years = np.arange(self.time[0].year, self.time[-1].year + 1)
        place = (np.asarray(self.time.year) - years[0]) * MONTHS + np.asarray(self.time.month) - 1
        known, size = np.isfinite(mean), MONTHS * len(years)
        count = np.bincount(place[known], minlength=size)
        sums = np.bincount(place[known], mean[known], minlength=size)
        months = np.divide(sums, count, out=np.full(size, np.nan), where=count > 0)
        months = months.reshape(-1, MONTHS)
        seen = np.isfinite(months).any(axis=1)
        return years[seen], months[seen]
