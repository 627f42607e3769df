"""The feed-forward network of Upton et al., Fig. B1: fully connected layers, ReLU, linear output.

It has one output, scaled NEE, or the two outputs of `light_use`.

Weights are a flat list ``[weight_1, bias_1, weight_2, bias_2, ...]``, weights of shape
(inputs, outputs). On a CPU `fluxprod.networks.model.kernel` processes rows in blocks.
"""

import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from fluxprod.networks.model import kernel


def layer_sizes(n_inputs: int, width: int, depth: int, n_outputs: int = 1) -> tuple[int, ...]:
    """Number of neurons in each layer, from the inputs to the outputs.

    >>> layer_sizes(10, width=32, depth=3)
    (10, 32, 32, 32, 1)
    """
    return (n_inputs, *[width] * depth, n_outputs)


def initial_weights(sizes: Sequence[int], rng: np.random.Generator) -> list[np.ndarray]:
    """Draw weights and biases from U(-1/sqrt(inputs), 1/sqrt(inputs)).

    This is the rule of ``torch.nn.Linear``; numpy gives the same draws on every processor.

    Parameters
    ----------
    sizes : sequence of int
        Neurons of each layer, from `layer_sizes`.
    rng : numpy.random.Generator
        Source of the draws.

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
    """Output of the network, differentiable with respect to its weights.

    Parameters
    ----------
    x : Tensor, shape (row, driver)
        Scaled drivers [1].
    weights : sequence of Tensor
        Weights and biases, in the order of `initial_weights`.

    Returns
    -------
    Tensor, shape (row,) or (row, 2)
        Scaled NEE [1], or both outputs.
    """
    if x.device.type != "cpu":
        return _all_rows_at_once(x, weights)
    output: Tensor = _CompiledNetwork.apply(x, *weights)
    return output


@torch.no_grad()
def predict(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """Output of the network without hidden layers or gradient, for validation and forward runs."""
    if x.device.type != "cpu":
        return _all_rows_at_once(x, weights)
    n_rows = kernel.block_rows(_arrays(weights[::2]))
    hidden = _arrays([x.new_empty(n_rows, len(bias)) for bias in weights[1:-2:2]])
    return _forward(x, weights, hidden)


def _all_rows_at_once(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """Output without blocks, for an accelerator: its speed is limited by calls, not by a cache."""
    layer = x
    for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        layer = torch.addmm(bias, layer, weight).relu()
    return torch.addmm(weights[-1], layer, weights[-2]).squeeze(1)


class _CompiledNetwork(torch.autograd.Function):
    """Forward and backward pass that keep only the hidden layers between them.

    Autograd would move every intermediate result through memory; here the matrix products dominate.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, *weights: Tensor) -> Tensor:
        size = len(x) * sum(len(bias) for bias in weights[1:-2:2])
        ctx.buffer = _take_buffer(size, x.numpy().dtype)
        weakref.finalize(ctx, _free_buffers.append, ctx.buffer)  # once the graph is deleted
        ctx.save_for_backward(x, *weights)
        return _forward(x, weights, _hidden_layers(ctx.buffer, len(x), weights))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        x, *weights = ctx.saved_tensors
        gradients = [torch.zeros_like(weight) for weight in weights]
        slope = slope.reshape(len(x), len(weights[-1]))
        rows, by_output, *matrices = _arrays([x, slope, *weights[::2]])
        kernel.backward(
            rows,
            by_output,
            tuple(matrices),
            _hidden_layers(ctx.buffer, len(x), weights),
            _arrays(gradients[::2]),
            _arrays(gradients[1::2]),
            kernel.block_rows(matrices),
        )
        return None, *gradients


def _forward(x: Tensor, weights: Sequence[Tensor], hidden: kernel.Arrays) -> Tensor:
    """Output of the network; fills the hidden layers, or reuses them if they hold one block."""
    output = x.new_empty(len(x), len(weights[-1]))
    matrices, biases = _arrays(weights[::2]), _arrays(weights[1::2])
    rows, into = _arrays([x, output])
    kernel.forward(rows, into, matrices, biases, hidden, kernel.block_rows(matrices))
    return output.squeeze(1)


def _arrays(tensors: Sequence[Tensor]) -> kernel.Arrays:
    """Views on the memory of tensors, or copies of tensors that are not contiguous."""
    return tuple(tensor.detach().contiguous().numpy() for tensor in tensors)


# Memory of the hidden layers of deleted graphs, kept for reuse: allocating it anew would cost as
# much as the products that fill it.
_free_buffers: list[np.ndarray] = []


def _take_buffer(size: int, dtype: np.dtype) -> np.ndarray:
    """The smallest free buffer that is large enough, or a new one in place of the largest."""
    _free_buffers.sort(key=len)
    for index, buffer in enumerate(_free_buffers):
        if len(buffer) >= size and buffer.dtype == dtype:
            return _free_buffers.pop(index)
    if _free_buffers:
        _free_buffers.pop()
    return np.empty(size, dtype)  # numpy places large arrays on huge pages, torch does not


def _hidden_layers(buffer: np.ndarray, n_rows: int, weights: Sequence[Tensor]) -> kernel.Arrays:
    """Hidden layers (row, neuron), stored one after another in the buffer."""
    ends = np.cumsum([n_rows * len(bias) for bias in weights[1:-2:2]])
    layers = np.split(buffer[: ends[-1]], ends[:-1])
    return tuple(layer.reshape(n_rows, -1) for layer in layers)
