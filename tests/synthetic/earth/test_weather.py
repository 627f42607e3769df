import numpy as np
import pytest

from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.weather import (
    enso_index,
    rain_and_clearness,
    rain_teleconnection,
    wet_day_share,
)


@pytest.mark.parametrize("mean", [0.05, 1.0, 8.0])
def test_rain_keeps_its_mean_and_falls_on_the_share_of_days(mean):
    front = random_stream(3, "test").standard_normal(400_000)
    rain, _ = rain_and_clearness(np.full(front.shape, mean), front)
    assert rain.mean() == pytest.approx(mean, rel=0.02)
    assert (rain > 0).mean() == pytest.approx(wet_day_share(mean), abs=0.005)


def test_wet_days_are_dark():
    front = np.linspace(-3.0, 3.0, 50)
    rain, clearness = rain_and_clearness(np.full(50, 3.0), front)
    assert (np.diff(clearness) <= 0).all()
    assert clearness[rain == 0].min() > clearness[rain > 0].max()


def test_enso_has_unit_variance_and_a_period_of_years():
    index = enso_index(1, daily_axis(1000, 2999))
    monthly = index[::30]
    assert monthly.std() == pytest.approx(1.0, abs=0.1)
    power = np.abs(np.fft.rfft(monthly)) ** 2
    years = 1.0 / np.fft.rfftfreq(len(monthly), 30 / 365.25)[1:]
    assert 3.0 < years[power[1:].argmax()] < 5.0


def test_warm_phases_dry_the_maritime_continent_and_wet_east_africa():
    borneo, kenya, europe = rain_teleconnection(np.array([0.0, 1.0, 50.0]), np.array([115, 38, 10]))
    assert borneo < -0.5 < 0.3 < kenya
    assert abs(europe) < 0.01
