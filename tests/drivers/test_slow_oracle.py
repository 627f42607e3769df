"""All drivers of one cell and one tower against loops over days that follow Table A2.

The oracle uses no code of fluxprod: radiation, snow, water stores, seasonal cycles and patches are
computed independently, one number at a time, in the order of the documentation.
"""

import datetime
import math

import numpy as np
import pandas as pd
import pytest

from fluxprod.core.variables import IGBP, PFT_GROUPS, driver_names
from fluxprod.drivers.cells import cell_drivers
from fluxprod.drivers.patches.cover import Patches
from fluxprod.drivers.table_a2 import Composites, Weather
from fluxprod.drivers.tower_records import tower_drivers
from tests.drivers.made_settings import SETTINGS as AS_SHIPPED

YEARS = (2003, 2004, 2005)
LAT = 48.0
DAYS = [datetime.date(2003, 1, 1) + datetime.timedelta(n) for n in range(365 + 366 + 365)]
SETTINGS = SOIL = AS_SHIPPED.changed(
    spinup_loops=2, msc_first_year=2003, msc_last_year=2005, anomalies=True
)
SHARES = (0.7, 0.3)
TYPES = ("DBF", "GRA")
QUANTITIES = {  # step of the composites [d], mean, amplitude
    "EVI": (16, 0.3, 0.2), "NDVI": (16, 0.5, 0.3), "FPAR": (8, 0.5, 0.3), "LST_DAY": (8, 290, 15),
    "LST_NIGHT": (8, 280, 10), "NDWI": (8, 0.1, 0.2), "BAND4": (8, 0.08, 0.04),
}  # fmt: skip


