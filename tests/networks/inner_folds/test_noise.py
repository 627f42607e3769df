import numpy as np
import pytest

from fluxprod.networks.inner_folds.noise import noisy_copies

RNG = np.random.default_rng(1)
X = RNG.normal([5.0, -3.0], [2.0, 0.1], (500, 2))
Y = np.arange(500.0)


def test_no_noise_is_no_copy():
    x, y = noisy_copies(X, Y, 0.0, 4, np.random.default_rng(0))
    assert x is X
    assert y is Y


def test_noise_scales_with_each_driver():
    x, y = noisy_copies(X, Y, 0.5, 8, np.random.default_rng(0))
    assert x.shape == (4000, 2)
    assert (y == np.tile(Y, 8)).all()
    noise = x - np.tile(X, (8, 1))
    assert noise.std(axis=0) == pytest.approx(0.5 * X.std(axis=0), rel=0.05)
    assert np.abs(noise.mean(axis=0)) == pytest.approx(0.0, abs=0.05)
