"""ERA5 against its climatology, the sun and itself: planted faults are noticed."""

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.radiation import potential_radiation
from fluxprod.plausibility.climate.findings import climate_findings
from fluxprod.plausibility.climate.survey import survey_climate
from fluxprod.plausibility.climate.zones import around_the_globe
from tests.plausibility.globe import (
    TIME,
    YEAR,
    climate,
    geography,
    mirrored,
    moved,
    on_land,
    outcomes,
    place,
    reference,
    sky,
)

HALF_RANGE = 5.0  # K, half of the diurnal range over land (Dai et al. 1999)


def findings(**changed):
    return climate_findings(climate(**changed), geography(), reference())


def field(name):
    return on_land(sky()[name])


def days_later(name, days):
    return np.roll(field(name), days, axis=1)


def in_2004(name, wrong):
    """Replace one year."""
    return np.where(YEAR == 2004, wrong, field(name))


def local(hour):
    """Height of the sun at an hour UTC, from -1 (midnight) to 1 (noon), shape (cell, 1)."""
    return np.cos(2.0 * np.pi * (hour - 12.0 + place("cell_lon") / 15.0) / 24.0)[:, None]


def snapshot(hour):
    """Radiation of an hour UTC: the mean of a half sine over the day is 1/pi of its height."""
    return np.pi * field("SW_IN") * np.clip(local(hour), 0.0, None)


def repeated(name, first, again, days=31):
    values = field(name).copy()
    values[:, again : again + days] = values[:, first : first + days]
    return values


def test_a_sound_climate_passes():
    assert outcomes(findings()) == (set(), set())


def test_every_test_has_a_source_and_advice():
    assert all(each.criterion.source and each.criterion.action for each in findings())


