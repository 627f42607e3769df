"""Records of real towers with days and months, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.radiation import potential_radiation
from fluxprod.core.variables import DRIVER_SETS, VARIABLES
from fluxprod.drivers.daily_towers import real_tower_records, tower_weather
from fluxprod.drivers.monthly_towers import by_site_and_month
from tests.drivers.made_settings import SETTINGS
from tests.drivers.test_monthly_towers import site_months

DAYS = pd.date_range("2004-01-01", "2005-12-31", freq="D", unit="s")


def tower(**missing):
    """Two years of days; ``missing`` gives positions without a value by variable."""
    season = np.cos((DAYS.day_of_year - 200) * 2 * np.pi / 365.25).to_numpy()
    rng = np.random.default_rng(2)
    columns = {
        "NEE": -season,
        "TA": 15 + 10 * season + rng.normal(0, 2, len(DAYS)),
        "SW_IN": rng.uniform(50, 300, len(DAYS)),
        "P": rng.gamma(0.3, 6, len(DAYS)),
        "VPD": rng.uniform(1, 9, len(DAYS)),
    }
    for name, where in missing.items():
        columns[name][where] = np.nan
    return xr.Dataset({n: ("time", v) for n, v in columns.items()}, {"time": DAYS})


def both(**missing):
    table = pd.concat([site_months("XX-Aaa", lat=40.0), site_months("XX-Bbb", lat=50.0)])
    return real_tower_records(table, SETTINGS, {"XX-Aaa": tower(**missing)})


def first_site(records):
    return records.isel(record=records.site_index.values == 0)


def driver(records, name, site=0):
    rows = records.isel(record=records.site_index.values == site)
    return rows.x.sel(driver=name).values


def test_a_site_gives_days_or_months():
    records = both()
    site = records.site_index.values
    assert list(records.driver.values) == list(DRIVER_SETS["daily"])
    assert records.daily.values.tolist() == [True, False]
    assert (site == 0).sum() == 731
    assert (site == 1).sum() == 24
    assert set(records.days.values[site == 0]) == {1.0}
    assert records.days.values[site == 1][:3].tolist() == [31, 29, 31]
    assert (records.time.values[site == 0] == DAYS.to_numpy()).all()


def test_weather_of_the_day_is_the_towers():
    records, own = both(), tower()
    for name, variable in {"Tair": "TA", "SW_IN": "SW_IN", "VPD": "VPD"}.items():
        step = VARIABLES[name].step
        np.testing.assert_allclose(driver(records, name), own[variable].values, atol=step / 1.99)


def test_light_use_by_hand():
    """The mean fAPAR of both years is 0.5 in every month."""
    records, own = both(), tower()
    np.testing.assert_allclose(driver(records, "MSC_FPAR"), 0.5)
    np.testing.assert_allclose(driver(records, "FPAR_SW_IN"), 0.5 * own.SW_IN.values, atol=0.011)
    months = driver(records, "FPAR_SW_IN", site=1)
    np.testing.assert_allclose(months[[0, 6]], [75.0, 125.0], atol=0.011)  # 150 and 250 W m-2


def test_potential_radiation_of_days_and_months():
    records = both()
    days = potential_radiation(np.array([40.0]), DAYS.day_of_year[:59])[0]
    np.testing.assert_allclose(driver(records, "SW_IN_POT")[:59], days, atol=0.011)
    july = potential_radiation(np.array([50.0]), np.arange(183, 214)).mean()
    assert driver(records, "SW_IN_POT", site=1)[6] == pytest.approx(july, abs=1.0)


def test_seasons_are_interpolated_between_the_middles_of_months():
    """LST at night: 285 + 5 cos((month - 7) pi / 6) K, so 290 K in July and 280 K in January."""
    night = driver(both(), "MSC_LST_Night")
    assert night[15] == pytest.approx(280.0, abs=0.02)
    assert night[197] == pytest.approx(290.0, abs=0.02)  # 16 July 2004
    middle = (285 + 5 * np.cos(np.pi / 6) + 290) / 2
    assert night[212] == pytest.approx(middle, abs=0.1)  # 31 July, halfway to August


def test_type_of_the_site():
    records = both()
    assert (driver(records, "PFT_GRA") == 1).all()
    others = [name for name in records.driver.values if name.startswith("PFT_")]
    others.remove("PFT_GRA")
    assert (records.x.sel(driver=others) == 0).all()


def test_days_without_nee_are_left_out_and_gaps_in_weather_filled():
    gap = slice(190, 195)  # in July, whose mean of both years is 250 W m-2 and 9 hPa
    records = both(NEE=slice(0, 10), SW_IN=gap, VPD=gap)
    assert (records.site_index.values == 0).sum() == 721
    np.testing.assert_allclose(driver(records, "SW_IN")[180:185], 250.0, atol=0.011)
    np.testing.assert_allclose(driver(records, "VPD")[180:185], 9.0, atol=0.0051)


def test_a_tower_without_vpd_takes_that_of_its_months():
    own, monthly = tower().drop_vars("VPD"), by_site_and_month(site_months(lat=40.0))
    weather, deficit = tower_weather(own, monthly.isel(site=0))
    assert weather.sw_in.shape == (1, 731)
    assert deficit[[0, 200]] == pytest.approx([1.0, 9.0])  # 5 - 4 and 5 + 4 hPa


def test_weather_does_not_depend_on_nee():
    days = DAYS.to_numpy()
    kept = np.r_[0:300, 600:731]
    np.testing.assert_array_equal(
        first_site(both()).isel(record=np.isin(days, days[kept])).x.values,
        first_site(both(NEE=slice(300, 600))).x.values,
    )
