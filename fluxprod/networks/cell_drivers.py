"""Drivers of many cells, each kept at its own pace: daily, by calendar day, or once.

Table A2's ten are two daily series of a cell, four mean seasonal cycles and four numbers. They
become rows of a network's input only for the days that are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
import xarray as xr
from torch import Tensor

from fluxprod.time_axis import calendar_day

PACES = {("cell", "time"): "daily", ("cell", "calendar_day"): "seasonal", ("cell",): "static"}


@dataclass(frozen=True)
class CellDrivers:
    """Drivers of cells as plain arrays.

    Parameters
    ----------
    values : tuple of ndarray
        One per driver, in the network's order and the drivers' units: (cell, day), (cell, 366)
        or (cell,).
    paces : tuple of str
        ``daily``, ``seasonal`` or ``static``.
    season : ndarray of int, shape (day,)
        Calendar day, from 0, of each day.
    """

    values: tuple[np.ndarray, ...]
    paces: tuple[str, ...]
    season: np.ndarray

    def prepared(
        self, mean: np.ndarray, std: np.ndarray, device: torch.device
    ) -> "PreparedDrivers":
        """Scaled, as float32 on the device."""
        scaled = (
            ((values - m) / s).astype(np.float32)
            for values, m, s in zip(self.values, mean, std, strict=True)
        )
        return PreparedDrivers(
            tuple(torch.from_numpy(values).to(device) for values in scaled),
            self.paces,
            torch.from_numpy(self.season).to(device),
        )


def cell_drivers(dataset: xr.Dataset, names: Sequence[str]) -> CellDrivers:
    """Take the named drivers, in that order, from a driver store or a part of it."""
    fields = [
        dataset[name].transpose("cell", *(dim for dim in dataset[name].dims if dim != "cell"))
        for name in names
    ]
    return CellDrivers(
        tuple(field.values for field in fields),
        tuple(PACES[tuple(map(str, field.dims))] for field in fields),
        calendar_day(pd.DatetimeIndex(dataset.time.values)) - 1,
    )


@dataclass(frozen=True)
class PreparedDrivers:
    """Drivers of cells on a device, scaled [1]; fields as those of `CellDrivers`."""

    values: tuple[Tensor, ...]
    paces: tuple[str, ...]
    season: Tensor

    def rows(self, days: Tensor, cells: Tensor | None = None) -> Tensor:
        """Input of a network at some days of some cells.

        Parameters
        ----------
        days : Tensor of int, shape (day,)
        cells : Tensor of int, shape (cell,), optional
            All of them if None.

        Returns
        -------
        Tensor, shape (cell * day, driver)
            The days of the first cell, of the second, and so on.
        """
        columns = [
            self._at(values, pace, days, cells)
            for values, pace in zip(self.values, self.paces, strict=True)
        ]
        n_cells = max(len(column) for column in columns)
        rows = columns[0].new_empty(n_cells, len(days), len(columns))
        for index, column in enumerate(columns):
            rows[:, :, index] = column
        return rows.view(-1, len(columns))

    def _at(self, values: Tensor, pace: str, days: Tensor, cells: Tensor | None) -> Tensor:
        if cells is not None:
            values = values.index_select(0, cells)
        if pace == "static":
            return values[:, None]
        return values.index_select(1, days if pace == "daily" else self.season[days])
