"""A training step of many members at once, for an accelerator: one product per layer for all.

Calls limit the speed of an accelerator, so the networks are batched. Draws, losses and optimisers
remain separate for each member, which therefore follows the same course as if trained alone.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from fluxprod.networks.loss import total_loss
from fluxprod.networks.training.state import TrainingState


def advance_batched(
    states: Sequence[TrainingState], step: int, moving: Sequence[TrainingState]
) -> None:
    """Take one step of Adam on Eq. 11 for each member in ``moving``.

    Parameters
    ----------
    states : sequence of TrainingState
        States of all members: networks of the same size, on the same device.
    step : int
        Number of the step, from 1.
    moving : sequence of TrainingState
        The states that take the step. Outputs of the others are computed as well: a product over
        fewer networks may round differently, and a resumed run would then give other members.
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
        state.apply_gradients(step, own)


def outputs(
    rows: Sequence[Sequence[Tensor]], states: Sequence[TrainingState]
) -> list[list[Tensor]]:
    """Output of each member's network for its own rows, sample by sample.

    Parameters
    ----------
    rows : sequence of sequence of Tensor, shape (row, driver)
        Scaled drivers of each member and sample; numbers of rows may differ [1].
    states : sequence of TrainingState
        States of the members, in the same order.

    Returns
    -------
    list of list of Tensor, shape (row,) or (row, 2)
        Output for each member and sample [1].
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
    """Output of many networks at once, differentiable with respect to their weights.

    Parameters
    ----------
    x : Tensor, shape (member, row, driver)
        Scaled drivers [1].
    weights : sequence of Tensor, shape (member, inputs, outputs) and (member, outputs)
        Weight and bias of each layer in turn.

    Returns
    -------
    Tensor, shape (member, row) or (member, row, 2)
        Outputs [1].
    """
    layer = x
    for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        layer = torch.baddbmm(bias[:, None], layer, weight).relu()
    return torch.baddbmm(weights[-1][:, None], layer, weights[-2]).squeeze(2)
