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

from fluxprod.core.time_axis import calendar_day
from fluxprod.networks.model.scaling import Scaling

PACES = {("cell", "time"): "daily", ("cell", "calendar_day"): "seasonal", ("cell",): "static"}


@dataclass(frozen=True)
class CellDrivers:
    """Drivers of cells as plain arrays.

    Parameters
    ----------
    values : tuple of ndarray of float32
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

    def on_device(self, device: torch.device) -> "DeviceDrivers":
        """As float32 on a device, once for all members."""
        return DeviceDrivers(
            tuple(torch.from_numpy(values).to(device) for values in self.values),
            self.paces,
            torch.from_numpy(self.season).to(device),
        )


def stored_cell_drivers(dataset: xr.Dataset, names: Sequence[str]) -> CellDrivers:
    """Take the named drivers, in that order, from a driver store or a part of it."""
    fields = [
        dataset[name].transpose("cell", *(dim for dim in dataset[name].dims if dim != "cell"))
        for name in names
    ]
    return CellDrivers(
        tuple(field.values.astype(np.float32, copy=False) for field in fields),
        tuple(PACES[tuple(map(str, field.dims))] for field in fields),
        calendar_day(pd.DatetimeIndex(dataset.time.values)) - 1,
    )


@dataclass(frozen=True)
class DeviceDrivers:
    """Drivers of cells on a device, in their units; fields as those of `CellDrivers`."""

    values: tuple[Tensor, ...]
    paces: tuple[str, ...]
    season: Tensor

    def rows(
        self, days: Tensor, cells: Tensor | None = None, scaling: Scaling | None = None
    ) -> Tensor:
        """Input of a network at some days of some cells.

        Parameters
        ----------
        days : Tensor of int, shape (day,)
        cells : Tensor of int, shape (cell,), optional
            All of them if None.
        scaling : Scaling, optional
            Of a member; None leaves the drivers in their units.

        Returns
        -------
        Tensor, shape (cell * day, driver)
            The days of the first cell, of the second, and so on.
        """
        season = self.season[days]
        columns = [
            _at(values, days if pace == "daily" else season, cells)
            for values, pace in zip(self.values, self.paces, strict=True)
        ]
        if scaling:  # before what is the same on all days is repeated
            moments = zip(scaling.x_mean.tolist(), scaling.x_std.tolist(), strict=True)
            columns = [(column - m) / s for column, (m, s) in zip(columns, moments, strict=True)]
        rows = columns[0].new_empty(len(columns[0]), len(days), len(columns))
        for index, column in enumerate(columns):
            rows[:, :, index] = column
        return rows.view(-1, len(columns))


def _at(values: Tensor, days: Tensor, cells: Tensor | None) -> Tensor:
    """Values at some days of some cells, (cell, day); (cell, 1) of what has no days."""
    if values.ndim == 1:
        return (values if cells is None else values.index_select(0, cells))[:, None]
    return values.index_select(1, days) if cells is None else values[cells[:, None], days]
