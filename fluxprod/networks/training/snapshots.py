"""Networks in the course of training: as a dataset, and what a term says of them."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
import xarray as xr

from fluxprod.networks.model.member import Member, Row, layers
from fluxprod.networks.model.networks_dataset import scaling_of, scaling_variables
from fluxprod.networks.training.loss_terms import DeviceTerm
from fluxprod.networks.training.validation import judged


def trail_as_dataset(
    members: Sequence[Member], folds: Sequence[int], drivers: Sequence[str]
) -> xr.Dataset:
    """Weights of all members at each validation.

    Returns
    -------
    Dataset
        ``weights`` (member, step, parameter), each layer's weight (input, output) and bias in
        turn; ``layer_size`` (layer); scaling as `as_dataset` names it.
    """
    first = members[0]
    sizes = [len(first.weights[0]), *(len(bias) for bias in first.weights[1::2])]
    weights = np.stack([member.trail for member in members if member.trail is not None])
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


def judged_trail(trail: xr.Dataset, term: DeviceTerm, device: torch.device) -> Iterator[Row]:
    """What a term says of each network of a trail, without a part in its training.

    Parameters
    ----------
    trail : Dataset
        Of `trail_as_dataset`.
    term : DeviceTerm
    device : torch.device
        Of the term.

    Yields
    ------
    dict of float
        ``fold``, ``step`` and what `judged` gives.
    """
    sizes = trail.layer_size.values.tolist()
    for fold in trail.member.values.tolist():
        of_fold = trail.sel(member=fold)
        scaling = scaling_of(of_fold)
        here = term.scaled(scaling)
        for step, vector in zip(trail.step.values.tolist(), of_fold.weights.values, strict=True):
            weights = [torch.from_numpy(part).to(device) for part in layers(vector, sizes)]
            yield {"fold": fold, "step": step} | judged(here, weights, scaling)
