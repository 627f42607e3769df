"""The feed-forward network of Upton et al., Fig. B1: fully connected layers, ReLU, linear output.

Weights are a flat list ``[weight_1, bias_1, weight_2, bias_2, ...]``, weights of shape
(inputs, outputs). On a CPU rows pass in chunks that stay in cache, and a chunk's products are made of
blocks of rows by numpy: its OpenBLAS packs nothing for matrices this small, and so is a fifth faster
than torch's products.
"""

import weakref
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

CHUNK = 12_000  # rows; a layer of 32 float32 is 1.5 MB
PRODUCT = 700_000  # multiply-adds of a block at most; from 1,000,000 on OpenBLAS packs


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
    return _BlockedNetwork.apply(x, *weights)


@torch.no_grad()
def predict(x: Tensor, weights: Sequence[Tensor], chunk: int = CHUNK) -> Tensor:
    """Output of the network, hidden layers forgotten: for validation and forward runs."""
    if x.device.type != "cpu":
        return _whole(x, weights)
    matrices, output = _joined(weights), x.new_empty(len(x))
    form = _form(matrices, min(chunk, len(x)))
    layers = _take(form)
    for rows in form.chunks(len(x)):
        output[rows] = _forward(x[rows], matrices, layers)
    _free[form].append(layers)
    return output


def _whole(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """All rows at once, for an accelerator: it is bound by calls, not by a cache."""
    layer = x
    for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        layer = torch.addmm(bias, layer, weight).relu()
    return torch.addmm(weights[-1], layer, weights[-2]).squeeze(1)


class _BlockedNetwork(torch.autograd.Function):
    """Forward and backward pass in chunks of rows, the backward written out layer by layer.

    Autograd over whole arrays moves every intermediate through memory; this is bound by the
    matrix products.
    """

    @staticmethod
    def forward(ctx, x: Tensor, *weights: Tensor) -> Tensor:
        matrices, output = _joined(weights), x.new_empty(len(x))
        form, ctx.layers = _form(matrices, CHUNK), []
        weakref.finalize(ctx, _free[form].extend, ctx.layers)  # when the graph is gone
        for rows in form.chunks(len(x)):
            ctx.layers.append(_take(form))
            output[rows] = _forward(x[rows], matrices, ctx.layers[-1])
        ctx.save_for_backward(*weights)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx, slope: Tensor) -> tuple[Tensor | None, ...]:
        matrices = _joined(ctx.saved_tensors)
        gradients = [np.zeros_like(matrix) for matrix in matrices]
        form = _form(matrices, CHUNK)
        slopes = _take(form)
        for rows, layers in zip(form.chunks(len(slope)), ctx.layers, strict=True):
            _add_gradients(gradients, slope[rows], layers, matrices, slopes)
        _free[form].append(slopes)
        return None, *(
            torch.from_numpy(part) for matrix in gradients for part in (matrix[:-1], matrix[-1])
        )


Layers = list[np.ndarray]  # of a chunk, from its input on, (block, row, neuron and a one)


class _Form(NamedTuple):
    """Of the layers of a chunk."""

    n_blocks: int
    n_rows: int
    widths: tuple[int, ...]
    dtype: np.dtype

    def new(self) -> Layers:
        """Layers of ones."""
        return [np.ones((self.n_blocks, self.n_rows, width), self.dtype) for width in self.widths]

    def chunks(self, n_rows: int) -> Iterator[slice]:
        """Rows of each chunk."""
        step = self.n_blocks * self.n_rows
        return (slice(start, start + step) for start in range(0, n_rows, step))


# Layers of graphs that are gone: fresh memory costs as much as the products that fill it.
_free: defaultdict[_Form, list[Layers]] = defaultdict(list)


def _joined(weights: Sequence[Tensor]) -> list[np.ndarray]:
    """Each layer as one matrix (inputs + 1, outputs): a bias is the weight of a constant one."""
    pairs = zip(weights[::2], weights[1::2], strict=True)
    return [torch.cat((weight, bias[None])).numpy() for weight, bias in pairs]


def _form(matrices: Sequence[np.ndarray], chunk: int) -> _Form:
    """Blocks of as many rows as a product on one thread can have."""
    widths = tuple(len(matrix) for matrix in matrices)
    n_rows = max(1, PRODUCT // max(widths) ** 2)
    return _Form(max(1, chunk // n_rows), n_rows, widths, matrices[0].dtype)


def _take(form: _Form) -> Layers:
    return _free[form].pop() if _free[form] else form.new()


def _forward(x: Tensor, matrices: Sequence[np.ndarray], layers: Layers) -> Tensor:
    """Fill the layers of one chunk and return its output, shape (row,)."""
    layers = _used(layers, len(x))
    _put(x, layers[0])
    for layer, matrix, into in zip(layers[:-1], matrices[:-1], layers[1:], strict=True):
        np.matmul(layer, matrix, out=into[..., :-1])
        torch.from_numpy(into).relu_()
    return torch.from_numpy(layers[-1] @ matrices[-1]).view(-1)[: len(x)]


def _used(layers: Layers, n_rows: int) -> Layers:
    """The blocks that so many rows fill."""
    n_blocks = -(-n_rows // layers[0].shape[1])
    return [layer[:n_blocks] for layer in layers]


def _put(x: Tensor, layer: np.ndarray) -> None:
    """Rows of a chunk into its blocks, the last of which is filled up with zeros."""
    inside = torch.from_numpy(layer).view(-1, layer.shape[2])[:, : x.shape[1]]
    inside[: len(x)] = x
    inside[len(x) :] = 0.0


def _add_gradients(
    gradients: list[np.ndarray],
    slope: Tensor,
    layers: Layers,
    matrices: Sequence[np.ndarray],
    slopes: Layers,
) -> None:
    """Back-propagate one chunk from the slope of the loss by its output, shape (row,).

    The slopes by the layers go into ``slopes``.
    """
    layers, slopes = _used(layers, len(slope)), _used(slopes, len(slope))
    last = np.empty((*layers[0].shape[:2], 1), layers[0].dtype)
    _put(slope[:, None], last)
    gradients[-1] += (layers[-1].swapaxes(1, 2) @ last).sum(0)
    by_neuron, row = torch.from_numpy(matrices[-1][:-1, 0]), torch.from_numpy(last)
    torch.mul(row, by_neuron, out=torch.from_numpy(slopes[-1][..., :-1]))
    for index in reversed(range(1, len(layers))):
        _stop_at_zeros(slopes[index], layers[index])
        inner = slopes[index][..., :-1]  # nothing depends on the constant one
        gradients[index - 1] += (layers[index - 1].swapaxes(1, 2) @ inner).sum(0)
        if index > 1:
            np.matmul(inner, matrices[index - 1][:-1].T.copy(), out=slopes[index - 1][..., :-1])


def _stop_at_zeros(slope: np.ndarray, layer: np.ndarray) -> None:
    """ReLU passes a slope where its output, kept in place of its input, is positive."""
    into = torch.from_numpy(slope)
    torch.ops.aten.threshold_backward.grad_input(into, torch.from_numpy(layer), 0, grad_input=into)