"""NEE of all members at many cells, whose drivers are put together once for all members."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from fluxprod.core.time_axis import monthly_means
from fluxprod.networks.model.cell_drivers import CellDrivers
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.mlp import predict


class Fluxes(NamedTuple):
    """NEE of a block of cells [g m-2 d-1].

    Parameters
    ----------
    mean, spread : ndarray, shape (cell, day)
        Of the members; the spread is their standard deviation with n - 1, NaN of one member.
    month : ndarray, shape (member, cell, month)
        Monthly means of each member.
    """

    mean: np.ndarray
    spread: np.ndarray
    month: np.ndarray


def forward_block(
    drivers: CellDrivers,
    members: Sequence[Member],
    time: pd.DatetimeIndex,
    *,
    chunk: int,
    device: torch.device,
) -> Fluxes:
    """Run all members at all days of a block of cells; a missing driver gives missing NEE.

    Parameters
    ----------
    drivers : CellDrivers
        Of the block, in the order of the members' drivers.
    members : sequence of Member
    time : DatetimeIndex
        Of the drivers' days, whole months.
    chunk : int
        Cell-days, in whole cells, that are put together at once on the CPU.
    device : torch.device
    """
    n_cells, here = len(drivers.values[0]), drivers.on_device(device)
    networks = [absorbed(member, device) for member in members]
    days = torch.arange(len(time), device=device)
    nee = torch.empty(len(members), n_cells, len(time), device=device)
    if device.type != "cpu":
        chunk = n_cells * len(time)  # an accelerator is bound by calls, not by a cache
    for cells in torch.arange(n_cells, device=device).split(max(1, chunk // len(time))):
        x = here.rows(days, cells)  # shared by all members while it is in the cache
        for member, weights in enumerate(networks):
            nee[member, cells[0] : cells[-1] + 1] = predict(x, weights).view(len(cells), -1)
    return statistics(nee, time)


def statistics(nee: Tensor, time: pd.DatetimeIndex) -> Fluxes:
    """Daily mean and spread over members and monthly means of each, of (member, cell, day)."""
    mean, n_members = nee.mean(0), len(nee)
    spread = torch.zeros_like(mean)
    for one in nee:  # Tensor.std over the leading axis is seven times slower
        spread.add_((one - mean).square_())
    spread = (spread / (n_members - 1)).sqrt_()  # 0 / 0: one member has no spread
    month = monthly_means(nee.cpu().numpy(), time)
    return Fluxes(mean.cpu().numpy(), spread.cpu().numpy(), month)


def absorbed(member: Member, device: torch.device) -> list[Tensor]:
    """Weights of a network from drivers in their units to NEE [g m-2 d-1].

    Scaling is linear, so the first and the last layer can carry it.
    """
    scaling = member.scaling
    weights = [weight.astype(np.float64) for weight in member.weights]
    weights[0] = weights[0] / scaling.x_std[:, None]
    weights[1] = weights[1] - scaling.x_mean @ weights[0]
    weights[-2] = weights[-2] * scaling.y_std
    weights[-1] = weights[-1] * scaling.y_std + scaling.y_mean
    return [torch.from_numpy(weight.astype(np.float32)).to(device) for weight in weights]
