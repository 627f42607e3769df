"""Checks of the values of one flux, block by block: presence, range and sums."""

from typing import Protocol

import numpy as np
import xarray as xr

from fluxprod.core.regions import REGIONS, UNASSIGNED
from fluxprod.core.variables import VARIABLES
from fluxprod.verify.values.blocks import Block


class BlockCheck(Protocol):
    """A check that takes the blocks of a flux one by one and then lists the faults of all."""

    def add(self, block: Block, values: np.ndarray) -> None:
        """Take the values of a block, dims (time, ..., lat, lon)."""

    def faults(self) -> list[str]:
        """Faults of the blocks that were taken."""


class Presence:
    """Check that a flux has values on land only, and on all land but a stated number of cells.

    Parameters
    ----------
    land : ndarray of bool, shape (lat, lon)
        Cells with land.
    without : int
        Number of land cells that may have no values because they have no drivers.
    """

    def __init__(self, land: np.ndarray, without: int = 0) -> None:
        self.land, self.without = land, without
        self.without_values = np.zeros_like(land)
        self.excess = 0

    def add(self, block: Block, values: np.ndarray) -> None:
        """Find land cells without values, and count values outside land."""
        present, land = np.isfinite(values), self.land[block["lat"]]
        over = tuple(range(values.ndim - 2))
        self.without_values[block["lat"]] |= (~present & land).any(axis=over)
        self.excess += int((present & ~land).sum())

    def faults(self) -> list[str]:
        """Both numbers, where they are not as they should be."""
        faults = []
        if (missing := int(self.without_values.sum())) > self.without:
            stated = f"; the file states {self.without}" if self.without else ""
            faults.append(f"{missing} cells with land_fraction > 0 have no values{stated}")
        if self.excess:
            faults.append(f"{self.excess} values present where land_fraction is 0")
        return faults


class Range:
    """Check the range of a flux: that of NEE in `fluxprod.core.variables`, from 0 for a spread.

    Parameters
    ----------
    name : str
        Name of the flux.
    """

    def __init__(self, name: str) -> None:
        low, high = VARIABLES["NEE"].valid
        self.limits = (0.0 if name.endswith("_spread") else low, high)
        self.found = (np.inf, -np.inf)

    def add(self, block: Block, values: np.ndarray) -> None:
        """Extend the range that was found."""
        low = np.fmin.reduce(values, axis=None, initial=np.inf)
        high = np.fmax.reduce(values, axis=None, initial=-np.inf)
        self.found = min(self.found[0], float(low)), max(self.found[1], float(high))

    def faults(self) -> list[str]:
        """The range that was found, if it exceeds the valid one."""
        if self.found[0] >= self.limits[0] and self.found[1] <= self.limits[1]:
            return []
        found, limits = ("{:g} to {:g}".format(*pair) for pair in (self.found, self.limits))
        return [f"range {found}, expected {limits} g m-2 d-1"]


class Sums:
    """Sums of a flux over land, weighted by area; missing values count as 0.

    Parameters
    ----------
    weight : ndarray, shape (row, lat, lon)
        Land area of each cell that belongs to each row, 0 elsewhere [m2].
    """

    def __init__(self, weight: np.ndarray) -> None:
        self.weight = weight
        self.land = np.asarray(weight.any(axis=0))
        self.blocks: dict[int, np.ndarray] = {}

    def add(self, block: Block, values: np.ndarray) -> None:
        """Add the sums of a block, which is identified by its first time step."""
        land = self.land[block["lat"]]
        weight = self.weight[:, block["lat"]][:, land]
        sums = np.nan_to_num(values[..., land].astype(float)) @ weight.T
        first = block["time"].start
        self.blocks[first] = self.blocks.get(first, 0.0) + sums

    def faults(self) -> list[str]:
        """None, because sums are compared between files."""
        return []

    def total(self) -> np.ndarray:
        """Sums of all blocks, shape (time, ..., row) [g d-1]."""
        return np.concatenate([self.blocks[first] for first in sorted(self.blocks)])


def land_weight(dataset: xr.Dataset) -> np.ndarray:
    """Land area of all cells, shape (1, lat, lon) [m2]."""
    area = dataset.cell_area.astype(float) * dataset.land_fraction.astype(float)
    return np.asarray(area.values[None])


def region_weight(dataset: xr.Dataset) -> np.ndarray:
    """Land area of the 18 regions, unassigned land and the globe, shape (20, lat, lon) [m2]."""
    area = land_weight(dataset)
    numbers = [*(region.number for region in REGIONS), UNASSIGNED]
    member = dataset.region.values == np.array(numbers)[:, None, None]
    return np.concatenate([member * area, area])
