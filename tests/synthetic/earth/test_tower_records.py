import numpy as np
import pandas as pd
import pytest

from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.tower_records import add_noise, biased_nee, fill_gaps, quality_shares
from fluxprod.synthetic.observation.tower_tables import long_gaps


def test_bias_of_four_towers_by_hand():
    """GPP = RECO = 10: a sink of 4 % of GPP, 6 % in forests, and losses at night in the tropics."""
    towers = pd.DataFrame({"number": [10, 1, 10, 2], "lat": [50.0, 50.0, 5.0, -5.0]})
    gpp = np.full((1, 4), 10.0)
    seen = biased_nee(towers, np.zeros((1, 4)), gpp, seed=1)[0]
    assert seen[:2] == pytest.approx([-0.4, -0.6])
    lost = -(seen[2:] + [0.4, 0.6]) / 10.0
    assert ((lost >= 0.22 * 0.48) & (lost <= 0.38 * 0.48)).all()


def test_noise_is_laplace_and_grows_with_the_flux():
    rng = random_stream(1, "test")
    for flux, scale in ((0.0, 0.35), (-10.0, 2.15)):
        noise = add_noise(np.full(200_000, flux), rng) - flux
        assert np.abs(noise).mean() == pytest.approx(scale, rel=0.02)  # of a Laplace distribution
        assert noise.std() == pytest.approx(np.sqrt(2.0) * scale, rel=0.02)


def test_quality_is_a_share_of_half_hours():
    share = quality_shares(random_stream(1, "test"), 1000, 50)
    assert (share * 48 == np.rint(share * 48)).all()
    assert share.min() == 0.0
    assert 0.8 < (share >= 0.75).mean() < 0.95


def test_gaps_take_the_mean_of_the_fortnight():
    flux, quality = np.arange(60.0)[:, None], np.ones((60, 1))
    flux[30], quality[30] = 300.0, 0.0
    filled = fill_gaps(flux, quality)
    assert filled[30].item() == pytest.approx(30.0 + 270.0 / 15)
    assert (np.delete(filled, 30) == np.delete(flux, 30)).all()


def test_only_long_gaps_stay_open():
    quality = np.ones(40)
    quality[5:15], quality[20:31] = 0.0, 0.0
    assert np.flatnonzero(long_gaps(quality)).tolist() == list(range(20, 31))