FAULTS = {
    # air temperature
    "TA mirrored": ("TA", lambda: on_land(mirrored(sky()["TA"])), "temperature_season"),
    "TA turned": ("TA", lambda: on_land(moved(sky()["TA"], 0, 36)), "temperature_map"),
    "TA three columns off": ("TA", lambda: on_land(moved(sky()["TA"], 0, 3)), "temperature_map"),
    "TA a column off": ("TA", lambda: on_land(moved(sky()["TA"], 0, -1)), "temperature_map"),
    "TA a row off": ("TA", lambda: on_land(moved(sky()["TA"], 1, 0)), "temperature_map"),
    "daily maximum": ("TA", lambda: field("TA") + HALF_RANGE, "temperature"),
    "daily minimum": ("TA", lambda: field("TA") - HALF_RANGE, "temperature"),
    "TA at 12 UTC": ("TA", lambda: field("TA") + HALF_RANGE * local(10.0), "temperature_hour"),
    "Kelvin": ("TA", lambda: field("TA") + 273.15, "temperature"),
    "Fahrenheit": ("TA", lambda: 1.8 * field("TA") + 32.0, "temperature"),
    "TA a month late": ("TA", lambda: days_later("TA", 30), "temperature_season"),
    "TA a month early": ("TA", lambda: days_later("TA", -30), "temperature_season"),
    "TA half a year late": ("TA", lambda: days_later("TA", 183), "temperature_zones"),
    "one year of maxima": ("TA", lambda: in_2004("TA", field("TA") + 4.0), "temperature"),
    "one year mirrored": (
        "TA", lambda: in_2004("TA", on_land(mirrored(sky()["TA"]))), "temperature_map",
    ),
    "one year half a year late": (
        "TA", lambda: in_2004("TA", days_later("TA", 183)), "temperature_season",
    ),
    "one corner wrong": (
        "TA", lambda: field("TA") + 30.0 * (place("cell_lon") > 120.0)[:, None],
        "temperature_cells",
    ),
    "TA year twice": ("TA", lambda: repeated("TA", 0, 731, 365), "copies"),
    "TA month twice": ("TA", lambda: repeated("TA", 0, 731), "copies"),
    "TA day twice": ("TA", lambda: repeated("TA", 500, 501, 1), "repeated_days"),
    "one cell stands still": (
        "TA", lambda: np.where(np.arange(place("cell").size)[:, None] == 9, 5.0, field("TA")),
        "stuck_cells",
    ),
    # radiation
    "SW_IN mirrored": ("SW_IN", lambda: on_land(mirrored(sky()["SW_IN"])), "radiation_season"),
    "SW_IN a column off": (
        "SW_IN", lambda: on_land(moved(sky()["SW_IN"], 0, 1)), "radiation_map",
    ),
    "SW_IN turned": ("SW_IN", lambda: on_land(moved(sky()["SW_IN"], 0, 36)), "radiation_rain"),
    "SW_IN a month late": ("SW_IN", lambda: days_later("SW_IN", 30), "radiation_season"),
    "SW_IN a month early": ("SW_IN", lambda: days_later("SW_IN", -30), "radiation_season"),
    "SW_IN half a year late": ("SW_IN", lambda: days_later("SW_IN", 183), "radiation_season"),
    "SW_IN a day late": ("SW_IN", lambda: days_later("SW_IN", 1), "radiation_day"),
    "SW_IN a day early": ("SW_IN", lambda: days_later("SW_IN", -1), "radiation_day"),
    "mean of hours taken for their sum": ("SW_IN", lambda: field("SW_IN") / 24.0, "radiation"),
    "sum of hours taken for their mean": ("SW_IN", lambda: field("SW_IN") * 24.0, "radiation"),
    "J m-2": ("SW_IN", lambda: field("SW_IN") * 86400.0, "radiation"),
    "SW_IN at noon": ("SW_IN", lambda: np.pi * field("SW_IN"), "radiation_zones"),
    "SW_IN at 12 UTC": ("SW_IN", lambda: snapshot(12.0), "radiation_hour"),
    "SW_IN since midnight": ("SW_IN", lambda: field("SW_IN") * 12.5, "radiation"),
    "one year of SW_IN at 0 UTC": (
        "SW_IN", lambda: in_2004("SW_IN", snapshot(0.0)), "radiation_hour",
    ),
    "SW_IN month twice": ("SW_IN", lambda: repeated("SW_IN", 0, 731), "copies"),
    "SW_IN day twice": ("SW_IN", lambda: repeated("SW_IN", 500, 501, 1), "repeated_days"),
    # precipitation
    "P mirrored": ("P", lambda: on_land(mirrored(sky()["P"])), "precipitation_pattern"),
    "P turned": ("P", lambda: on_land(moved(sky()["P"], 0, 36)), "precipitation_pattern"),
    "P a column off": ("P", lambda: on_land(moved(sky()["P"], 0, 1)), "precipitation_map"),
    "P in m": ("P", lambda: field("P") / 1000.0, "precipitation"),
    "P of an hour": ("P", lambda: field("P") / 24.0, "precipitation"),
    "P times 24": ("P", lambda: field("P") * 24.0, "precipitation"),
    "P since midnight": ("P", lambda: field("P") * 12.5, "precipitation"),
    "one year of P times 24": ("P", lambda: in_2004("P", field("P") * 24.0), "precipitation"),
    "P a month late": ("P", lambda: days_later("P", 30), "precipitation_season"),
    "P half a year late": ("P", lambda: days_later("P", 183), "precipitation_season"),
    "P constant": ("P", lambda: np.full(field("P").shape, 2.3), "repeated_days"),
    "no P": ("P", lambda: np.zeros(field("P").shape), "precipitation"),
    "P year twice": ("P", lambda: repeated("P", 0, 731, 365), "copies"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_stops_the_run(fault):
    name, wrong, test = FAULTS[fault]
    stops, _ = outcomes(findings(**{name: wrong()}))
    assert test in stops


def test_convective_rain_alone_is_noticed():
    """In middle latitudes nearly all rain of the winter is large-scale."""
    lat, month = place("cell_lat")[:, None], TIME.month.to_numpy()
    winter = np.where(lat > 0, np.isin(month, (12, 1, 2)), np.isin(month, (6, 7, 8)))
    share = np.where((np.abs(lat) > 30.0) & winter, 0.15, 0.6)
    stops, _ = outcomes(findings(P=field("P") * share))
    assert "precipitation_zones" in stops


def test_the_finding_says_where_the_map_belongs_and_in_which_year():
    wrong = in_2004("TA", on_land(moved(sky()["TA"], 0, 2)))
    (found,) = [
        each.found
        for each in findings(TA=wrong)
        if each.criterion.name == "climate.temperature_map"
    ]
    assert found.endswith("if moved 2 cells west in 2004")


def test_blocks_of_cells_give_the_same_survey():
    at_once, in_parts = (survey_climate(climate(), place("cell_lat"), n) for n in (10_000, 97))
    for name in ("TA", "SW_IN", "P"):
        np.testing.assert_array_equal(at_once.months[name], in_parts.months[name])
        np.testing.assert_allclose(at_once.repeats[name], in_parts.repeats[name])
        np.testing.assert_array_equal(at_once.stuck[name], in_parts.stuck[name])
    np.testing.assert_array_equal(at_once.clouds[1], in_parts.clouds[1])


def test_survey_of_one_cell_by_hand():
    """Rain every third day darkens that day by half: R is -1, and 0.5 a day away."""
    wet = np.arange(len(TIME)) % 3 == 0
    sun = potential_radiation([10.0], TIME.day_of_year)[0]
    store = xr.Dataset(
        {
            "TA": (("cell", "time"), np.arange(len(TIME), dtype=float)[None]),
            "SW_IN": (("cell", "time"), (sun * np.where(wet, 0.3, 0.6))[None]),
            "P": (("cell", "time"), np.where(wet, 9.0, 0.0)[None]),
        },
        coords={"cell": [0], "time": TIME},
    )
    survey = survey_climate(store, np.array([10.0]))
    assert survey.years.tolist() == [2003, 2004, 2005]
    assert survey.months["TA"][0, 0, 0] == 15.0  # mean of 0 to 30
    assert survey.months["TA"][0, 0, 1] == 44.5  # mean of 31 to 58
    np.testing.assert_allclose(survey.clouds[0], -1.0)
    np.testing.assert_allclose(survey.clouds[1], 0.5, atol=0.01)
    assert survey.day(31) == "2003-02-01"


def test_wave_around_the_globe():
    lon = np.arange(-180.0, 180.0, 10.0)
    values = 3.0 + 2.0 * np.cos(np.radians(lon - 40.0))[:, None] * [1.0, 0.5]
    np.testing.assert_allclose(around_the_globe(values, lon, np.ones(36)), [2.0, 1.0])
