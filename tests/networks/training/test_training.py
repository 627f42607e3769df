import numpy as np
import pytest
import torch

from fluxprod.networks.model.mlp import initial_weights
from fluxprod.networks.model.scaling import fit_scaling
from fluxprod.networks.random_streams import INITIAL_WEIGHTS, stream
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.schedule import learning_rate_at
from fluxprod.networks.training.state import TrainingState
from fluxprod.networks.training.training import Training

RNG = np.random.default_rng(5)
X = RNG.normal([10.0, 280.0, 0.5], [3.0, 8.0, 0.2], (3000, 3))
LAW = np.maximum(X[:, 0] - 10.0, 0.0) - 20.0 * (X[:, 2] - 0.5) ** 2  # g m-2 d-1
Y = LAW + RNG.normal(0.0, 0.3, len(X))
HELD_OUT = np.arange(len(X)) % 5 == 0
SHORT = TrainingSettings(width=16, steps=30, validate_every=10, batch=256)


def _train(settings=SHORT, **options):
    split = {"training": ~HELD_OUT, "validation": HELD_OUT}
    return Training(X, Y, **split, settings=settings, **options).run()


def test_a_planted_law_is_found_under_noise():
    member = _train(TrainingSettings(width=16, steps=400, batch=1000, learning_rate=0.01))
    error = member.predict(X[HELD_OUT]) - LAW[HELD_OUT]
    assert np.sqrt(np.mean(error**2)) < 0.1 * LAW.std()


def test_two_runs_are_identical_and_another_fold_is_not():
    first, second, other = _train(), _train(), _train(fold=1)
    assert first.history == second.history
    for a, b in zip(first.weights, second.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert first.history != other.history


def test_steps_equal_plain_training_by_torch():
    """Without a constraint: mean squared error, torch layers, torch's Adam, in float64."""
    member = _train(TrainingSettings(width=16, steps=12, validate_every=12, batch=10_000))
    plain = _torch_training(n_steps=12)
    np.testing.assert_allclose(member.predict(X), plain, atol=2e-3 * Y.std())


def _torch_training(n_steps):
    drawn = initial_weights((3, 16, 16, 16, 1), stream(0, 0, INITIAL_WEIGHTS))
    linear = [torch.nn.Linear(*weight.shape) for weight in drawn[::2]]
    for layer, weight, bias in zip(linear, drawn[::2], drawn[1::2], strict=True):
        layer.weight.data, layer.bias.data = torch.tensor(weight.T), torch.tensor(bias)
        layer.double()
    relus = [torch.nn.ReLU() for _ in linear[:-1]]
    model = torch.nn.Sequential(*(m for pair in zip(linear, relus) for m in pair), linear[-1])
    adam = torch.optim.Adam(model.parameters(), lr=0.003)
    x = torch.tensor((X - X[~HELD_OUT].mean(0)) / X[~HELD_OUT].std(0))
    y_mean, y_std = Y[~HELD_OUT].mean(), Y[~HELD_OUT].std()
    for _ in range(n_steps):
        adam.zero_grad()
        estimate = model(x[~HELD_OUT])[:, 0] * y_std + y_mean
        (estimate - torch.tensor(Y[~HELD_OUT])).square().mean().backward()
        adam.step()
    return model(x)[:, 0].detach().numpy() * y_std + y_mean


def test_the_best_state_is_the_one_with_the_lowest_validation_loss():
    member = _train(
        TrainingSettings(width=16, steps=60, validate_every=5, batch=64, learning_rate=0.1)
    )
    losses = {int(row["step"]): row["val_l_EC"] for row in member.history}
    assert member.best_step == min(losses, key=losses.get)
    mse = np.mean((member.predict(X[HELD_OUT]) - Y[HELD_OUT]) ** 2)
    assert mse == pytest.approx(losses[member.best_step], rel=1e-5)


def test_patience_stops_a_training_that_no_longer_gains():
    settings = TrainingSettings(
        steps=500, validate_every=1, batch=64, learning_rate=0.1, patience=3
    )
    member = _train(settings)
    assert len(member.history) == member.best_step + 4


def test_any_number_of_drivers():
    member = Training(
        X[:, :1], Y, training=~HELD_OUT, validation=HELD_OUT, settings=TrainingSettings(steps=2)
    ).run()
    assert member.predict(X[:4, :1]).shape == (4,)


def test_the_learning_rate_falls_along_half_a_cosine():
    settings = TrainingSettings(learning_rate=0.003, final_learning_rate=0.001, steps=101)
    rates = [learning_rate_at(step, settings) for step in (1, 51, 101)]
    assert rates == pytest.approx([0.003, 0.002, 0.001])
    assert learning_rate_at(101, TrainingSettings(steps=101)) == 0.003


def test_the_variances_have_a_start_and_a_rate_of_their_own():
    class Known:
        """Terms whose losses are 1 and 1 whatever the network says."""

        names = ("A", "B")
        x = torch.zeros(1, 3)

        def draw(self, rng):
            return self

        def losses(self, nee):
            return torch.ones(2) + 0.0 * nee.sum()

    settings = TrainingSettings(variance_rate=0.05, variance_start=-2.0, learning_rate=1e-6)
    state = TrainingState([Known()], fit_scaling(X, Y), settings, 0, torch.device("cpu"))
    before = [weight.detach().clone() for weight in state.weights]
    state.advance(1)
    # the first step of Adam is the rate against the sign of the slope 0.5 - 0.5 exp(-s) l
    assert state.log_variance.tolist() == pytest.approx([0.0, -2.0 + 0.05], abs=1e-6)
    for weight, start in zip(state.weights, before, strict=True):
        torch.testing.assert_close(weight.detach(), start, atol=2e-6, rtol=0)
