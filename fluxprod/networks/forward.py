"""NEE of all members at many cells, whose drivers are assembled once for all members."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from fluxprod.core.time_axis import monthly_means
from fluxprod.networks.model.cell_drivers import CellDrivers
from fluxprod.networks.model.light_use import light_use_nee
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.mlp import predict
from fluxprod.networks.model.scaling import Scaling


class Fluxes(NamedTuple):
    """NEE of a block of cells [g m-2 d-1].

    Parameters
    ----------
    mean, spread : ndarray, shape (cell, day)
        Mean and standard deviation (n - 1) over the members [g m-2 d-1]; the standard deviation of
        a single member is NaN.
    month : ndarray, shape (member, cell, month)
        Monthly means of each member [g m-2 d-1].
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
    """Run all members on all days of a block of cells; a missing driver gives missing NEE.

    Parameters
    ----------
    drivers : CellDrivers
        Drivers of the block, in the order in which the members take them.
    members : sequence of Member
        Trained networks of the ensemble.
    time : DatetimeIndex
        Days of the drivers, in complete months.
    chunk : int
        Cell-days, rounded down to complete cells, whose drivers are assembled at once on the CPU.
    device : torch.device
        Device on which the networks are run.

    Returns
    -------
    Fluxes
        Daily mean and spread, and monthly means of each member [g m-2 d-1].
    """
    n_cells, drivers_here = len(drivers.values[0]), drivers.on_device(device)
    networks = [weights_with_scaling(member, device) for member in members]
    days = torch.arange(len(time), device=device)
    nee = torch.empty(len(members), n_cells, len(time), device=device)
    if device.type != "cpu":
        chunk = n_cells * len(time)  # calls, not the cache, limit the speed of an accelerator
    for cells in torch.arange(n_cells, device=device).split(max(1, chunk // len(time))):
        x = drivers_here.rows(days, cells)  # used by all members while it is in the cache
        for member, weights in enumerate(networks):
            output = network_nee(members[member].scaling, predict(x, weights), x)
            nee[member, cells[0] : cells[-1] + 1] = output.view(len(cells), -1)
    return statistics(nee, time)


def statistics(nee: Tensor, time: pd.DatetimeIndex) -> Fluxes:
    """Daily mean and spread over members, and monthly means of each, from (member, cell, day)."""
    mean, n_members = nee.mean(0), len(nee)
    spread = torch.zeros_like(mean)
    for of_member in nee:  # Tensor.std over the leading axis is seven times slower
        spread.add_((of_member - mean).square_())
    spread = (spread / (n_members - 1)).sqrt_()  # 0 / 0 = NaN for a single member
    month = monthly_means(nee.cpu().numpy(), time)
    return Fluxes(mean.cpu().numpy(), spread.cpu().numpy(), month)


def weights_with_scaling(member: Member, device: torch.device) -> list[Tensor]:
    """Weights of a network that takes drivers in their units and returns NEE in g m-2 d-1.

    The scaling of drivers and NEE is linear and is therefore folded into the first and last layer.
    The two outputs of the form ``light_use`` are not scaled.
    """
    scaling = member.scaling
    weights = [weight.astype(np.float64) for weight in member.weights]
    weights[0] = weights[0] / scaling.x_std[:, None]
    weights[1] = weights[1] - scaling.x_mean @ weights[0]
    if scaling.light_use is None:
        weights[-2] = weights[-2] * scaling.y_std
        weights[-1] = weights[-1] * scaling.y_std + scaling.y_mean
    return [torch.from_numpy(weight.astype(np.float32)).to(device) for weight in weights]


def network_nee(scaling: Scaling, output: Tensor, x: Tensor) -> Tensor:
    """NEE (row,) [g m-2 d-1] from the output of `weights_with_scaling` for drivers in units."""
    columns = scaling.light_use
    if columns is None:
        return output
    return light_use_nee(output, x[:, columns.temperature], x[:, columns.light])
