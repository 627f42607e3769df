"""From NEE at contributing cells to monthly totals of regions, Upton et al., Eq. 5.

Training asks an operator only which cells, with which weights, give the regional totals of one step
(`draw`) and of the held-out years (`full`). Any class with these two methods can be used, such as
one of footprints from atmospheric transport.
"""

from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor


class Footprint(NamedTuple):
    """How regional totals follow from cells: ``totals = theta @ nee + intercept``.

    Parameters
    ----------
    cells : Tensor of int, shape (contribution,), or None
        Positions of the contributing cells among those of the operator; None for all, in order.
    theta : Tensor, shape (region, contribution)
        Area that each cell represents, which turns g m-2 d-1 into PgC d-1 [1e15 m2].
    intercept : Tensor, shape (region,)
        Constant part of each regional total [PgC d-1].
    """

    cells: Tensor | None
    theta: Tensor
    intercept: Tensor

    def of_regions(self, regions: Tensor) -> "Footprint":
        """Footprint of the given regions, int (region,), and the cells that contribute to them."""
        theta = self.theta[regions]
        used = theta.abs().sum(0).nonzero().squeeze(1)
        cells = used if self.cells is None else self.cells[used]
        return Footprint(cells, theta[:, used], self.intercept[regions])


class Operator(Protocol):
    """A linear map from cells to regional totals, on a device."""

    def draw(self, rng: np.random.Generator) -> Footprint:
        """Footprint of one training step, which may differ from step to step."""
        ...

    def full(self) -> Footprint:
        """Footprint of all contributions, with which the held-out years are validated."""
        ...


class OperatorSource(Protocol):
    """An operator as plain arrays, shared by all members."""

    def on_device(self, device: torch.device) -> Operator:
        """Copy the operator to a device."""
        ...


class FixedOperator(NamedTuple):
    """The same contributions at every step: methods ``lasso``, ``anchored`` and ``exact``."""

    footprint: Footprint

    def draw(self, rng: np.random.Generator) -> Footprint:
        """Footprint of one training step; the generator is not used."""
        return self.footprint

    def full(self) -> Footprint:
        """The same footprint."""
        return self.footprint


class SampledOperator(NamedTuple):
    """Random cells of each region, drawn anew at every step with probabilities given by their land.

    Each of the n cells drawn, with replacement, represents one n-th of the region's land: the
    expected total over all draws is the sum over all cells (Hansen & Hurwitz 1943,
    doi:10.1214/aoms/1177731356).

    Parameters
    ----------
    exact : Footprint
        All cells with their own areas.
    cells : tuple of ndarray of int, one per region
        Positions of the cells of each region.
    upper : tuple of ndarray, one per region
        Cumulative share of the region's land up to and including each of its cells [1].
    theta : Tensor, shape (region, region * draw)
        Areas of the cells drawn in a step: the region's land divided by ``n_drawn`` for its own
        cells, zero for others [1e15 m2].
    n_drawn : int
        Number of cells drawn in each region.
    """

    exact: Footprint
    cells: tuple[np.ndarray, ...]
    upper: tuple[np.ndarray, ...]
    theta: Tensor
    n_drawn: int

    def draw(self, rng: np.random.Generator) -> Footprint:
        """Footprint of one training step, of cells drawn at random."""
        place = rng.random((len(self.cells), self.n_drawn))
        drawn = [
            cells[np.searchsorted(upper, row, side="right")]
            for cells, upper, row in zip(self.cells, self.upper, place, strict=True)
        ]
        cells = torch.from_numpy(np.concatenate(drawn)).to(self.theta.device)
        return Footprint(cells, self.theta, self.exact.intercept)

    def full(self) -> Footprint:
        """Footprint of all cells."""
        return self.exact


class Contributions(NamedTuple):
    """The arrays of an operator: the areas that cells represent in each region.

    Parameters
    ----------
    theta : ndarray, shape (region, contribution)
        Area that each cell represents [1e15 m2].
    intercept : ndarray, shape (region,)
        Constant part of each regional total [PgC d-1].
    n_drawn : int
        Number of cells that a step draws at random in each region, in proportion to ``theta``,
        which is then their land area; 0 if all cells contribute at every step.
    """

    theta: np.ndarray
    intercept: np.ndarray
    n_drawn: int = 0

    def on_device(self, device: torch.device) -> Operator:
        """Copy the operator to a device."""
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
            shares[-1] = 1.0  # despite rounding, a draw just below one must select the last cell
        theta = torch.from_numpy(own.astype(np.float32)).to(exact.theta.device)
        return SampledOperator(exact, cells, upper, theta, self.n_drawn)


def month_weights(month: np.ndarray, month_days: np.ndarray) -> np.ndarray:
    """Weights that turn daily values into monthly totals.

    The total of a month is the mean over the days that are used, multiplied by its true length.

    Parameters
    ----------
    month : ndarray of int, shape (day,)
        Month of each day, counted from 0.
    month_days : ndarray, shape (month,)
        True length of each month [d].

    Returns
    -------
    ndarray, shape (day, month)
        Weights; each column sums to the length of its month [d].

    Raises
    ------
    ValueError
        If a month has no day.
    """
    count = np.bincount(month, minlength=len(month_days))
    if (count == 0).any():
        raise ValueError("a month has no day: the stride between days is too long")
    within = month[:, None] == np.arange(len(month_days))
    return np.asarray(within * (month_days / count))


def regional_totals(nee: Tensor, footprint: Footprint, weights: Tensor) -> Tensor:
    """Monthly regional totals: Eq. 5 multiplied by the number of days in the month.

    Parameters
    ----------
    nee : Tensor, shape (contribution * day,)
        NEE of each cell and day, in the order of `DeviceDrivers.rows` [g m-2 d-1].
    footprint : Footprint
        Contributions of the cells to the regions.
    weights : Tensor, shape (day, month)
        Weights from `month_weights` [d].

    Returns
    -------
    Tensor, shape (region, month)
        Regional totals [PgC month-1].
    """
    daily = footprint.theta @ nee.view(-1, len(weights))
    return torch.addmm(footprint.intercept[:, None] * weights.sum(0), daily, weights)
