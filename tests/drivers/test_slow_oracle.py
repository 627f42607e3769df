"""All drivers of one cell and one tower against loops over days that follow Table A2.

The oracle is in slow_drivers.py, and uses no code of fluxprod.
"""

import datetime
import math

import numpy as np
import pandas as pd
import pytest

from fluxprod.core.variables import IGBP, driver_names
from fluxprod.drivers.cells import cell_drivers
from fluxprod.drivers.patches.cover import Patches
from fluxprod.drivers.table_a2 import Composites, Weather
from fluxprod.drivers.tower_records import tower_drivers
from tests.drivers.made_settings import SETTINGS as AS_SHIPPED
from tests.drivers.slow_drivers import slow_drivers

YEARS = (2003, 2004, 2005)
LAT = 48.0
DAYS = [datetime.date(2003, 1, 1) + datetime.timedelta(n) for n in range(365 + 366 + 365)]
LOOPS = 2  # of the spin-up
SETTINGS = AS_SHIPPED.changed(
    spinup_loops=LOOPS, msc_first_year=2003, msc_last_year=2005, anomalies=True
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
        "days": DAYS,
        "lat": LAT,
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
    assert_same(found, slow_drivers(raw, SHARES, TYPES, LOOPS))


def test_a_tower(raw):
    weather, composites = as_arrays(raw)
    # the second patch has the tower's type, and alone represents it
    found = tower_drivers(
        weather, [np.array([1])], np.array(SHARES), composites, SETTINGS, igbp=np.array(TYPES[1:])
    )
    only = {name: (dates, series[1:]) for name, (dates, series) in raw[1].items()}
    assert_same(found, slow_drivers((raw[0], only), (1.0,), TYPES[1:], LOOPS))
