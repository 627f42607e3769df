import numpy as np
import pytest

from fluxprod.synthetic.earth.humidity import dewpoint, vapour_deficit


def test_dewpoints_of_a_table():
    """WMO No. 49: 42.430 hPa at 30, 23.373 at 20, 12.272 at 10 and 2.8627 at -10 degC."""
    air = np.array([30.0, 30.0, 20.0, 10.0])
    deficit = np.array([42.430 - 23.373, 42.430 - 12.272, 23.373 - 12.272, 12.272 - 2.8627])
    np.testing.assert_allclose(dewpoint(air, deficit), [20.0, 10.0, 10.0, -10.0], atol=0.05)
    np.testing.assert_allclose(dewpoint(air, 0.0 * deficit), air, atol=1e-9)


def test_the_deficit_grows_with_warmth_and_light():
    light, potential = np.array([60.0, 80.0, 150.0, 190.0]), np.full(4, 200.0)
    share = vapour_deficit(np.full(4, 20.0), light, potential) / 23.39  # FAO-56, Table 2.3
    np.testing.assert_allclose(share, [0.12, 0.19, 0.435, 0.47], rtol=1e-3)
    assert vapour_deficit(np.array(30.0), 150.0, 200.0) > vapour_deficit(
        np.array(20.0), 150.0, 200.0
    )


def test_in_the_polar_night_air_is_moist():
    assert vapour_deficit(np.array(-30.0), np.array(0.0), np.array(0.0)) == pytest.approx(
        0.05 * 6.108 * np.exp(17.27 * -30.0 / 207.3)
    )
