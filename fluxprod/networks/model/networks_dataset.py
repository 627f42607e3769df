"""Members as a dataset and back: named arrays that can be read without this code, no pickle."""

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.variables import drivers_in
from fluxprod.networks.model.light_use import FORMULA, N_OUTPUTS, light_use_of
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.scaling import Scaling
from fluxprod.networks.model.schema import check_schema
from fluxprod.networks.settings import LIGHT_USE


def networks_dataset(
    members: Sequence[Member], folds: Sequence[int], drivers: Sequence[str], seed: int
) -> xr.Dataset:
    """Weights and scaling of all members.

    Parameters
    ----------
    members : sequence of Member
        Trained networks.
    folds : sequence of int
        Fold that each member never saw.
    drivers : sequence of str
        Names of the drivers, in the order in which the networks take them.
    seed : int
        Seed of the training.

    Returns
    -------
    Dataset
        ``weight_k`` (member, layer_k-1, layer_k) and ``bias_k`` (member, layer_k), where layer_0
        is ``driver``; ``driver_mean``, ``driver_std`` (member, driver) and ``nee_mean``,
        ``nee_std`` (member); ``best_step`` (member). NEE [g m-2 d-1] is
        ``nee_mean + nee_std * network((x - driver_mean) / driver_std)`` if the network has one
        output. Networks with two have the attributes ``form``, which is ``light_use``, and
        ``NEE``, the formula that takes the place of this one.
    """
    best_step = np.array([member.best_step for member in members], np.int32)
    variables: dict[str, Any] = scaling_variables(members) | {"best_step": ("member", best_step)}
    stacked = [np.stack(arrays) for arrays in zip(*(m.weights for m in members), strict=True)]
    for layer in range(1, len(stacked) // 2 + 1):
        inputs = "driver" if layer == 1 else f"layer_{layer - 1}"
        weight, bias = stacked[2 * layer - 2 : 2 * layer]
        variables[f"weight_{layer}"] = (("member", inputs, f"layer_{layer}"), weight)
        variables[f"bias_{layer}"] = (("member", f"layer_{layer}"), bias)
    return xr.Dataset(
        variables,
        coords={"member": np.asarray(folds, np.int32), "driver": list(drivers)},
        attrs={
            "description": "fully connected network: ReLU after each layer but the last; "
            "a member is named by the fold that it never saw",
            "seed": seed,
            **({"form": LIGHT_USE, "NEE": FORMULA} if members[0].scaling.light_use else {}),
        },
    )


def scaling_variables(members: Sequence[Member]) -> dict[str, Any]:
    """Means and standard deviations of the training records of all members, by name."""
    scalings = [member.scaling for member in members]
    return {
        "driver_mean": (("member", "driver"), np.stack([s.x_mean for s in scalings])),
        "driver_std": (("member", "driver"), np.stack([s.x_std for s in scalings])),
        "nee_mean": ("member", np.array([s.y_mean for s in scalings])),
        "nee_std": ("member", np.array([s.y_std for s in scalings])),
    }


def scaling_of(dataset: xr.Dataset, n_outputs: int) -> Scaling:
    """Scaling of the one member in a dataset without the dimension ``member``."""
    drivers = [str(name) for name in dataset.driver.values]
    return Scaling(
        dataset.driver_mean.values,
        dataset.driver_std.values,
        float(dataset.nee_mean),
        float(dataset.nee_std),
        light_use_of(drivers) if n_outputs == N_OUTPUTS else None,
    )


def drivers_of(dataset: xr.Dataset, stored: Container, source: Path | str) -> list[str]:
    """Names of the drivers that networks take, in their order.

    Parameters
    ----------
    dataset : Dataset
        Networks, as made by `networks_dataset`, or any other dataset with their drivers.
    stored : container of str
        Names in the driver store that the networks will be given.
    source : Path or str
        Name of the file of networks, for error messages.

    Raises
    ------
    DataError
        If the store lacks one of them, or if they are not in the order of `drivers_in`.
    """
    found = [str(name) for name in dataset.driver.values] if "driver" in dataset.coords else []
    known = drivers_in(stored)
    if not found or found != [name for name in known if name in found]:
        expected = f"drivers of the store, in its order: {', '.join(known)}"
        raise DataError(source, "driver", found, expected, "train again")
    return found


def members_of(dataset: xr.Dataset, drivers: Sequence[str], source: Path | str) -> list[Member]:
    """Members in a dataset that was made by `networks_dataset`.

    Parameters
    ----------
    dataset : Dataset
        Networks, as read from a file.
    drivers : sequence of str
        Drivers that the networks must take, in this order.
    source : Path or str
        Name of the file, for error messages.

    Returns
    -------
    list of Member
        Trained networks, without their histories.

    Raises
    ------
    DataError
        If the networks were trained on other drivers or in another order, or if the dataset does
        not hold complete networks and nothing else.
    """
    found = [str(name) for name in dataset.driver.values] if "driver" in dataset.coords else None
    if found != list(drivers):
        raise DataError(source, "driver", found, list(drivers), "train again")
    check_schema(dataset, source)
    n_layers = sum(str(name).startswith("weight_") for name in dataset.data_vars)
    names = [f"{kind}_{k}" for k in range(1, n_layers + 1) for kind in ("weight", "bias")]
    return [_member(dataset.isel(member=index), names) for index in range(dataset.sizes["member"])]


def _member(dataset: xr.Dataset, names: list[str]) -> Member:
    weights = [np.ascontiguousarray(dataset[name].values, dtype=np.float32) for name in names]
    scaling = scaling_of(dataset, len(weights[-1]))
    return Member(weights, scaling, int(dataset.best_step), [])
