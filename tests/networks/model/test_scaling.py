import numpy as np
import pytest

from fluxprod.networks.model.scaling import Scaling, fit_scaling


def test_scaled_drivers_have_mean_zero_and_deviation_one():
    x = np.random.default_rng(0).normal([290.0, 5.0], [10.0, 0.1], (1000, 2))
    scaled = fit_scaling(x, x[:, 0]).scaled(x)
    np.testing.assert_allclose(scaled.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=0), 1.0, rtol=1e-5)


def test_a_constant_driver_scales_to_zero():
    x = np.array([[1.0, 7.0], [3.0, 7.0]])
    assert fit_scaling(x, x[:, 0]).scaled(x).tolist() == [[-1.0, 0.0], [1.0, 0.0]]


def test_a_driver_without_scaling_is_refused():
    scaling = fit_scaling(np.eye(3), np.arange(3.0))
    with pytest.raises(ValueError, match="4 drivers, but a scaling for 3"):
        scaling.scaled(np.zeros((2, 4)))


@pytest.mark.parametrize("std", [np.nan, 0.0, -1.0])
def test_a_scaling_that_passes_values_through_is_refused(std):
    with pytest.raises(ValueError, match="must be"):
        Scaling(np.zeros(1), np.array([std]), 0.0, 1.0)
