"""MODIS against land cover, ERA5 and itself: planted faults are noticed."""

import numpy as np
import pandas as pd
import pytest

from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.vegetation.findings import vegetation_findings
from fluxprod.plausibility.vegetation.group_series import GroupSeries
from fluxprod.plausibility.vegetation.groups import PatchGroups
from fluxprod.plausibility.vegetation.survey import survey_vegetation
from fluxprod.plausibility.vegetation.weather import composite_means
from tests.plausibility.globe import (
    STEP8,
    climate,
    geography,
    moved_patches,
    outcomes,
    reference,
    surface,
    vegetation,
)

INDICES, LST = ("NDVI", "EVI"), ("LST_DAY", "LST_NIGHT")
PRODUCTS = {"indices": INDICES, "LST": LST, "FPAR": ("FPAR",), "bands": ("NDWI", "BAND4")}


def findings(**changed):
    return vegetation_findings(vegetation(**changed), climate(), geography(), reference())


def later(name, steps):
    return np.roll(surface()[name], steps, axis=1)


def in_2004(name, wrong):
    steps = surface()[name].shape[1] // 3
    values = surface()[name].copy()
    values[:, steps : 2 * steps] = wrong[:, steps : 2 * steps]
    return values


def half_a_year(name):
    return later(name, surface()[name].shape[1] // 6)


def year_twice(name):
    steps = surface()[name].shape[1] // 3
    return in_2004(name, np.roll(surface()[name], steps, axis=1))


def with_fill(name, value):
    """Let every seventh value be one that stands for missing values."""
    values = surface()[name].copy()
    values.flat[::7] = value
    return values


def constant(name):
    values = surface()[name]
    return np.repeat(values.mean(axis=1, keepdims=True), values.shape[1], axis=1)


def test_sound_vegetation_passes():
    assert outcomes(findings()) == (set(), set())


def test_every_test_has_a_source_and_advice():
    assert all(each.criterion.source and each.criterion.action for each in findings())


OF_A_PRODUCT = {
    "mirrored": (lambda name: moved_patches(name, mirror=True), "season"),
    "turned": (lambda name: moved_patches(name, columns=36), "map"),
    "a column off": (lambda name: moved_patches(name, columns=1), "map"),
    "a year twice": (year_twice, "copies"),
    "constant": (constant, "repeated_composites"),
}


@pytest.mark.parametrize("fault", OF_A_PRODUCT)
@pytest.mark.parametrize("product", PRODUCTS)
def test_a_fault_of_all_files_of_a_product_stops_the_run(product, fault):
    wrong, test = OF_A_PRODUCT[fault]
    stops, _ = outcomes(findings(**{name: wrong(name) for name in PRODUCTS[product]}))
    assert test in stops


@pytest.mark.parametrize("product", PRODUCTS)
def test_seasons_half_a_year_late_stop_the_run(product):
    names = PRODUCTS[product]
    stops, _ = outcomes(findings(**{name: half_a_year(name) for name in names}))
    assert "season" in stops
    stops, _ = outcomes(findings(**{name: in_2004(name, half_a_year(name)) for name in names}))
    assert "season" in stops


@pytest.mark.parametrize("steps", [1, -1, 2])
def test_surface_temperature_one_composite_off_stops_the_run(steps):
    stops, _ = outcomes(findings(**{name: later(name, steps) for name in LST}))
    assert "weather" in stops
    stops, _ = outcomes(findings(**{name: in_2004(name, later(name, steps)) for name in LST}))
    assert "weather" in stops


@pytest.mark.parametrize("names", [INDICES, ("FPAR",)])
def test_indices_some_composites_late_are_noticed(names):
    steps = 2 if names == INDICES else 4  # of 16 and 8 days
    stops, warnings = outcomes(findings(**{name: later(name, steps) for name in names}))
    assert "season_of_indices" in stops | warnings


FAULTS = {
    "NDVI and EVI swapped": (
        lambda: {"NDVI": surface()["EVI"], "EVI": surface()["NDVI"]}, "evi",
    ),
    "day and night swapped": (
        lambda: {"LST_DAY": surface()["LST_NIGHT"], "LST_NIGHT": surface()["LST_DAY"]},
        "day_and_night",
    ),
    "NDWI and BAND4 swapped": (
        lambda: {"NDWI": surface()["BAND4"], "BAND4": surface()["NDWI"]}, "green_band",
    ),
    "day at night": (lambda: {"LST_NIGHT": surface()["LST_DAY"]}, "surface_temperature"),
    "Celsius": (lambda: {"LST_DAY": surface()["LST_DAY"] - 273.15}, "surface_temperature"),
    "5% warmer": (lambda: {"LST_DAY": 1.05 * surface()["LST_DAY"]}, "surface_temperature"),
    "one cold year": (
        lambda: {"LST_DAY": in_2004("LST_DAY", 0.98 * surface()["LST_DAY"])},
        "surface_temperature_years",
    ),
    "NDVI times 10": (lambda: {"NDVI": 10.0 * surface()["NDVI"]}, "greenest"),
    "NDVI over 10": (lambda: {"NDVI": 0.1 * surface()["NDVI"]}, "greenest"),
    "NDVI over 10 in one year": (
        lambda: {"NDVI": in_2004("NDVI", 0.1 * surface()["NDVI"])}, "greenest",
    ),
    "EVI times 10000": (lambda: {"EVI": 1e4 * surface()["EVI"]}, "greenest"),
    "FPAR in percent": (lambda: {"FPAR": 100.0 * surface()["FPAR"]}, "greenest"),
    "FPAR over 100": (lambda: {"FPAR": 0.01 * surface()["FPAR"]}, "greenest"),
    "NDWI times 10": (lambda: {"NDWI": 10.0 * surface()["NDWI"]}, "water"),
    "NDWI over 10": (lambda: {"NDWI": 0.1 * surface()["NDWI"]}, "water_contrast"),
    "NDWI over 10 in one year": (
        lambda: {"NDWI": in_2004("NDWI", 0.1 * surface()["NDWI"])}, "water_contrast",
    ),
    "NDWI with the other sign": (lambda: {"NDWI": -surface()["NDWI"]}, "water"),
    "BAND4 times 10": (lambda: {"BAND4": 10.0 * surface()["BAND4"]}, "green_band"),
    "BAND4 over 10": (lambda: {"BAND4": 0.1 * surface()["BAND4"]}, "green_band"),
    "fill of NDVI": (lambda: {"NDVI": with_fill("NDVI", -0.3)}, "valid_range"),
    "fill of FPAR, clipped": (lambda: {"FPAR": with_fill("FPAR", 1.0)}, "valid_range"),
    "a composite twice": (
        lambda: {
            "FPAR": np.where(np.arange(len(STEP8)) == 50, later("FPAR", 1), surface()["FPAR"])
        },
        "repeated_composites",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_stops_the_run(fault):
    wrong, test = FAULTS[fault]
    stops, _ = outcomes(findings(**wrong()))
    assert test in stops


def test_missing_composites_are_no_fault():
    """As in the outage of Terra in June 2001, and in winter in the north."""
    values = surface()["FPAR"].copy()
    values[:, 20:25] = np.nan
    values[::3, :8] = np.nan
    assert outcomes(findings(FPAR=values)) == (set(), set())


def test_blocks_of_cells_give_the_same_survey():
    cells = CellMap.of(geography())
    at_once, in_parts = (survey_vegetation(vegetation(), climate(), cells, n) for n in (10_000, 97))
    for name, whole in at_once.of.items():
        part = in_parts.of[name]
        np.testing.assert_allclose(whole.series.total, part.series.total, rtol=1e-12)
        np.testing.assert_array_equal(whole.mean, part.mean)
        np.testing.assert_array_equal(whole.compared, part.compared)
    r = [each.of["LST_DAY"].weather[2004, 0].pearson_r for each in (at_once, in_parts)]
    np.testing.assert_allclose(*r)


def test_means_of_composites_by_hand():
    days = pd.date_range("2003-01-01", periods=24, freq="D")
    middle = days[[4, 12, 20]]  # of days 0 to 7, 8 to 15 and 16 to 23
    daily = np.arange(24.0)[None]
    np.testing.assert_allclose(composite_means(daily, days, middle), [[3.5, 11.5, 19.5]])


def test_months_of_groups_by_hand():
    time = pd.DatetimeIndex(["2003-01-05", "2003-01-13", "2003-02-05"])
    series = GroupSeries.empty(time, 2)
    patches = np.array([[1.0, 3.0, np.nan], [5.0, 5.0, 8.0]])
    series.add(patches, np.array([[3.0, 0.0], [0.0, 1.0]]))
    years, months = series.months([0, 1])
    assert years.tolist() == [2003]
    # (3 * 1 + 5) / 4 = 2 and (3 * 3 + 5) / 4 = 3.5 in January; the second patch in February
    np.testing.assert_allclose(months[0, :2], [2.75, 8.0])
    assert np.isnan(months[0, 2:]).all()


def test_groups_of_few_patches_are_left_out():
    pft = np.repeat([2, 1, 16], [30, 5, 40])
    lat = np.repeat([0.0, 50.0, 20.0], [30, 5, 40])
    groups = PatchGroups.of(pft, lat, np.full(75, 2.0))
    assert groups.names == [
        ("evergreen broadleaf forest", "30 S to 30 N"),
        ("barren land", "30 S to 30 N"),
    ]
    np.testing.assert_array_equal(groups.weight.sum(axis=1), [60.0, 80.0])
