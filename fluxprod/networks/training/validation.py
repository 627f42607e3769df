"""Losses of a network on the data that a term holds out of training."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.model.member import Row
from fluxprod.networks.model.mlp import predict
from fluxprod.networks.model.scaling import Scaling
from fluxprod.networks.training.loss_terms import Term


def validation_metrics(term: Term, weights: Sequence[Tensor], scaling: Scaling) -> Row:
    """Mean losses and their parts over all samples that a term holds out.

    Parameters
    ----------
    term : Term
        Term of the loss.
    weights : sequence of Tensor
        Weights and biases, in the order of `mlp.initial_weights`.
    scaling : Scaling
        Scaling of the network.

    Returns
    -------
    dict of float
        ``val_l_NAME`` for each loss of the term, and its diagnostics.
    """
    losses, parts = [], []
    for sample in term.held_out():
        nee = scaling.nee(predict(sample.x, weights), sample.x)
        losses.append(sample.losses(nee))
        parts.append(sample.diagnostics(nee))
    means = torch.stack(losses).mean(0).tolist()
    row: Row = {f"val_l_{name}": mean for name, mean in zip(term.names, means, strict=True)}
    return row | {name: float(np.mean([part[name] for part in parts])) for name in parts[0]}
