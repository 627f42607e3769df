import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fluxprod.drivers.settings import SoilSettings
from fluxprod.drivers.water_balance import (
    net_radiation,
    potential_evaporation,
    saturation_pressure,
    water_balance,
)
from tests.drivers.made_settings import SETTINGS as SOIL


def weather(n=5, days=800, seed=1):
    rng = np.random.default_rng(seed)
    p = rng.gamma(0.3, 8.0, size=(n, days))
    ta = 5.0 + 15.0 * np.sin(np.arange(days) / 58.0) + rng.normal(0, 4, size=(n, days))
    rn = 6.0 + 6.0 * np.sin(np.arange(days) / 58.0) + rng.normal(0, 1, size=(n, days))
    return p, ta, rn


def test_water_is_conserved_every_day():
    p, ta, rn = weather()
    balance = water_balance(p, ta, rn, SOIL, spinup=365, loops=2)
    store = balance.upper + balance.lower + balance.snow
    change = np.diff(store, axis=1)
    left = p[:, 1:] - balance.evaporation[:, 1:] - balance.surplus[:, 1:] - change
    np.testing.assert_allclose(left, 0.0, atol=1e-10)


def series(low, high):
    return arrays.arrays(float, (2, 12), elements=st.floats(low, high))


SOILS = st.builds(
    SoilSettings,
    awc_upper=st.floats(1.0, 100.0),
    awc_lower=st.floats(1.0, 1000.0),
    theta=st.floats(1e-4, 1.0),
    alpha=st.floats(0.0, 5.0),
)


@settings(deadline=None)
@given(series(0.0, 2000.0), series(-70.0, 55.0), series(-20.0, 40.0), SOILS)
def test_whatever_falls_is_stored_or_leaves(p, ta, rn, soil):
    """No water is created or lost, whatever the weather and soil, from full stores without snow."""
    balance = water_balance(p, ta, rn, soil, spinup=0, loops=0)
    full = soil.awc_upper + soil.awc_lower
    store = np.hstack([np.full((2, 1), full), balance.upper + balance.lower + balance.snow])
    left = p - balance.evaporation - balance.surplus - np.diff(store, axis=1)
    np.testing.assert_allclose(left, 0.0, atol=1e-8)
    rounding = 1e-9 * full
    for layer, capacity in ((balance.upper, soil.awc_upper), (balance.lower, soil.awc_lower)):
        assert layer.min() >= 0.0
        assert layer.max() <= capacity + rounding
    for term in (balance.snow, balance.evaporation, balance.surplus):
        assert term.min() >= -rounding


def test_a_cell_does_not_feel_its_neighbours():
    p, ta, rn = weather(n=5)
    together = water_balance(p, ta, rn, SOIL, spinup=365, loops=2)
    alone = water_balance(p[3:4], ta[3:4], rn[3:4], SOIL, spinup=365, loops=2)
    for one, all_ in zip(alone, together, strict=True):
        assert (one[0] == all_[3]).all()


def test_stores_stay_within_their_capacity():
    balance = water_balance(*weather(), SOIL, spinup=365, loops=1)
    assert balance.upper.min() >= 0
    assert balance.upper.max() <= 20.0
    assert balance.lower.min() >= 0
    assert balance.lower.max() <= 100.0
    assert balance.snow.min() >= 0


def test_one_dry_warm_day_by_hand():
    # full stores, no rain: evaporation takes the share theta of each layer, up to the demand
    ta, rn = np.array([[20.0]]), np.array([[1000.0]])
    balance = water_balance(np.zeros((1, 1)), ta, rn, SOIL, spinup=0, loops=0)
    assert balance.upper[0, 0] == pytest.approx(19.0)
    assert balance.lower[0, 0] == pytest.approx(95.0)
    assert balance.evaporation[0, 0] == pytest.approx(6.0)


def test_frost_keeps_precipitation_as_snow():
    cold = np.full((1, 3), -5.0)
    balance = water_balance(np.full((1, 3), 2.0), cold, np.zeros((1, 3)), SOIL, spinup=0, loops=0)
    assert balance.snow[0].tolist() == [2.0, 4.0, 6.0]


def test_melt_of_a_day_by_hand():
    # 20 mm of snow, then a day of 1 degC and 10 MJ. Each hour, 0.125 mm/degC and 0.0375 mm/MJ of
    # daily net radiation melt; in 24 hours 3 + 9 mm. Fusion (0.334 MJ/mm) could use 30 mm.
    p, ta, rn = np.array([[20.0, 0.0]]), np.array([[-5.0, 1.0]]), np.array([[0.0, 10.0]])
    balance = water_balance(p, ta, rn, SOIL, spinup=0, loops=0)
    assert balance.snow[0].tolist() == pytest.approx([20.0, 8.0])


def test_surplus_leaves_when_both_layers_are_full():
    balance = water_balance(
        np.full((1, 1), 30.0), np.full((1, 1), 1.0), np.zeros((1, 1)), SOIL, spinup=0, loops=0
    )
    assert balance.surplus[0, 0] == pytest.approx(30.0)


def test_saturation_pressure_of_fao56_annex_2():
    # FAO-56, annex 2, table 2.3
    np.testing.assert_allclose(
        saturation_pressure(np.array([1.0, 15.0, 30.0])), [0.657, 1.705, 4.243], atol=6e-4
    )


def test_net_radiation_near_fao56_example_12():
    # Rio de Janeiro in May: Rs 14.5 MJ, Ra 25.1 MJ, T 22.1 degC (25.1 / 19.1), Rnl 3.5, Rn 7.6;
    # example 12 knows the vapour pressure (2.1 kPa), we take 70 % humidity (1.86 kPa)
    watts = 1e6 / 86400
    got = net_radiation(np.array([22.1]), np.array([14.5 * watts]), np.array([25.1 * watts]))
    assert got[0] == pytest.approx(7.6, abs=0.4)


def test_equilibrium_evaporation_by_hand():
    # at 20 degC: slope 0.1447 kPa/K (FAO-56 table 2.4), share 0.685, 10 MJ -> 2.797 mm
    assert potential_evaporation(np.array([20.0]), np.array([10.0]))[0] == pytest.approx(
        2.797, abs=0.003
    )
