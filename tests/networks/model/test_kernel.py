import numpy as np
import pytest

from fluxprod.networks.model import kernel

X = np.array([[1.0, 2.0], [-1.0, 0.0], [0.0, 3.0]])
WEIGHTS = np.array([[1.0, -1.0], [2.0, 1.0]]), np.array([[2.0], [3.0]])
BIASES = np.array([0.5, -2.0]), np.array([1.0])
HIDDEN = [[5.5, 0.0], [0.0, 0.0], [6.5, 1.0]]  # of (5.5, -1), (-0.5, -1) and (6.5, 1)


def _forward(rows_kept, block):
    output, hidden = np.empty((3, 1)), (np.empty((rows_kept, 2)),)
    kernel.forward(X, output, WEIGHTS, BIASES, hidden, block)
    return output[:, 0], hidden


@pytest.mark.parametrize("block", [1, 2, 3, 5])
def test_output_and_gradients_by_hand(block):
    output, hidden = _forward(3, block)
    np.testing.assert_allclose(output, [12.0, 1.0, 17.0])
    np.testing.assert_allclose(hidden[0], HIDDEN)
    by_weights = tuple(np.zeros_like(weight) for weight in WEIGHTS)
    by_biases = tuple(np.zeros_like(bias) for bias in BIASES)
    slope = np.array([[1.0], [10.0], [-1.0]])  # by the hidden layer: (2, 0), (0, 0), (-2, -3)
    kernel.backward(X, slope, WEIGHTS, hidden, by_weights, by_biases, block)
    np.testing.assert_allclose(by_weights[1], [[-1.0], [-1.0]])
    np.testing.assert_allclose(by_biases[1], [10.0])
    np.testing.assert_allclose(by_weights[0], [[2.0, 0.0], [-2.0, -9.0]])
    np.testing.assert_allclose(by_biases[0], [0.0, -3.0])


@pytest.mark.parametrize("block", [1, 2, 5])
def test_two_outputs_by_hand(block):
    """The second output is minus the first hidden neuron, plus 2."""
    weights = WEIGHTS[0], np.array([[2.0, -1.0], [3.0, 0.0]])
    biases = BIASES[0], np.array([1.0, 2.0])
    output, hidden = np.empty((3, 2)), (np.empty((3, 2)),)
    kernel.forward(X, output, weights, biases, hidden, block)
    np.testing.assert_allclose(output, [[12.0, -3.5], [1.0, 2.0], [17.0, -4.5]])
    by_weights = tuple(np.zeros_like(weight) for weight in weights)
    by_biases = tuple(np.zeros_like(bias) for bias in biases)
    # by the hidden layer: (2 - 4, 0), (0, 0), (-2 + 0, -3)
    slope = np.array([[1.0, 4.0], [10.0, 5.0], [-1.0, 0.0]])
    kernel.backward(X, slope, weights, hidden, by_weights, by_biases, block)
    np.testing.assert_allclose(by_weights[1], [[-1.0, 22.0], [-1.0, 0.0]])
    np.testing.assert_allclose(by_biases[1], [10.0, 9.0])
    np.testing.assert_allclose(by_weights[0], [[-2.0, 0.0], [-10.0, -9.0]])
    np.testing.assert_allclose(by_biases[0], [-4.0, -3.0])


def test_room_for_one_block_is_enough_for_the_output():
    np.testing.assert_allclose(_forward(2, block=2)[0], [12.0, 1.0, 17.0])


def test_a_block_of_the_published_network_is_not_packed():
    # OpenBLAS's kernels for small matrices: at most 100**3 multiply-adds
    assert 0.8e6 < kernel.block_rows([np.empty((10, 32)), np.empty((32, 32))]) * 32**2 <= 1e6
