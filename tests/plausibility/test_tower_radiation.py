"""Radiation of a tower against the latitude of the site table."""

import numpy as np
import pytest

from fluxprod.plausibility.towers.radiation import latitude_of, radiation_findings
from tests.plausibility.small_tower import DAY, outcomes, small_tower, stops, times


def test_a_tower_at_its_latitude_passes():
    found = outcomes(radiation_findings("XX-One", small_tower(48.0)[0], 48.0))
    assert found == {"towers.latitude:XX-One": "pass", "towers.clear_sky:XX-One": "pass"}


@pytest.mark.parametrize("lat", [-48.0, 11.0, 0.0, 70.0])
def test_another_latitude_stops_the_run(lat):
    assert "towers.latitude:XX-One" in stops(radiation_findings("XX-One", small_tower()[0], lat))


def test_radiation_above_that_of_the_sun_stops_the_run():
    record = small_tower()[0].drop_vars("SW_IN_POT")
    assert stops(radiation_findings("XX-One", record, -48.0)) == {"towers.clear_sky:XX-One"}
    for factor in (0.0864, 2.02):
        wrong = times(factor, "SW_IN")(record)
        assert stops(radiation_findings("XX-One", wrong, 48.0)) == {"towers.clear_sky:XX-One"}


def test_the_latitude_of_a_cosine():
    """At the equator, potential radiation has two maxima; at the pole it is zero half the year."""
    declination = np.radians(23.45) * np.sin(2.0 * np.pi * (DAY - 81) / 365.0)
    distance = 1.0 + 0.0334 * np.cos(2.0 * np.pi * (DAY - 3) / 365.0)
    assert latitude_of(distance * np.cos(declination), DAY) == pytest.approx(0.0, abs=1.0)
    pole = distance * np.clip(np.sin(declination), 0.0, None)
    assert latitude_of(pole, DAY) == pytest.approx(90.0, abs=1.0)


def test_half_a_year_of_values_is_needed():
    assert radiation_findings("XX-One", small_tower()[0].isel(time=slice(0, 170)), 48.0) == []
