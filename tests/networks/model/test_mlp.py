import numpy as np
import torch

from fluxprod.networks.model import mlp

SIZES = mlp.layer_sizes(10, width=32, depth=3)
BLOCK = mlp.kernel.block_rows([np.empty((32, 32))])


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


def test_blocks_equal_one_plain_pass_with_its_gradients():
    rng = np.random.default_rng(1)
    x = torch.from_numpy(rng.normal(size=(2 * BLOCK + 77, 10)))
    slope = torch.from_numpy(rng.normal(size=len(x)))
    blocked, plain = _weights(), _weights()
    mlp.network(x, blocked).backward(slope)
    _plain(x, plain).backward(slope)
    torch.testing.assert_close(mlp.network(x, blocked), _plain(x, plain))
    torch.testing.assert_close(mlp.predict(x, blocked), _plain(x, plain))
    for ours, theirs in zip(blocked, plain, strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad)


def test_float32_gradient_is_that_of_float64_autograd():
    rng = np.random.default_rng(4)
    x, slope = rng.normal(size=(3 * BLOCK + 5, 10)), rng.normal(size=3 * BLOCK + 5)
    single, double = _weights(torch.float32), _weights()
    mlp.network(torch.tensor(x, dtype=torch.float32), single).backward(
        torch.tensor(slope, dtype=torch.float32)
    )
    _plain(torch.from_numpy(x), double).backward(torch.from_numpy(slope))
    for ours, exact in zip(single, double, strict=True):
        assert (ours.grad - exact.grad).abs().max() <= 1e-5 * exact.grad.abs().max()


def test_networks_of_one_step_keep_their_hidden_layers_apart():
    rng = np.random.default_rng(5)
    kept = [torch.from_numpy(rng.normal(size=(rows, 10))) for rows in (70, 90, 70)]
    together, apart = _weights(), _weights()
    for _ in range(2):  # the second time in memory of the first
        for weight in [*together, *apart]:
            weight.grad = None
        sum(mlp.network(x, together).square().sum() for x in kept).backward()
        for x in kept:
            _plain(x, apart).square().sum().backward()
        for ours, theirs in zip(together, apart, strict=True):
            torch.testing.assert_close(ours.grad, theirs.grad)


def test_whole_arrays_of_an_accelerator_are_the_same_network():
    x = torch.randn(20, 10, dtype=torch.float64, generator=torch.manual_seed(0))
    torch.testing.assert_close(mlp._all_rows_at_once(x, _weights()), mlp.network(x, _weights()))
    on_device = mlp.network(x.to("meta"), [weight.to("meta") for weight in _weights()])
    assert "Compiled" not in on_device.grad_fn.next_functions[0][0].name()


def test_gradient_equals_finite_differences():
    x = torch.randn(20, 10, dtype=torch.float64, generator=torch.manual_seed(0))
    torch.autograd.gradcheck(lambda *weights: mlp.network(x, weights), _weights())


def test_a_missing_driver_gives_a_missing_flux():
    x = torch.zeros(3, 10, dtype=torch.float64)
    x[1, 4] = torch.nan
    assert mlp.predict(x, _weights()).isnan().tolist() == [False, True, False]


def test_no_rows_give_no_output():
    assert mlp.predict(torch.zeros(0, 10, dtype=torch.float64), _weights()).shape == (0,)
