"""Vapour pressure of air against tables and a calculation by hand."""

import numpy as np
import pytest

from fluxprod.core.units import vapour_pressure

# saturation over water [hPa] by temperature [degC]: WMO No. 49 (1988), Appendix A, Goff-Gratch
TABLE = {0: 6.1078, 10: 12.272, 20: 23.373, 30: 42.430, 40: 73.777}


def test_tabulated_pressures():
    """The formula rounds its constants: T0 = 273.16 K makes it 0.06 % too low at 20 degC."""
    computed = vapour_pressure(np.array(list(TABLE), float))
    np.testing.assert_allclose(computed, list(TABLE.values()), rtol=1e-3)


def test_by_hand_at_20_degrees():
    """17.502 (293.15 - 273.16) / (293.15 - 32.19) = 1.34068; 6.1121 hPa e^1.34068 = 23.358 hPa."""
    assert vapour_pressure(np.array(20.0)) == pytest.approx(23.358, abs=1e-3)


def test_supercooled_water_and_not_ice():
    """At -20 degC 1.2540 hPa over water, 1.0325 hPa over ice (WMO No. 49)."""
    assert vapour_pressure(np.array(-20.0)) == pytest.approx(1.2540, rel=6e-3)


def test_float32_stays_float32_and_missing_stays_missing():
    computed = vapour_pressure(np.array([10.0, np.nan], np.float32))
    assert computed.dtype == np.float32
    assert np.isnan(computed).tolist() == [False, True]
