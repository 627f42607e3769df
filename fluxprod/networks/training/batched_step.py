"""A step of many members at once, for an accelerator: one product a layer serves all networks.

An accelerator is bound by calls. Draws, losses and optimisers are those of each member alone, so
the members are the same as if each were trained by itself.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from fluxprod.networks.loss import total_loss
from fluxprod.networks.training.state import TrainingState


def advance_together(
    states: Sequence[TrainingState], step: int, moving: Sequence[TrainingState]
) -> None:
    """One step of Adam on Eq. 11 for each member that moves.

    Parameters
    ----------
    states : sequence of TrainingState
        Of one size of network, on one device.
    step : int
    moving : sequence of TrainingState
        Those of them that take the step. The others are computed beside them: a product over fewer
        networks may round otherwise, and a training that goes on would not give the same members.
    """
    samples = [state.samples(step) for state in states]
    scaled = outputs([[sample.x for sample in own] for own in samples], states)
    losses = [
        (state, state.losses(own, output))
        for state, own, output in zip(states, samples, scaled, strict=True)
        if state in moving
    ]
    for state, _ in losses:
        state.adam.zero_slope()
    totals = [total_loss(own, state.log_variance) for state, own in losses]
    torch.stack(totals).sum().backward()  # no member's loss depends on another's weights
    for state, own in losses:
        state.descend(step, own)


def outputs(
    rows: Sequence[Sequence[Tensor]], states: Sequence[TrainingState]
) -> list[list[Tensor]]:
    """Output of each member's network at its own rows, sample by sample.

    Parameters
    ----------
    rows : sequence of sequence of Tensor, shape (row, driver)
        Of each member and sample; members may have different numbers of rows.
    states : sequence of TrainingState
    """
    own = [torch.cat(list(samples)) for samples in rows]
    x = torch.nn.utils.rnn.pad_sequence(own, batch_first=True)
    stacked = [torch.stack(layer) for layer in zip(*(state.weights for state in states))]
    scaled = networks(x, stacked)
    return [
        list(output[: len(inside)].split([len(sample) for sample in samples]))
        for output, inside, samples in zip(scaled, own, rows, strict=True)
    ]


def networks(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """Output of many networks at once, differentiable in their weights.

    Parameters
    ----------
    x : Tensor, shape (member, row, driver)
        Scaled drivers [1].
    weights : sequence of Tensor, shape (member, inputs, outputs) and (member, outputs)
        Weight and bias of each layer in turn.

    Returns
    -------
    Tensor, shape (member, row)
    """
    layer = x
    for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        layer = torch.baddbmm(bias[:, None], layer, weight).relu()
    return torch.baddbmm(weights[-1][:, None], layer, weights[-2]).squeeze(2)
