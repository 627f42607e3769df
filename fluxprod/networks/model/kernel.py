"""Forward and backward pass of the network over blocks of rows, compiled by numba.

Matrix products are those of OpenBLAS, which numba calls through scipy. For matrices this small
OpenBLAS does not pack its operands, and its products are a fifth faster than those of torch. The
operations between products run while a block is in the cache of a core. Compilation takes three
seconds per process.
"""

from collections.abc import Sequence

import numba
import numpy as np
import scipy.linalg.cython_blas  # noqa: F401  loaded early, so that its threads can be limited

PRODUCT = 900_000  # multiply-adds per block; from 1,000,000 OpenBLAS packs its operands
Arrays = tuple[np.ndarray, ...]


def block_rows(weights: Sequence[np.ndarray]) -> int:
    """Rows of a block: 878 for layers of 32 neurons."""
    return max(1, PRODUCT // max(weight.size for weight in weights))


@numba.njit(nogil=True)
def forward(
    x: np.ndarray, output: np.ndarray, weights: Arrays, biases: Arrays, hidden: Arrays, block: int
) -> None:
    """Compute the output of the network, written to ``output``.

    All arrays are contiguous and of the same type.

    Parameters
    ----------
    x : ndarray, shape (row, driver)
        Scaled drivers [1].
    output : ndarray, shape (row, output)
        Overwritten with the output of the last layer [1].
    weights, biases : tuple of ndarray, shapes (inputs, outputs) and (outputs,)
        One of each per layer.
    hidden : tuple of ndarray, shape (row, neuron)
        Overwritten with the hidden layers. If they have fewer rows than ``x``, but at least a
        block, only the last block is kept.
    block : int
        Rows that are processed at once.
    """
    last, n_outputs = weights[-1], len(biases[-1])
    keep = len(hidden[0]) >= len(x)
    for start in range(0, len(x), block):
        layer = x[start : start + block]
        at = start if keep else 0
        for index in range(len(hidden)):
            into = hidden[index][at : at + len(layer)]
            np.dot(layer, weights[index], into)
            _rectify(into, biases[index])
            layer = into
        into_output = output[start : start + block]
        if n_outputs == 1:  # a product with a vector is faster
            np.dot(layer, last.reshape(-1), into_output.reshape(-1))
        else:
            np.dot(layer, last, into_output)
        for row in range(len(layer)):
            for number in range(n_outputs):
                into_output[row, number] += biases[-1][number]


@numba.njit(nogil=True)
def backward(
    x: np.ndarray,
    slope: np.ndarray,
    weights: Arrays,
    hidden: Arrays,
    by_weights: Arrays,
    by_biases: Arrays,
    block: int,
) -> None:
    """Add the gradient of the loss to ``by_weights`` and ``by_biases``.

    Parameters
    ----------
    x : ndarray, shape (row, driver)
        As given to `forward`.
    slope : ndarray, shape (row, output)
        Derivative of the loss with respect to the output.
    weights : tuple of ndarray, shape (inputs, outputs)
        As given to `forward`.
    hidden : tuple of ndarray, shape (row, neuron)
        Hidden layers of all rows, as `forward` left them.
    by_weights, by_biases : tuple of ndarray
        Derivatives with respect to weights and biases, in their shapes; added to in place.
    block : int
        Rows that are processed at once.
    """
    for start in range(0, len(x), block):
        rows = slice(start, start + block)
        above = slope[rows]
        for index in range(len(hidden), -1, -1):
            below = hidden[index - 1][rows] if index else x[rows]
            _add(by_biases[index], np.dot(np.ones(len(above), x.dtype), above))
            _add(by_weights[index].reshape(-1), np.dot(below.T, above).reshape(-1))
            if index:
                above = _through(above, weights[index], below)


@numba.njit(nogil=True)
def _through(slope: np.ndarray, weight: np.ndarray, layer: np.ndarray) -> np.ndarray:
    """Derivative with respect to a hidden layer, from that with respect to the next layer."""
    below = np.empty_like(layer)
    if weight.shape[1] == 1:
        for row in range(len(layer)):
            for neuron in range(len(weight)):
                below[row, neuron] = slope[row, 0] * weight[neuron, 0]
    else:
        np.dot(slope, np.ascontiguousarray(weight.T), below)
    flat, kept = below.reshape(-1), layer.reshape(-1)
    for number in range(len(flat)):  # ReLU passes the derivative on where its output is positive
        flat[number] = flat[number] if kept[number] > 0 else flat.dtype.type(0)
    return below


@numba.njit(nogil=True)
def _rectify(layer: np.ndarray, bias: np.ndarray) -> None:
    """ReLU of a product plus bias, in place; NaN stays NaN."""
    for row in range(layer.shape[0]):
        for neuron in range(layer.shape[1]):
            value = layer[row, neuron] + bias[neuron]
            layer[row, neuron] = layer.dtype.type(0) if value < 0 else value


@numba.njit(nogil=True)
def _add(total: np.ndarray, values: np.ndarray) -> None:
    for number in range(len(total)):
        total[number] += values[number]
