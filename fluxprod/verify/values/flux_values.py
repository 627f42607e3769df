"""Values of one flux, block by block: where they are, how large, and what they sum to."""

from typing import Protocol

import numpy as np
import xarray as xr

from fluxprod.core.regions import REGIONS, UNASSIGNED
from fluxprod.core.variables import VARIABLES
from fluxprod.verify.values.blocks import Block


class Check(Protocol):
    """Takes blocks, dims (time, ..., lat, lon), and says what is wrong with all of them."""

    def add(self, block: Block, values: np.ndarray) -> None:
        """Take the values of a block."""

    def faults(self) -> list[str]:
        """What was wrong so far."""


class Presence:
    """A flux exists on land alone, and on all of it but for as many cells as the file states.

    Parameters
    ----------
    land : ndarray of bool, shape (lat, lon)
    without : int
        Land cells that may lack values: they have no drivers.
    """

    def __init__(self, land: np.ndarray, without: int = 0) -> None:
        self.land, self.without = land, without
        self.lacking = np.zeros_like(land)
        self.excess = 0

    def add(self, block: Block, values: np.ndarray) -> None:
        """Note which cells lack values, and count values that are too many."""
        present, land = np.isfinite(values), self.land[block["lat"]]
        over = tuple(range(values.ndim - 2))
        self.lacking[block["lat"]] |= (~present & land).any(axis=over)
        self.excess += int((present & ~land).sum())

    def faults(self) -> list[str]:
        """Say both counts."""
        faults = []
        if (lacking := int(self.lacking.sum())) > self.without:
            stated = f", the file states {self.without}" if self.without else ""
            faults.append(f"{lacking} cells with land_fraction > 0 miss values{stated}")
        if self.excess:
            faults.append(f"{self.excess} values present where land_fraction is 0")
        return faults


class Range:
    """A flux stays in a range: NEE in that of `fluxprod.core.variables`, a spread above zero.

    Parameters
    ----------
    name : str
        Of the flux.
    """

    def __init__(self, name: str) -> None:
        low, high = VARIABLES["NEE"].valid
        self.limits = (0.0 if name.endswith("_spread") else low, high)
        self.found = (np.inf, -np.inf)

    def add(self, block: Block, values: np.ndarray) -> None:
        """Widen the range that was found."""
        low = np.fmin.reduce(values, axis=None, initial=np.inf)
        high = np.fmax.reduce(values, axis=None, initial=-np.inf)
        self.found = min(self.found[0], float(low)), max(self.found[1], float(high))

    def faults(self) -> list[str]:
        """Say what was found if it is wider."""
        if self.found[0] >= self.limits[0] and self.found[1] <= self.limits[1]:
            return []
        found, limits = ("{:g} to {:g}".format(*pair) for pair in (self.found, self.limits))
        return [f"range {found}, expected {limits} g m-2 d-1"]


class Sums:
    """Sums of a flux over land, weighted; missing values count nothing.

    Parameters
    ----------
    weight : ndarray, shape (row, lat, lon)
        Land area of each cell [m2] that belongs to each row, 0 elsewhere.
    """

    def __init__(self, weight: np.ndarray) -> None:
        self.weight = weight
        self.land = np.asarray(weight.any(axis=0))
        self.blocks: dict[int, np.ndarray] = {}

    def add(self, block: Block, values: np.ndarray) -> None:
        """Add the sums of a block, by its first time step."""
        land = self.land[block["lat"]]
        weight = self.weight[:, block["lat"]][:, land]
        sums = np.nan_to_num(values[..., land].astype(float)) @ weight.T
        first = block["time"].start
        self.blocks[first] = self.blocks.get(first, 0.0) + sums

    def faults(self) -> list[str]:
        """Sums are compared by others."""
        return []

    def total(self) -> np.ndarray:
        """All sums, shape (time, ..., row) [g d-1]."""
        return np.concatenate([self.blocks[first] for first in sorted(self.blocks)])


def land_weight(dataset: xr.Dataset) -> np.ndarray:
    """Land area of the globe's cells, shape (1, lat, lon) [m2]."""
    area = dataset.cell_area.astype(float) * dataset.land_fraction.astype(float)
    return area.values[None]


def region_weight(dataset: xr.Dataset) -> np.ndarray:
    """Land area by region, of none, and of the globe, shape (20, lat, lon) [m2]."""
    area = land_weight(dataset)
    numbers = [*(region.number for region in REGIONS), UNASSIGNED]
    member = dataset.region.values == np.array(numbers)[:, None, None]
    return np.concatenate([member * area, area])
