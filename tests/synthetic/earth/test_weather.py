from pathlib import Path

import numpy as np
import pytest

from fluxprod.core.time_axis import daily_axis
from fluxprod.core.variables import VARIABLES
from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.land import make_land
from fluxprod.synthetic.earth.normals import monthly_normals
from fluxprod.synthetic.earth.reference import read_reference
from fluxprod.synthetic.earth.weather import (
    RECORD_RAIN,
    enso_index,
    make_weather,
    rain_and_clearness,
    rain_teleconnection,
    wet_day_share,
)

REFERENCE = Path(__file__).parents[3] / "data" / "reference" / "earth"


@pytest.mark.parametrize("mean", [0.05, 1.0, 8.0])
def test_rain_keeps_its_mean_and_falls_on_the_share_of_days(mean):
    front = random_stream(3, "test").standard_normal(400_000)
    rain, _ = rain_and_clearness(np.full(front.shape, mean), front)
    assert rain.mean() == pytest.approx(mean, rel=0.02)
    assert (rain > 0).mean() == pytest.approx(wet_day_share(mean), abs=0.005)


def test_rain_stays_below_the_record():
    """By hand: 60 mm d-1 fall on 85 % of days; 4 sigma give ln(0.85 / 3.17e-5) * 60 / 0.85 mm.

    Beyond about 6.8 sigma, it would be more than 1825 mm.
    """
    rain, _ = rain_and_clearness(np.full(3, 60.0), np.array([4.0, 7.0, 8.0]))
    assert rain[0] == pytest.approx(719.8, abs=0.1)
    assert rain[1:].tolist() == [1825.0, 1825.0]
    assert VARIABLES["P"].valid[1] > RECORD_RAIN


def test_the_wettest_earth_known_has_rain_that_the_climate_store_holds():
    """Seed 51 has a day with 722 mm, more than 16-bit integers hold if packed in a narrow range."""
    reference = read_reference(REFERENCE)
    land = make_land(reference.pixels, 2.0)
    normals = monthly_normals(reference.climate, land.grid)
    at_cells = {name: field.reshape(12, -1)[:, land.cell] for name, field in normals.items()}
    weather = make_weather(at_cells, daily_axis(2001, 2002), *land.lat_lon, 51)
    assert weather.P.max() == pytest.approx(721.5, abs=0.1)
    assert weather.P.max() < VARIABLES["P"].valid[1]


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
