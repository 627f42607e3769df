import numpy as np
import pytest
import torch

from fluxprod.networks.loss import site_loss
from fluxprod.networks.model.scaling import fit_scaling
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.site_term import SiteTerm, chances, noise_of_drivers, site_sample
from fluxprod.networks.training.training import CPU, Training

RNG = np.random.default_rng(8)
X = RNG.normal([10.0, 280.0], [3.0, 8.0], (4000, 2))
Y = X[:, 0] - 10.0
SCALING = fit_scaling(X, Y)
SAMPLE = site_sample(X, Y, SCALING, CPU)


def test_large_errors_count_linearly():
    """By hand: errors of 1 and 5 with a limit of 2 give 1 and 2 * 2 * 5 - 2^2 = 16."""
    estimate, observed = torch.tensor([1.0, 5.0]), torch.zeros(2)
    assert site_loss(estimate, observed).item() == (1 + 25) / 2
    assert site_loss(estimate, observed, 2.0).item() == (1 + 16) / 2
    assert site_loss(estimate, observed, 100.0).item() == (1 + 25) / 2


def test_chances_by_hand():
    """Site 0 has records of 1 and 3 d, site 1 one of 4 d, site 2 one of 1 d."""
    site, days = np.array([0, 0, 1, 2]), np.array([1.0, 3.0, 4.0, 1.0])
    np.testing.assert_allclose(chances(site, days, 0.0), np.array([1, 3, 4, 1]) / 9)
    np.testing.assert_allclose(chances(site, days, 1.0), np.array([1 / 12, 3 / 12, 4 / 12, 4 / 12]))
    np.testing.assert_allclose(chances(site, days, 0.5), np.array([0.5, 1.5, 2, 1]) / 5)


def test_records_that_are_all_alike_need_no_chances():
    assert chances(np.array([4, 4, 9, 9]), np.full(4, 2.0), 1.0) is None
    assert chances(np.array([4, 4, 4, 9]), np.ones(4), 0.0) is None


def test_rows_are_drawn_by_their_chances():
    chance = np.where(Y > 0, 3.0, 1.0)
    term = SiteTerm(SAMPLE, SAMPLE, 20_000, chance / chance.sum())
    drawn = term.draw(np.random.default_rng(1))
    share = chance[Y > 0].sum() / chance.sum()
    assert len(drawn.x) == len(drawn.y) == 20_000
    assert (drawn.y > 0).float().mean().item() == pytest.approx(share, abs=0.015)
    np.testing.assert_allclose(  # rows stay together
        drawn.x[:, 0] * SCALING.x_std[0] + SCALING.x_mean[0] - 10.0, drawn.y, atol=1e-4
    )


def test_noise_has_its_size_and_leaves_flux_and_held_out_days_alone():
    term = SiteTerm(SAMPLE, SAMPLE, len(Y), noise=np.float32([0.3, 0.0]))
    drawn = term.draw(np.random.default_rng(1))
    difference = (drawn.x - SAMPLE.x).numpy()
    np.testing.assert_allclose(difference.std(axis=0), [0.3, 0.0], rtol=0.05)
    np.testing.assert_allclose(difference.mean(axis=0), 0.0, atol=0.02)
    assert (drawn.y == SAMPLE.y).all()
    (held_out,) = term.held_out()
    assert (held_out.x == SAMPLE.x).all()


def test_noise_tells_seasonal_drivers_from_daily_ones():
    drivers = ["Tair", "MSC_FPAR", "AMP_MSC_WAI", "FPAR_SW_IN", "PFT_ENF"]
    noise = noise_of_drivers(drivers, seasonal=0.5, daily=0.125)
    assert noise.tolist() == [0.125, 0.5, 0.5, 0.125, 0.5]
    assert noise_of_drivers(drivers, seasonal=0.0, daily=0.0) is None


def test_noise_without_names_of_drivers_is_refused():
    with pytest.raises(AssertionError, match="names of all drivers"):
        _history(drivers=(), driver_noise=0.3)


def _history(drivers=("Tair", "MSC_FPAR"), **options):
    settings = TrainingSettings(width=4, depth=1, steps=10, validate_every=10, batch=64, **options)
    held_out = np.arange(len(Y)) % 4 == 0
    site = np.repeat(np.arange(8), [100, 200, 300, 400, 500, 600, 700, 1200])
    training = Training(
        X, Y, training=~held_out, validation=held_out, settings=settings, drivers=drivers, site=site
    )
    return training.run().history


def test_every_option_changes_the_training_and_none_the_validated_loss():
    plain = _history()
    for option in (
        {"site_balance": 0.5},
        {"linear_beyond": 0.1},
        {"driver_noise": 0.3},
        {"daily_noise": 0.3},
    ):
        assert _history(**option) != plain
    zeros = {"site_balance": 0.0, "linear_beyond": None, "driver_noise": 0.0, "daily_noise": 0.0}
    assert _history(**zeros) == plain
    learned, other = _history(linear_beyond=1e-3)[0], plain[0]
    assert learned["l_EC"] < 0.01 * other["l_EC"]  # linear, so far below the squares
    assert learned["val_l_EC"] > 0.5 * other["val_l_EC"]  # squares as ever
