"""Drivers of many cells, each stored at its own frequency: daily, by calendar day, or once.

Those of Table A2, for example, are two daily series, four mean seasonal cycles and four constants
for each cell. They are expanded to rows of network input only for the days that are requested.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
import xarray as xr
from torch import Tensor

from fluxprod.core.time_axis import calendar_day
from fluxprod.core.variables import drivers_in
from fluxprod.networks.model.scaling import Scaling

PACES = {("cell", "time"): "daily", ("cell", "calendar_day"): "seasonal", ("cell",): "static"}


@dataclass(frozen=True)
class CellDrivers:
    """Drivers of cells as plain arrays.

    Parameters
    ----------
    values : tuple of ndarray of float32
        One array per driver, in the order of the network and in the units of the drivers: (cell,
        day), (cell, 366) or (cell,).
    paces : tuple of str
        ``daily``, ``seasonal`` or ``static`` for each driver.
    season : ndarray of int, shape (day,)
        Calendar day of each day, counted from 0.
    """

    values: tuple[np.ndarray, ...]
    paces: tuple[str, ...]
    season: np.ndarray

    def on_device(self, device: torch.device) -> "DeviceDrivers":
        """Copy the drivers to a device, once for all members."""
        return DeviceDrivers(
            tuple(torch.from_numpy(values).to(device) for values in self.values),
            self.paces,
            torch.from_numpy(self.season).to(device),
        )


def stored_cell_drivers(dataset: xr.Dataset, names: Sequence[str]) -> CellDrivers:
    """Take the named drivers, in the given order, from a driver store or a part of it."""
    fields = [
        dataset[name].transpose("cell", *(dim for dim in dataset[name].dims if dim != "cell"))
        for name in names
    ]
    return CellDrivers(
        tuple(field.values.astype(np.float32, copy=False) for field in fields),
        tuple(PACES[tuple(map(str, field.dims))] for field in fields),
        calendar_day(pd.DatetimeIndex(dataset.time.values)) - 1,
    )


def without_other_drivers(store: xr.Dataset, names: Sequence[str]) -> xr.Dataset:
    """Leave all drivers but the named ones out of a driver store, so that they are never read."""
    return store.drop_vars([name for name in drivers_in(store) if name not in names])


@dataclass(frozen=True)
class DeviceDrivers:
    """Drivers of cells on a device, in their units; the fields are those of `CellDrivers`."""

    values: tuple[Tensor, ...]
    paces: tuple[str, ...]
    season: Tensor

    def rows(
        self, days: Tensor, cells: Tensor | None = None, scaling: Scaling | None = None
    ) -> Tensor:
        """Input of a network for the given days of the given cells.

        Parameters
        ----------
        days : Tensor of int, shape (day,)
            Positions of the days on the time axis.
        cells : Tensor of int, shape (cell,), optional
            Positions of the cells; None for all.
        scaling : Scaling, optional
            Scaling of a member; None leaves the drivers in their units.

        Returns
        -------
        Tensor, shape (cell * day, driver)
            Rows ordered by cell, then by day.
        """
        season = self.season[days]
        columns = [
            _at(values, days if pace == "daily" else season, cells)
            for values, pace in zip(self.values, self.paces, strict=True)
        ]
        if scaling:  # before constants are repeated for all days
            moments = zip(scaling.x_mean.tolist(), scaling.x_std.tolist(), strict=True)
            columns = [(column - m) / s for column, (m, s) in zip(columns, moments, strict=True)]
        rows = columns[0].new_empty(len(columns[0]), len(days), len(columns))
        for index, column in enumerate(columns):
            rows[:, :, index] = column
        return rows.view(-1, len(columns))


def _at(values: Tensor, days: Tensor, cells: Tensor | None) -> Tensor:
    """Values on some days of some cells, (cell, day), or (cell, 1) for a constant driver."""
    if values.ndim == 1:
        return (values if cells is None else values.index_select(0, cells))[:, None]
    return values.index_select(1, days) if cells is None else values[cells[:, None], days]
