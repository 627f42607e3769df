"""NEE of all members at many cells, in chunks of rows that stay in a core's cache."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from fluxprod.networks.cell_drivers import CellDrivers
from fluxprod.networks.member import Member
from fluxprod.networks.mlp import predict
from fluxprod.time_axis import monthly_means


class Forward(NamedTuple):
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
) -> Forward:
    """Run all members at all days of a block of cells; a missing driver gives missing NEE.

    Parameters
    ----------
    drivers : CellDrivers
        Of the block, in the order of the members' drivers.
    members : sequence of Member
    time : DatetimeIndex
        Of the drivers' days, whole months.
    chunk : int
        Cell-days a call of a network on the CPU.
    device : torch.device
    """
    n_drivers, n_cells = len(drivers.values), len(drivers.values[0])
    prepared = drivers.prepared(np.zeros(n_drivers), np.ones(n_drivers), device)
    networks = [absorbed(member, device) for member in members]
    days = torch.arange(len(time), device=device)
    if device.type != "cpu":
        chunk = n_cells * len(time)  # an accelerator is bound by calls, not by a cache
    groups = torch.arange(n_cells, device=device).split(max(1, chunk // len(time)))
    parts = [_group(prepared.rows(days, cells), networks, time, chunk) for cells in groups]
    return Forward(
        np.concatenate([part.mean for part in parts]),
        np.concatenate([part.spread for part in parts]),
        np.concatenate([part.month for part in parts], axis=1),
    )


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


def _group(
    x: Tensor, networks: Sequence[Sequence[Tensor]], time: pd.DatetimeIndex, chunk: int
) -> Forward:
    """All members at a few cells, whose rows they share while these are in the cache."""
    nee = torch.stack([predict(x, weights, chunk) for weights in networks])
    nee = nee.view(len(networks), -1, len(time))
    mean = nee.mean(0)
    spread = nee.std(0) if len(networks) > 1 else torch.full_like(mean, torch.nan)
    return Forward(mean.cpu().numpy(), spread.cpu().numpy(), monthly_means(nee.cpu().numpy(), time))
