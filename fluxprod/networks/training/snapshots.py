"""Snapshots of the networks during training: as a dataset, and their validation by a loss term."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
import xarray as xr

from fluxprod.networks.model.member import Member, Row, split_layers
from fluxprod.networks.model.networks_dataset import scaling_of, scaling_variables
from fluxprod.networks.training.loss_terms import DeviceTerm
from fluxprod.networks.training.validation import validation_metrics


def snapshots_dataset(
    members: Sequence[Member], folds: Sequence[int], drivers: Sequence[str]
) -> xr.Dataset:
    """Weights of all members at each validation.

    Parameters
    ----------
    members : sequence of Member
        Members after training, with their snapshots.
    folds : sequence of int
        Fold that each member never saw.
    drivers : sequence of str
        Names of the drivers, in the order in which the networks take them.

    Returns
    -------
    Dataset
        ``weights`` (member, step, parameter), the weight (input, output) and bias of each layer in
        turn; ``layer_size`` (layer); scaling, named as in `networks_dataset.networks_dataset`.
    """
    first = members[0]
    sizes = [len(first.weights[0]), *(len(bias) for bias in first.weights[1::2])]
    weights = np.stack([m.snapshots for m in members if m.snapshots is not None])
    return xr.Dataset(
        {
            "weights": (("member", "step", "parameter"), weights),
            "layer_size": ("layer", np.array(sizes, np.int32)),
            **scaling_variables(members),
        },
        coords={
            "member": np.asarray(folds, np.int32),
            "step": np.array([row["step"] for row in first.history], np.int32),
            "driver": list(drivers),
        },
        attrs={"description": "fully connected networks in the course of their training"},
    )


def validated_snapshots(
    snapshots: xr.Dataset, term: DeviceTerm, device: torch.device
) -> Iterator[Row]:
    """Validate each snapshot with a loss term that took no part in its training.

    Parameters
    ----------
    snapshots : Dataset
        As returned by `snapshots_dataset`.
    term : DeviceTerm
        Term of the loss.
    device : torch.device
        Device of the term.

    Yields
    ------
    dict of float
        ``fold``, ``step`` and the metrics of `validation.validation_metrics`.
    """
    sizes, steps = snapshots.layer_size.values.tolist(), snapshots.step.values.tolist()
    for fold in snapshots.member.values.tolist():
        of_fold = snapshots.sel(member=fold)
        scaling = scaling_of(of_fold, sizes[-1])
        scaled_term = term.scaled(scaling)
        for step, vector in zip(steps, of_fold.weights.values, strict=True):
            weights = [torch.from_numpy(part).to(device) for part in split_layers(vector, sizes)]
            metrics = validation_metrics(scaled_term, weights, scaling)
            yield {"fold": fold, "step": step} | metrics
