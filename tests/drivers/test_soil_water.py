"""WAI against independent models and measurements of soil water.

No native La Thuile file with ``H2Ostor1`` is available, so two other models replace its column: a
bucket that shares only the rain with ours, and the soil of the synthetic Earth. At real towers,
probes measure soil moisture.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from fluxprod.core.time_axis import daily_axis
from fluxprod.drivers.table_a2 import Weather, water_availability
from fluxprod.readers.towers.lathuile import read_lathuile_daily, read_lathuile_metadata
from fluxprod.synthetic.earth.reference import read_reference
from fluxprod.synthetic.earth.world import make_earth
from fluxprod.synthetic.native.lathuile import write_lathuile_year
from fluxprod.synthetic.raw_towers import write_lathuile
from tests.core.test_radiation import latitudes
from tests.drivers.made_settings import SETTINGS as SOIL

EARTH = Path(__file__).parents[2] / "data" / "reference" / "earth"
CAPACITY = 100.0  # mm


def wai_of(ta, sw_in, p, lat, time):
    weather = Weather(*(np.asarray(v, float)[None] for v in (ta, sw_in, p)), np.array([lat]), time)
    return water_availability(weather, SOIL, spinup_loops=5)[0]


def rank_correlation(one, other):
    both = np.isfinite(one) & np.isfinite(other)
    return spearmanr(one[both], other[both]).statistic


def seasonal_amplitude(values, time):
    months = pd.Series(values, time).groupby(time.month).mean()
    return months.max() - months.min()


def hamon_bucket(ta, p, day_length):
    """Water in one bucket [mm], whose evaporation decreases as it dries and whose surplus runs off.

    Demand [mm d-1] after Hamon, as in Dingman (2002): 29.8 times the hours of daylight times
    saturation vapour pressure [kPa] over temperature [K].
    """
    stored, water = [], CAPACITY
    for t, rain, hours in zip(ta, p, day_length, strict=True):
        demand = 29.8 * hours * 0.611 * np.exp(17.27 * t / (t + 237.3)) / (t + 273.2)
        water = min(CAPACITY, water + rain)
        water -= min(water, demand * water / CAPACITY)
        stored.append(water)
    return np.array(stored)


def frost_free(lat):
    """Six frost-free years in a climate with dry summers (38 N) or a wet season (12 S)."""
    time, rng = daily_axis(2001, 2006), np.random.default_rng(8)
    season = np.sin(2 * np.pi * (time.day_of_year.to_numpy() - 110) / 365) * np.sign(lat)
    wet = 0.25 - 0.2 * season if lat > 0 else 0.35 + 0.3 * season
    ta = 17 + (9 if lat > 0 else 3) * season
    rain = np.where(rng.random(len(time)) < wet, rng.gamma(0.8, 12.0, len(time)), 0.0)
    return time, ta, 210 + 90 * season - 60 * (rain > 0), rain, 12 + 2.7 * season


@pytest.mark.parametrize("lat", [38.0, -12.0])
def test_storage_of_a_la_thuile_file(tmp_path, lat):
    time, ta, sw_in, p, day_length = frost_free(lat)
    table = pd.DataFrame(
        {
            "Ta_f": ta,
            "Rg_f": sw_in * 0.0864,
            "Precip_f": p,
            "H2Ostor1": hamon_bucket(ta, p, day_length),
        },
        index=time,
    )
    for year, of_year in table.groupby(time.year):
        write_lathuile_year(tmp_path, "AA-Wat", year, of_year)
    tower = read_lathuile_daily(tmp_path, "AA-Wat")
    storage = tower.H2OSTOR1.values
    wai = wai_of(tower.TA, tower.SW_IN, tower.P, lat, time)
    assert tower.H2OSTOR1.attrs["units"] == "mm"
    assert rank_correlation(wai, storage) > 0.8
    swing = seasonal_amplitude(storage / CAPACITY, time)
    assert swing > 0.3
    # in warm climates, the demand of Hamon is smaller than that of Priestley and Taylor
    assert 0.5 * swing < seasonal_amplitude(wai, time) < 2.0 * swing


@pytest.fixture(scope="module")
def synthetic_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lathuile")
    write_lathuile(make_earth(read_reference(EARTH), 9.0, range(2002, 2005), seed=5), folder)
    return folder


def test_storage_of_the_synthetic_earth(synthetic_files):
    """Its soil has other capacities and another demand, and its column is a relative filling."""
    found = {}
    for site in read_lathuile_metadata(synthetic_files / "Site_metadata.csv").itertuples():
        if not any(synthetic_files.glob(f"{site.site}.*")):
            continue
        tower = read_lathuile_daily(synthetic_files, site.site)
        time = pd.DatetimeIndex(tower.time.values)
        if len(time) == len(daily_axis(2002, 2004)):
            wai = wai_of(tower.TA, tower.SW_IN, tower.P, site.lat, time)
            found[site.site] = rank_correlation(wai, tower.H2OSTOR1.values)
    assert len(found) >= 8
    assert np.median(list(found.values())) > 0.8, found
    assert min(found.values()) > 0.5, found


def test_soil_moisture_measured_at_real_towers(realdata):
    """A probe near the surface differs from a bucket, so the required correlation is only half."""
    lat, found = latitudes(realdata / "sites"), {}
    for path in sorted((realdata / "fluxnet").glob("FLX_*_DD_*.csv*")):
        site = path.name.split("_")[1]
        table = pd.read_csv(path, na_values=[-9999])
        weather = table.reindex(columns=["TA_F", "SW_IN_F", "P_F"])
        moisture = table.get("SWC_F_MDS_1", pd.Series(dtype=float))
        if weather.isna().any(axis=None) or moisture.notna().sum() < 300:
            continue
        time = pd.DatetimeIndex(pd.to_datetime(table.TIMESTAMP.astype(str)))
        wai = wai_of(*weather.to_numpy().T, lat[site], time)
        found[site] = rank_correlation(wai, moisture.to_numpy())
    assert len(found) >= 8
    assert np.median(list(found.values())) > 0.5, found
    assert min(found.values()) > 0.0, found
