"""The feed-forward network of Upton et al., Fig. B1: fully connected layers, ReLU, linear output.

Weights are a flat list ``[weight_1, bias_1, weight_2, bias_2, ...]``, weights of shape
(inputs, outputs). On a CPU rows pass in chunks whose hidden layers stay in a core's cache.
"""

import weakref
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

CHUNK = 4096  # rows; three hidden layers of 32 float32 are 1.5 MB


def layer_sizes(n_inputs: int, width: int, depth: int) -> tuple[int, ...]:
    """Neurons of each layer, from the inputs to the one output.

    >>> layer_sizes(10, width=32, depth=3)
    (10, 32, 32, 32, 1)
    """
    return (n_inputs, *[width] * depth, 1)


def initial_weights(sizes: Sequence[int], rng: np.random.Generator) -> list[np.ndarray]:
    """Draw weights and biases from U(-1/sqrt(inputs), 1/sqrt(inputs)).

    The rule of ``torch.nn.Linear``, drawn by numpy: its draws are the same on every processor.

    Returns
    -------
    list of ndarray, float32
        Weight and bias of each layer in turn.
    """
    weights = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:], strict=True):
        bound = 1.0 / np.sqrt(inputs)
        weights.append(rng.uniform(-bound, bound, (inputs, outputs)).astype(np.float32))
        weights.append(rng.uniform(-bound, bound, outputs).astype(np.float32))
    return weights


def network(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """Output of the network, differentiable in its weights.

    Parameters
    ----------
    x : Tensor, shape (row, driver)
        Scaled drivers [1].
    weights : sequence of Tensor
        As :func:`initial_weights` orders them.

    Returns
    -------
    Tensor, shape (row,)
        Scaled NEE [1].
    """
    if x.device.type != "cpu":
        return _whole(x, weights)
    return _ChunkedNetwork.apply(x, *weights)


@torch.no_grad()
def predict(x: Tensor, weights: Sequence[Tensor], chunk: int = CHUNK) -> Tensor:
    """Output of the network, hidden layers forgotten: for validation and forward runs."""
    if x.device.type != "cpu":
        return _whole(x, weights)
    hidden = _hidden_layers(min(chunk, len(x)), x, weights)
    output = x.new_empty(len(x))
    for start in range(0, len(x), chunk):
        rows = slice(start, min(start + chunk, len(x)))
        output[rows] = _forward(x[rows], weights, [layer[: rows.stop - start] for layer in hidden])
    return output


def _whole(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """All rows at once, for an accelerator: it is bound by calls, not by a cache."""
    layer = x
    for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        layer = torch.addmm(bias, layer, weight).relu()
    return torch.addmm(weights[-1], layer, weights[-2]).squeeze(1)


class _ChunkedNetwork(torch.autograd.Function):
    """Forward and backward pass in chunks of rows, the backward written out layer by layer.

    Autograd over whole arrays moves every intermediate through memory; this is bound by the
    matrix products alone.
    """

    @staticmethod
    def forward(ctx, x: Tensor, *weights: Tensor) -> Tensor:
        ctx.room = _take_room(len(x) * sum(len(bias) for bias in weights[1:-2:2]), x)
        weakref.finalize(ctx, _free_rooms.append, ctx.room)  # when the graph is gone
        hidden = _layers_in(ctx.room, len(x), weights)
        output = x.new_empty(len(x))
        for rows in _chunks(len(x)):
            output[rows] = _forward(x[rows], weights, [layer[rows] for layer in hidden])
        ctx.save_for_backward(x, *weights)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx, slope: Tensor) -> tuple[Tensor | None, ...]:
        x, *weights = ctx.saved_tensors
        hidden = _layers_in(ctx.room, len(x), weights)
        gradients = [torch.zeros_like(weight) for weight in weights]
        slopes = _hidden_layers(min(CHUNK, len(x)), x, weights)
        for rows in _chunks(len(x)):
            layers = [x[rows], *(layer[rows] for layer in hidden)]
            _add_gradients(gradients, slope[rows, None], layers, weights, slopes)
        return None, *gradients


# Hidden layers of graphs that are gone: fresh memory costs as much as the products that fill it.
_free_rooms: list[Tensor] = []


def _take_room(size: int, like: Tensor) -> Tensor:
    """The smallest free room for so many numbers, or a new one in place of the largest."""
    _free_rooms.sort(key=len)
    for index, room in enumerate(_free_rooms):
        if len(room) >= size and room.dtype == like.dtype:
            return _free_rooms.pop(index)
    if _free_rooms:
        _free_rooms.pop()
    return like.new_empty(size)


def _layers_in(room: Tensor, n_rows: int, weights: Sequence[Tensor]) -> list[Tensor]:
    """Hidden layers (row, neuron), one after another in the room."""
    sizes = [n_rows * len(bias) for bias in weights[1:-2:2]]
    layers = room[: sum(sizes)].split(sizes)
    return [layer.view(n_rows, -1) for layer in layers]


def _chunks(n_rows: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, n_rows, CHUNK)]


def _hidden_layers(n_rows: int, like: Tensor, weights: Sequence[Tensor]) -> list[Tensor]:
    return [like.new_empty(n_rows, len(bias)) for bias in weights[1:-2:2]]


def _forward(x: Tensor, weights: Sequence[Tensor], hidden: Sequence[Tensor]) -> Tensor:
    """Fill the hidden layers of one chunk in place and return its output, shape (row,)."""
    layer = x
    for weight, bias, into in zip(weights[:-2:2], weights[1:-2:2], hidden, strict=True):
        layer = torch.addmm(bias, layer, weight, out=into).relu_()
    return torch.addmm(weights[-1], layer, weights[-2]).squeeze(1)


def _add_gradients(
    gradients: list[Tensor],
    slope: Tensor,
    layers: list[Tensor],
    weights: Sequence[Tensor],
    slopes: list[Tensor],
) -> None:
    """Back-propagate one chunk from the slope of the loss by its output, shape (row, 1).

    The slopes by the hidden layers go into ``slopes``.
    """
    for index in reversed(range(len(layers))):
        gradients[2 * index].addmm_(layers[index].T, slope)
        gradients[2 * index + 1].add_(slope.sum(0))
        if index:
            into = slopes[index - 1][: len(slope)]
            torch.mm(slope, weights[2 * index].T, out=into)
            # ReLU passes a slope where its output, kept in place of its input, is positive.
            slope = torch.ops.aten.threshold_backward.grad_input(
                into, layers[index], 0, grad_input=into
            )
