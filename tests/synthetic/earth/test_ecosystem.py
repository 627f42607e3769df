import numpy as np
import pytest

from fluxprod.synthetic.earth.ecosystem import (
    DEEPEST_SNOW,
    State,
    potential_evaporation,
    temperature_response,
    update_soil_water,
)
from fluxprod.synthetic.earth.hidden import Hidden
from fluxprod.synthetic.earth.traits import make_traits


def make(count=1, igbp=10):
    hidden = Hidden(*np.ones((2, count)), excess=np.zeros(count))
    normals = {"TA": np.full((12, count), 15.0), "P": np.full((12, count), 3.0)}
    traits = make_traits(normals, np.arange(count), np.full(count, igbp), hidden)
    return traits, State(*(np.zeros(count) for _ in range(5)))


def test_potential_evaporation_of_a_summer_day_by_hand():
    # 0.0135 (20 + 17.8) 24.5 / 2.45 = 5.103 mm
    assert potential_evaporation(20.0, 24.5) == pytest.approx(5.103)


def test_soil_stores_rain_up_to_its_capacity_and_supplies_plants():
    traits, state = make()  # a grassland holds 100 mm
    loss = update_soil_water(state, traits, np.array([250.0]), np.array([10.0]), np.array([4.0]))
    assert loss.item() == 4.0
    assert state.water.item() == 96.0


def test_dry_soil_gives_little():
    traits, state = make()
    state.water[:] = 22.5  # half of what plants need to avoid stress
    loss = update_soil_water(state, traits, np.zeros(1), np.array([10.0]), np.array([4.0]))
    assert loss.item() == pytest.approx(2.0)


def test_snow_melts_when_it_is_warm():
    traits, state = make()
    update_soil_water(state, traits, np.array([20.0]), np.array([-5.0]), np.zeros(1))
    assert (state.snow.item(), state.water.item()) == (20.0, 0.0)
    update_soil_water(state, traits, np.zeros(1), np.array([2.0]), np.zeros(1))
    assert (state.snow.item(), state.water.item()) == (14.0, 6.0)
    update_soil_water(state, traits, np.array([500.0]), np.array([-5.0]), np.zeros(1))
    assert state.snow.item() == DEEPEST_SNOW


def test_temperature_response():
    air = np.array([-5.0, 10.0, 20.0, 31.0])
    frost, cool, best, hot = temperature_response(air, np.full(4, 20.0))
    assert frost == 0.0
    assert best == 1.0
    assert hot == pytest.approx(np.exp(-1.0))
    assert 0.0 < cool < 1.0
