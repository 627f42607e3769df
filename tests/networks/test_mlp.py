import numpy as np
import torch

from fluxprod.networks import mlp

SIZES = mlp.layer_sizes(10, width=32, depth=3)


def _weights(dtype=torch.float64):
    drawn = mlp.initial_weights(SIZES, np.random.default_rng(3))
    return [torch.tensor(weight, dtype=dtype, requires_grad=True) for weight in drawn]


def _plain(x, weights):
    layer = x
    for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        layer = torch.relu(layer @ weight + bias)
    return (layer @ weights[-2] + weights[-1])[:, 0]


def test_parameters_of_the_published_network():
    # 10*32 + 32 + 2 * (32*32 + 32) + 32 + 1, Fig. B1 and Table B1
    assert sum(weight.numel() for weight in _weights()) == 2497


def test_initial_weights_fill_the_bound_of_their_layer():
    weights = mlp.initial_weights((400, 300, 1), np.random.default_rng(0))
    assert np.abs(weights[0]).max() <= 1 / 20
    np.testing.assert_allclose(weights[0].std(), 1 / 20 / np.sqrt(3), rtol=0.01)  # uniform


def test_chunks_equal_one_plain_pass_with_its_gradients():
    rng = np.random.default_rng(1)
    x = torch.from_numpy(rng.normal(size=(2 * mlp.CHUNK + 77, 10)))
    slope = torch.from_numpy(rng.normal(size=len(x)))
    chunked, plain = _weights(), _weights()
    mlp.network(x, chunked).backward(slope)
    _plain(x, plain).backward(slope)
    torch.testing.assert_close(mlp.network(x, chunked), _plain(x, plain))
    torch.testing.assert_close(mlp.predict(x, chunked, chunk=500), _plain(x, plain))
    for ours, theirs in zip(chunked, plain, strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad)


def test_gradient_equals_finite_differences():
    x = torch.randn(20, 10, dtype=torch.float64, generator=torch.manual_seed(0))
    torch.autograd.gradcheck(lambda *weights: mlp.network(x, weights), _weights())


def test_a_missing_driver_gives_a_missing_flux():
    x = torch.zeros(3, 10, dtype=torch.float64)
    x[1, 4] = torch.nan
    assert mlp.predict(x, _weights()).isnan().tolist() == [False, True, False]


def test_no_rows_give_no_output():
    assert mlp.predict(torch.zeros(0, 10, dtype=torch.float64), _weights()).shape == (0,)
