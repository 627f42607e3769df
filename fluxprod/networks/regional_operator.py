"""From NEE at contributing cells to monthly totals of regions, Upton et al., Eq. 5."""

from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor


class Footprint(NamedTuple):
    """How regional totals are made of cells: ``totals = theta @ nee + intercept``.

    Parameters
    ----------
    cells : Tensor of int, shape (contribution,), or None
        Which of the operator's cells contribute; None: all, in their order.
    theta : Tensor, shape (region, contribution)
        Area that each cell stands for [1e15 m2], so that g m-2 d-1 becomes PgC d-1.
    intercept : Tensor, shape (region,)
        [PgC d-1].
    """

    cells: Tensor | None
    theta: Tensor
    intercept: Tensor


class Operator(Protocol):
    """A way to see regions. It may draw other cells at each step."""

    def draw(self, rng: np.random.Generator) -> Footprint:
        """Footprint of one step."""
        ...


class FixedOperator(NamedTuple):
    """The same contributions at each step: Lasso, anchored or, with all cells, exact."""

    footprint: Footprint

    def draw(self, rng: np.random.Generator) -> Footprint:
        """Footprint of one step; the generator is not used."""
        return self.footprint


def month_weights(month: np.ndarray, month_days: np.ndarray) -> np.ndarray:
    """Weights [d] that turn daily values into monthly totals.

    A month's total is the mean over those of its days that are there, times its true length.

    Parameters
    ----------
    month : ndarray of int, shape (day,)
        Month, from 0, of each day.
    month_days : ndarray, shape (month,)
        True lengths [d].

    Returns
    -------
    ndarray, shape (day, month)
        Each column sums to the month's length.
    """
    count = np.bincount(month, minlength=len(month_days))
    if (count == 0).any():
        raise ValueError("a month without a day: the stride between days is too long")
    within = month[:, None] == np.arange(len(month_days))
    return within * (month_days / count)


def regional_totals(nee: Tensor, footprint: Footprint, weights: Tensor) -> Tensor:
    """Monthly regional totals, Eq. 5 times the days of the month.

    Parameters
    ----------
    nee : Tensor, shape (contribution * day,)
        [g m-2 d-1], as `PreparedDrivers.rows` orders them.
    footprint : Footprint
    weights : Tensor, shape (day, month)
        Of `month_weights` [d].

    Returns
    -------
    Tensor, shape (region, month)
        [PgC month-1].
    """
    daily = footprint.theta @ nee.view(-1, len(weights))
    return torch.addmm(footprint.intercept[:, None] * weights.sum(0), daily, weights)