def middle_dates(step):
    return [
        datetime.date(year, 1, 1) + datetime.timedelta(day + step // 2)
        for year in YEARS
        for day in range(0, 365 - step // 2, step)
    ]


@pytest.fixture(scope="module")
def raw():
    """Noisy weather with frost, and two patches with gaps, one of which recurs every year."""
    rng = np.random.default_rng(5)
    season = [math.sin(2 * math.pi * (d.timetuple().tm_yday - 110) / 365) for d in DAYS]
    weather = {
        "ta": [8 + 14 * s + rng.normal(0, 4) for s in season],
        "sw_in": [max(5.0, 150 + 110 * s + rng.normal(0, 40)) for s in season],
        "p": [float(rng.gamma(0.25, 9.0)) for _ in DAYS],
        "vpd": [max(0.0, 6 + 5 * s + rng.normal(0, 3)) for s in season],
    }
    composites = {}
    for name, (step, mean, swing) in QUANTITIES.items():
        dates = middle_dates(step)
        series = []
        for patch in range(2):
            values = [
                mean + swing * math.sin(2 * math.pi * (d.timetuple().tm_yday - 120) / 365) / 2
                + rng.normal(0, swing / 10) + patch * swing / 3
                for d in dates
            ]  # fmt: skip
            per_year = len(dates) // 3
            for gap in (3, per_year + 3, 2 * per_year + 3, 7, per_year + 15):
                values[gap] = math.nan
            series.append(values)
        composites[name] = (dates, series)
    return weather, composites


# --- the slow way -----------------------------------------------------------------------------


def top_of_atmosphere(lat, day):
    """Daily mean on a horizontal plane, after Spencer (1971) [W m-2]."""
    t = 2 * math.pi * (day - 1) / 365
    distance = (1.00011 + 0.034221 * math.cos(t) + 0.00128 * math.sin(t)
                + 0.000719 * math.cos(2 * t) + 0.000077 * math.sin(2 * t))  # fmt: skip
    tilt = (0.006918 - 0.399912 * math.cos(t) + 0.070257 * math.sin(t)
            - 0.006758 * math.cos(2 * t) + 0.000907 * math.sin(2 * t)
            - 0.002697 * math.cos(3 * t) + 0.00148 * math.sin(3 * t))  # fmt: skip
    phi = math.radians(lat)
    half_day = math.acos(min(1, max(-1, -math.tan(phi) * math.tan(tilt))))
    sun = half_day * math.sin(phi) * math.sin(tilt) + math.cos(phi) * math.cos(tilt) * math.sin(
        half_day
    )
    return max(0.0, 1376 * distance * sun / math.pi)


def slow_wai(weather):
    """Two layers, of which the lower takes the surplus, and snow; two years of spin-up, twice.

    Filling of the lower layer and of the upper one.
    """

    def vapour(t):
        return 0.6108 * math.exp(17.27 * t / (t + 237.3))

    upper, lower, snow = 20.0, 100.0, 0.0
    two_years = [n for n, day in enumerate(DAYS) if day.year < 2005]
    wai, top = [], []
    for n in two_years * 2 + list(range(len(DAYS))):
        t, rain = weather["ta"][n], weather["p"][n]
        shortwave = weather["sw_in"][n] * 0.0864
        clear = 0.75 * top_of_atmosphere(LAT, DAYS[n].timetuple().tm_yday) * 0.0864
        ratio = shortwave / clear if clear > 0.5 else 0.5
        cloud = 1.35 * min(1.0, max(0.25, ratio)) - 0.35
        longwave = (4.903e-9 * (t + 273.15) ** 4
                    * (0.34 - 0.14 * math.sqrt(0.7 * vapour(t))) * cloud)  # fmt: skip
        net = 0.77 * shortwave - longwave
        slope = 4098 * vapour(t) / (t + 237.3) ** 2
        demand = 1.2 * max(0.0, slope / (slope + 0.0665) * net / 2.45)
        if t < 0:
            snow, rain = snow + rain, 0.0
        thaw = min(snow, 3.0 * t + 0.9 * max(net, 0.0)) if t > 0 else 0.0
        snow, rain = snow - thaw, rain + thaw
        into_upper = min(rain, 20.0 - upper)
        into_lower = min(rain - into_upper, 100.0 - lower)
        upper, lower = upper + into_upper, lower + into_lower
        from_upper = min(demand, 0.05 * upper)
        from_lower = min(demand - from_upper, 0.05 * lower)
        upper, lower = upper - from_upper, lower - from_lower
        wai.append(lower / 100.0)
        top.append(upper / 20.0)
    return wai[-len(DAYS) :], top[-len(DAYS) :]


def leap_numbered(day):
    """Number of the day in a leap year, so that 1 March is always 61."""
    return datetime.date(2004, day.month, day.day).timetuple().tm_yday


def slow_cycle(dates, values):
    """Mean of each step over years, with gaps and the 366 days interpolated linearly."""
    steps = {}
    for date, value in zip(dates, values, strict=True):
        steps.setdefault(date.timetuple().tm_yday, []).append(value)
    known = []
    for step in sorted(steps):
        valid = [v for v in steps[step] if not math.isnan(v)]
        if valid:
            known.append((step, sum(valid) / len(valid)))
    # missing steps lie on the line between their neighbours, and so do the days
    around = [(day + turn, value) for turn in (-365, 0, 365) for day, value in known]
    year = []
    for day in range(1, 366):
        left = max(point for point in around if point[0] <= day)
        right = min(point for point in around if point[0] > day)
        part = (day - left[0]) / (right[0] - left[0])
        year.append(left[1] * (1 - part) + right[1] * part)
    leap = (year[58] + year[59]) / 2
    return [*year[:59], leap, *year[59:]]


def slow_daily_cycle(values):
    by_day = {}
    for date, value in zip(DAYS, values, strict=True):
        by_day.setdefault(leap_numbered(date), []).append(value)
    year = [sum(by_day[day]) / len(by_day[day]) for day in range(1, 367)]
    year[59] = (year[58] + year[60]) / 2
    return year


def slow_window(values, middle):
    start = (middle - DAYS[0]).days - 8
    inside = [values[n] for n in range(start, start + 16) if 0 <= n < len(values)]
    return sum(inside) / len(inside)


def slow_anomaly(values):
    """Mean deviation from the mean year, over the day and up to 60 days before it."""
    year = slow_daily_cycle(values)
    left = [value - year[leap_numbered(date) - 1] for date, value in zip(DAYS, values, strict=True)]
    last_61 = [left[max(0, n - 60) : n + 1] for n in range(len(left))]
    return [sum(days) / len(days) for days in last_61]


def slow_patch(weather, composites, patch):
    """What satellites see of a patch: seven series of 366 days, and three numbers."""
    cycle = {}
    dates, evi = composites["EVI"][0], composites["EVI"][1][patch]
    products = [v * slow_window(weather["sw_in"], d) for d, v in zip(dates, evi, strict=True)]
    cycle["MSC_EVIRpot"] = slow_cycle(dates, products)
    dates = composites["FPAR"][0]
    pairs = zip(composites["FPAR"][1][patch], composites["LST_DAY"][1][patch], strict=True)
    cycle["MSC_FparLST"] = slow_cycle(dates, [f * t for f, t in pairs])
    cycle["MSC_LST_Night"] = slow_cycle(dates, composites["LST_NIGHT"][1][patch])
    for name in ("NDVI", "EVI", "FPAR"):
        cycle[name] = slow_cycle(composites[name][0], composites[name][1][patch])
    ndvi = cycle["NDVI"]
    cycle["Rg_VIMSC"] = [v * top_of_atmosphere(LAT, n + 1) for n, v in enumerate(ndvi)]
    ndwi = slow_cycle(composites["NDWI"][0], composites["NDWI"][1][patch])
    band4 = slow_cycle(composites["BAND4"][0], composites["BAND4"][1][patch])
    return cycle, {
        "MIN_MSC_NDWI": min(ndwi),
        "AMP_Band4": max(band4) - min(band4),
        "AMP_MSC_NDVI": max(ndvi) - min(ndvi),
    }


def slow_trailing_mean(values, days):
    windows = [values[max(0, n - days + 1) : n + 1] for n in range(len(values))]
    return [sum(window) / len(window) for window in windows]


def slow_daily(weather, found):
    """Weather of the day and its memory, and each vegetation index times the light of the day."""
    for name in ("SW_IN", "P", "VPD"):
        found[name] = weather[name.lower()]
        for days in (7, 30):
            found[f"{name}_{days}"] = slow_trailing_mean(found[name], days)
    found["SW_IN_POT"] = [top_of_atmosphere(LAT, day) for day in range(1, 367)]
    found["MSC_FPAR"] = found["FPAR"]
    for name in ("FPAR", "NDVI", "EVI"):
        leaves = found.pop(name)
        found[f"{name}_SW_IN"] = [
            leaves[leap_numbered(day) - 1] * light
            for day, light in zip(DAYS, weather["sw_in"], strict=True)
        ]


def slow_drivers(raw, shares, types):
    weather, composites = raw
    patches = [slow_patch(weather, composites, n) for n in range(len(shares))]
    whole = sum(shares)
    lower, upper = slow_wai(weather)
    found = {"Tair": weather["ta"], "WAI2": lower}
    found |= {f"{name}_ANOM": slow_anomaly(found[name]) for name in ("Tair", "WAI2")}
    wai_year = slow_daily_cycle(found["WAI2"])
    found["AMP_MSC_WAI"] = max(wai_year) - min(wai_year)
    for name in patches[0][0]:
        found[name] = [
            sum(share * patch[0][name][n] for share, patch in zip(shares, patches)) / whole
            for n in range(366)
        ]
    for name in patches[0][1]:
        found[name] = sum(s * patch[1][name] for s, patch in zip(shares, patches)) / whole
    found["WAI1"] = upper
    slow_daily(weather, found)
    for name, group in PFT_GROUPS.items():
        found[name] = sum(s for s, code in zip(shares, types) if code in group)
    return found


# --- against fluxprod -------------------------------------------------------------------------


def as_arrays(raw):
    weather, composites = raw
    time = pd.DatetimeIndex(DAYS)
    ta, sw_in, p, vpd = (np.array([weather[name]]) for name in ("ta", "sw_in", "p", "vpd"))
    return Weather(ta, sw_in, p, np.array([LAT]), time, vpd), {
        name: Composites(np.array(series), pd.DatetimeIndex(dates))
        for name, (dates, series) in composites.items()
    }


def assert_same(found, slow):
    assert sorted(slow) == sorted(driver_names(anomalies=True, deficit=True))
    for name, values in slow.items():
        np.testing.assert_allclose(
            found[name].values[0], values, rtol=1e-9, atol=1e-12, err_msg=name
        )


def test_a_cell(raw):
    weather, composites = as_arrays(raw)
    cell = np.array([700])
    numbers = {code: number for number, code in IGBP.items()}
    pft = np.array([numbers[code] for code in TYPES])
    patches = Patches(np.repeat(cell, 2), pft, np.array(SHARES))
    found = cell_drivers(weather, cell, patches, composites, SETTINGS)
    assert_same(found, slow_drivers(raw, SHARES, TYPES))


def test_a_tower(raw):
    weather, composites = as_arrays(raw)
    # the second patch has the tower's type, and alone represents it
    found = tower_drivers(
        weather, [np.array([1])], np.array(SHARES), composites, SETTINGS, igbp=np.array(TYPES[1:])
    )
    only = {name: (dates, series[1:]) for name, (dates, series) in raw[1].items()}
    assert_same(found, slow_drivers((raw[0], only), (1.0,), TYPES[1:]))
