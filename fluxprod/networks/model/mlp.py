"""The feed-forward network of Upton et al., Fig. B1: fully connected layers, ReLU, linear output.

Weights are a flat list ``[weight_1, bias_1, weight_2, bias_2, ...]``, weights of shape
(inputs, outputs). On a CPU rows pass in blocks, compiled; see `fluxprod.networks.model.kernel`.
"""

import weakref
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from fluxprod.networks.model import kernel


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
    return _CompiledNetwork.apply(x, *weights)


@torch.no_grad()
def predict(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """Output of the network, hidden layers forgotten: for validation and forward runs."""
    if x.device.type != "cpu":
        return _whole(x, weights)
    n_rows = kernel.block_rows(_arrays(weights[::2]))
    hidden = _arrays([x.new_empty(n_rows, len(bias)) for bias in weights[1:-2:2]])
    return _forward(x, weights, hidden)


def _whole(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """All rows at once, for an accelerator: it is bound by calls, not by a cache."""
    layer = x
    for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        layer = torch.addmm(bias, layer, weight).relu()
    return torch.addmm(weights[-1], layer, weights[-2]).squeeze(1)


class _CompiledNetwork(torch.autograd.Function):
    """Forward and backward pass, the hidden layers kept between them.

    Autograd moves every intermediate through memory; this is bound by the matrix products.
    """

    @staticmethod
    def forward(ctx, x: Tensor, *weights: Tensor) -> Tensor:
        size = len(x) * sum(len(bias) for bias in weights[1:-2:2])
        ctx.room = _take_room(size, x.numpy().dtype)
        weakref.finalize(ctx, _free_rooms.append, ctx.room)  # when the graph is gone
        ctx.save_for_backward(x, *weights)
        return _forward(x, weights, _layers_in(ctx.room, len(x), weights))

    @staticmethod
    @once_differentiable
    def backward(ctx, slope: Tensor) -> tuple[Tensor | None, ...]:
        x, *weights = ctx.saved_tensors
        gradients = [torch.zeros_like(weight) for weight in weights]
        rows, by_output, *matrices = _arrays([x, slope, *weights[::2]])
        kernel.backward(
            rows,
            by_output,
            tuple(matrices),
            _layers_in(ctx.room, len(x), weights),
            _arrays(gradients[::2]),
            _arrays(gradients[1::2]),
            kernel.block_rows(matrices),
        )
        return None, *gradients


def _forward(x: Tensor, weights: Sequence[Tensor], hidden: kernel.Arrays) -> Tensor:
    """Fill the hidden layers; those of a block alone are filled by one block after the other."""
    output = x.new_empty(len(x))
    matrices, biases = _arrays(weights[::2]), _arrays(weights[1::2])
    rows, into = _arrays([x, output])
    kernel.forward(rows, into, matrices, biases, hidden, kernel.block_rows(matrices))
    return output


def _arrays(tensors: Sequence[Tensor]) -> kernel.Arrays:
    """Windows on the memory of tensors, copies of those that are not contiguous."""
    return tuple(tensor.detach().contiguous().numpy() for tensor in tensors)


# Hidden layers of graphs that are gone: fresh memory costs as much as the products that fill it.
_free_rooms: list[np.ndarray] = []


def _take_room(size: int, dtype: np.dtype) -> np.ndarray:
    """The smallest free room for so many numbers, or a new one in place of the largest."""
    _free_rooms.sort(key=len)
    for index, room in enumerate(_free_rooms):
        if len(room) >= size and room.dtype == dtype:
            return _free_rooms.pop(index)
    if _free_rooms:
        _free_rooms.pop()
    return np.empty(size, dtype)  # numpy's large arrays lie on large pages, torch's do not


def _layers_in(room: np.ndarray, n_rows: int, weights: Sequence[Tensor]) -> kernel.Arrays:
    """Hidden layers (row, neuron), one after another in the room."""
    ends = np.cumsum([n_rows * len(bias) for bias in weights[1:-2:2]])
    layers = np.split(room[: ends[-1]], ends[:-1])
    return tuple(layer.reshape(n_rows, -1) for layer in layers)
