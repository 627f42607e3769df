"""From NEE at contributing cells to monthly totals of regions, Upton et al., Eq. 5.

Training knows an operator by two questions alone: which cells, at which weights, make the regional
totals of this step (`draw`), and of the held-out years (`whole`). Another operator, an atmospheric
transport footprint say, is another class that answers them.
"""

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

    def of_regions(self, regions: Tensor) -> "Footprint":
        """Some regions alone, shape (region,), and the cells that contribute to them."""
        theta = self.theta[regions]
        used = theta.abs().sum(0).nonzero().squeeze(1)
        cells = used if self.cells is None else self.cells[used]
        return Footprint(cells, theta[:, used], self.intercept[regions])


class Operator(Protocol):
    """A way to see regions."""

    def draw(self, rng: np.random.Generator) -> Footprint:
        """Footprint of one training step; it may be another at each."""
        ...

    def whole(self) -> Footprint:
        """Footprint by which held-out years are judged."""
        ...


class OperatorSource(Protocol):
    """An operator as plain arrays, the same for all members."""

    def on_device(self, device: torch.device) -> Operator:
        """On a device."""
        ...


class FixedOperator(NamedTuple):
    """The same contributions at each step: Lasso, anchored or, with all cells, exact."""

    footprint: Footprint

    def draw(self, rng: np.random.Generator) -> Footprint:
        """Footprint of one step; the generator is not used."""
        return self.footprint

    def whole(self) -> Footprint:
        """The same."""
        return self.footprint


class SampledOperator(NamedTuple):
    """Random cells of each region, drawn anew at each step in proportion to their land.

    Each of the n cells drawn, with replacement, stands for one n-th of the region's land: the
    expectation of the total over draws is the sum over all cells (Hansen & Hurwitz 1943,
    doi:10.1214/aoms/1177731356).

    Parameters
    ----------
    exact : Footprint
        Of all cells, at their own areas.
    cells : tuple of ndarray of int, one per region
        Positions of its cells.
    upper : tuple of ndarray, one per region
        Share of the region's land in its cells up to each [1].
    theta : Tensor, shape (region, region * draw)
        Of a draw [1e15 m2]: that of a region's own cells is its land over their number.
    n_drawn : int
        Cells of each region.
    """

    exact: Footprint
    cells: tuple[np.ndarray, ...]
    upper: tuple[np.ndarray, ...]
    theta: Tensor
    n_drawn: int

    def draw(self, rng: np.random.Generator) -> Footprint:
        """Footprint of one step."""
        place = rng.random((len(self.cells), self.n_drawn))
        drawn = [
            cells[np.searchsorted(upper, row, side="right")]
            for cells, upper, row in zip(self.cells, self.upper, place, strict=True)
        ]
        cells = torch.from_numpy(np.concatenate(drawn)).to(self.theta.device)
        return Footprint(cells, self.theta, self.exact.intercept)

    def whole(self) -> Footprint:
        """All cells."""
        return self.exact


class Contributions(NamedTuple):
    """Cells and the areas they stand for: an operator's arrays.

    Parameters
    ----------
    theta : ndarray, shape (region, contribution)
        [1e15 m2].
    intercept : ndarray, shape (region,)
        [PgC d-1].
    n_drawn : int
        Cells of each region that a step draws at random by ``theta``, then their land; 0: all
        contribute at each step.
    """

    theta: np.ndarray
    intercept: np.ndarray
    n_drawn: int = 0

    def on_device(self, device: torch.device) -> Operator:
        """On a device."""
        theta, intercept = (
            torch.from_numpy(values.astype(np.float32)).to(device)
            for values in (self.theta, self.intercept)
        )
        fixed = Footprint(None, theta, intercept)
        return self._sampled(fixed) if self.n_drawn else FixedOperator(fixed)

    def _sampled(self, exact: Footprint) -> SampledOperator:
        land = self.theta.sum(axis=1)
        own = np.kron(np.eye(len(land)), np.ones(self.n_drawn)) * land[:, None] / self.n_drawn
        cells = tuple(np.flatnonzero(row) for row in self.theta)
        upper = tuple(
            np.cumsum(row[at]) / row.sum() for row, at in zip(self.theta, cells, strict=True)
        )
        for shares in upper:
            shares[-1] = 1.0  # a draw just below one finds the last cell, whatever the rounding
        theta = torch.from_numpy(own.astype(np.float32)).to(exact.theta.device)
        return SampledOperator(exact, cells, upper, theta, self.n_drawn)


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
        [g m-2 d-1], as `DeviceDrivers.rows` orders them.
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
