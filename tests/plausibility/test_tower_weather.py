"""Weather of a tower against its cell: units, dates and positions that are wrong are noticed."""

import numpy as np
import pytest

from fluxprod.plausibility.towers.day_to_day import departures, shifted_correlation
from fluxprod.plausibility.towers.weather import weather_findings
from tests.plausibility.small_tower import TIME, YEAR, later, outcomes, small_tower, stops, times

MISSING = -9999.0


def fahrenheit(record):
    return record.assign(TA=record.TA * 1.8 + 32.0)


EDITS = {
    "TA in degF": (fahrenheit, "towers.temperature:XX-One"),
    "TA, sign": (times(-1.0, "TA"), "towers.season:XX-One"),
    "TA in 0.1 K": (times(10.0, "TA"), "towers.temperature_range:XX-One"),
    "TA, factor 0.1": (times(0.1, "TA"), "towers.temperature_range:XX-One"),
    "TA, half a year": (later(182, "TA"), "towers.season:XX-One"),
    "TA, a day late": (later(1, "TA"), "towers.shift:XX-One TA"),
    "TA, a day early": (later(-1, "TA"), "towers.shift:XX-One TA"),
    "SW_IN in MJ m-2 d-1": (times(0.0864, "SW_IN"), "towers.radiation:XX-One"),
    "SW_IN in umol of photons": (times(2.02, "SW_IN"), "towers.radiation:XX-One"),
    "SW_IN, a day late": (later(1, "SW_IN"), "towers.shift:XX-One SW_IN"),
    "P in cm": (times(0.1, "P"), "towers.precipitation:XX-One"),
    "P in m": (times(1e-3, "P"), "towers.precipitation:XX-One"),
    "P in inches": (times(1.0 / 25.4, "P"), "towers.precipitation:XX-One"),
    "P in 0.1 mm": (times(10.0, "P"), "towers.precipitation:XX-One"),
    "P, two days early": (later(-2, "P"), "towers.shift:XX-One P"),
    "VPD in kPa": (times(0.1, "VPD"), "towers.vapour_pressure_deficit:XX-One"),
    "VPD in Pa": (times(100.0, "VPD"), "towers.vapour_pressure_deficit:XX-One"),
    "VPD, a day early": (later(-1, "VPD"), "towers.shift:XX-One VPD"),
    "all, a day late": (later(1), "towers.shift:XX-One TA"),
    "all, half a year": (later(182), "towers.weather:XX-One"),
    "all, a year late": (later(365), "towers.weather:XX-One"),
}


def test_a_tower_with_the_weather_of_its_cell_passes():
    found = outcomes(weather_findings("XX-One", *small_tower()))
    assert set(found.values()) == {"pass"}
    assert len(found) == 11  # four sizes, the range, the season, four shifts, the weather itself


@pytest.mark.parametrize("name", EDITS)
def test_wrong_weather_stops_the_run(name):
    edit, noticed = EDITS[name]
    record, cell = small_tower()
    assert noticed in stops(weather_findings("XX-One", edit(record), cell))


def test_the_weather_of_another_place_stops_the_run():
    record, _ = small_tower(seed=1)
    _, elsewhere = small_tower(seed=2)
    assert stops(weather_findings("XX-One", record, elsewhere)) == {"towers.weather:XX-One"}


def test_one_variable_of_another_place_is_a_warning():
    record, cell = small_tower(seed=1)
    other = small_tower(seed=2)[0]
    (finding, *_) = weather_findings("XX-One", record.assign(SW_IN=other.SW_IN), cell)
    assert (finding.criterion.name, finding.outcome) == ("towers.weather", "warn")
    assert finding.found.endswith("none for SW_IN")


def test_a_shift_of_one_year_is_a_warning():
    record, cell = small_tower()
    moved = later(1)(record).where(record.time.dt.year == 2005, record)
    found = {each.key: each for each in weather_findings("XX-One", moved, cell)}
    assert found["towers.shift:XX-One TA"].outcome == "warn"
    assert found["towers.shift:XX-One TA"].found == "1 d late in 2005"


def test_the_text_says_how_large_the_difference_is():
    """The cell is 1.0 K warmer than the tower, which is 20 K warmer than it was."""
    record, cell = small_tower()
    warmer = record.assign(TA=record.TA + 20.0)
    found = {each.criterion.name: each.found for each in weather_findings("XX-One", warmer, cell)}
    assert found["towers.temperature"] == "+19.0 K"


def test_mountains_and_rain_shadows_are_real():
    """ES-LgS is 11.6 K colder than its cell of 4 degrees, and US-Me1 has 0.16 of its rain."""
    record, cell = small_tower()
    high = record.assign(TA=record.TA - 10.6, P=record.P * 0.16)
    assert stops(weather_findings("ES-LgS", high, cell)) == set()
    assert outcomes(weather_findings("ES-LgS", high, cell))["towers.temperature:ES-LgS"] == "warn"


def test_a_variable_without_values_has_no_finding():
    record, cell = small_tower()
    dry = record.assign(P=record.P * np.nan)
    assert not any("precipitation" in key for key in outcomes(weather_findings("X", dry, cell)))
    assert weather_findings("X", record.isel(time=slice(0, 90)), cell) == []


@pytest.mark.parametrize("lacking", [0, 1])
def test_without_vapour_pressure_deficit_there_is_no_finding(lacking):
    pair = list(small_tower())
    pair[lacking] = pair[lacking].drop_vars("VPD")
    found = outcomes(weather_findings("XX-One", *pair))
    assert len(found) == 9
    assert not any("VPD" in key or "vapour" in key for key in found)


def test_the_deficit_of_a_cold_mountain_is_real():
    """Air that is 11.6 K colder holds 0.065 x 11.6 = 0.75 e-folds less vapour: a factor of 0.47."""
    record, cell = small_tower()
    found = outcomes(weather_findings("ES-LgS", record.assign(VPD=0.47 * record.VPD), cell))
    assert found["towers.vapour_pressure_deficit:ES-LgS"] == "pass"


def test_days_of_the_cell_that_the_tower_lacks_are_left_out():
    record, cell = small_tower()
    part = record.isel(time=np.flatnonzero(YEAR > 2004))
    assert set(outcomes(weather_findings("XX-One", part, cell)).values()) == {"pass"}


def test_departures_have_no_trend():
    """A straight line is its own running mean, except at both ends of the series."""
    line = 0.1 * np.arange(len(TIME))
    assert np.abs(departures(line)[15:-15]).max() < 1e-10


def test_a_late_series_agrees_best_at_its_delay():
    noise = np.random.default_rng(0).normal(size=400)
    r = shifted_correlation(np.roll(noise, 2), noise)
    assert max(r, key=r.get) == 2
    assert r[2] == pytest.approx(1.0)
    assert shifted_correlation(noise[:50], noise[:50]) == {}
