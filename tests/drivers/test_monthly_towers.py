import numpy as np
import pandas as pd
import pytest

from fluxprod.core.variables import DRIVERS
from fluxprod.drivers.daily_towers import real_tower_records
from fluxprod.drivers.monthly_towers import (
    by_site_and_month,
    fill_gaps,
    monthly_cycle,
    potential_radiation_months,
)
from tests.drivers.made_settings import SETTINGS

WATTS = 1e6 / 86400.0  # W m-2 in 1 MJ m-2 d-1


def site_months(site="XX-Aaa", p=2.0, lat=0.0, first="2004-01", last="2005-12"):
    """Two years, the second of which is 2 degC warmer and has 0.2 more fAPAR."""
    month = pd.date_range(first, last, freq="MS")
    later = (month.year == 2005).astype(float)
    season = np.cos((month.month - 7) * np.pi / 6)
    return pd.DataFrame(
        {
            "site": site, "igbp": "GRA", "lat": lat, "lon": 10.0, "month": month, "NEE": -season,
            "TA": 15 + 10 * season + 2 * later, "P": p, "SW_IN": 200 + 50 * season,
            "FPAR": 0.4 + 0.2 * later, "LST_DAY": 300.0, "LST_NIGHT": 285 + 5 * season,
            "NDWI": 0.1 * season, "SNOW": 20 - 20 * season, "VPD": 5 + 4 * season,
        }
    )  # fmt: skip


def drivers_of(table):
    records = real_tower_records(table, SETTINGS, {})
    assert list(records.driver.values[: len(DRIVERS)]) == list(DRIVERS)
    return records, {name: records.x.sel(driver=name).values for name in DRIVERS}


def test_drivers_by_hand():
    records, x = drivers_of(site_months())
    july, next_july, january = 6, 18, 0
    assert records.sizes["record"] == 24
    assert x["Tair"][[july, next_july]] == pytest.approx([25.0, 27.0])
    # means of two years: fAPAR 0.5; in July 250 W m-2, in January 150 W m-2
    assert x["MSC_EVIRpot"][[july, next_july, january]] == pytest.approx([125, 125, 75], abs=0.01)
    assert x["MSC_FparLST"] == pytest.approx(np.full(24, 150.0), abs=0.01)
    assert x["MSC_LST_Night"][[july, january]] == pytest.approx([290.0, 280.0], abs=0.01)
    assert x["MIN_MSC_NDWI"] == pytest.approx(np.full(24, -0.1))
    assert x["AMP_Band4"] == pytest.approx(np.full(24, 0.4))  # 0 to 40 % snow
    assert x["AMP_MSC_NDVI"] == pytest.approx(np.zeros(24))


def test_potential_radiation_of_months_is_that_of_fao_56():
    """FAO-56 table 2.6, equator: 36.2 in January, 37.8 in March, 33.4 MJ m-2 d-1 in June."""
    months = potential_radiation_months(np.array([0.0]))[0]
    assert months[[0, 2, 5]] == pytest.approx(np.array([36.2, 37.8, 33.4]) * WATTS, rel=0.015)
    _, x = drivers_of(site_months())
    assert x["Rg_VIMSC"][:12] == pytest.approx(0.5 * months, abs=0.02)


def test_water_follows_rain():
    wet, dry = site_months("XX-Wet", p=8.0), site_months("XX-Dry", p=0.1)
    records, x = drivers_of(pd.concat([wet, dry]))
    is_wet = records.site.values[records.site_index.values] == "XX-Wet"
    assert x["WAI2"][is_wet].min() > 0.8
    assert x["WAI2"][~is_wet].max() < 0.1
    assert (x["AMP_MSC_WAI"] >= 0).all()


def test_other_sites_years_change_nothing_but_the_water_store():
    alone, _ = drivers_of(site_months())
    other = site_months("XX-Bbb", first="1999-01", last="2000-12")
    both, _ = drivers_of(pd.concat([site_months(), other]))
    mine = both.isel(record=both.site_index.values == 0)
    seasonal = [name for name in DRIVERS if "WAI" not in name]
    assert (mine.x.sel(driver=seasonal).values == alone.x.sel(driver=seasonal).values).all()


def test_a_record_needs_nee_and_its_own_temperature():
    table = site_months()
    table.loc[3, "NEE"] = np.nan
    table.loc[5, "TA"] = np.nan
    table = table.drop(index=7)
    records, _ = drivers_of(table)
    months = pd.DatetimeIndex(records.time.values).strftime("%Y-%m")
    assert set(table.month.dt.strftime("%Y-%m")) - set(months) == {"2004-04", "2004-06"}
    assert "2004-08" not in months


def test_gaps_take_the_sites_own_cycle():
    table = site_months().drop(index=[7])  # August 2004
    records = by_site_and_month(table)
    time = pd.DatetimeIndex(records.time.values)
    filled = fill_gaps(records.FPAR.values, time)
    assert filled[0, 7] == pytest.approx(0.6)  # August 2005
    table = site_months().drop(
        index=[7, 19]
    )  # every August, interpolated between July and September
    records = by_site_and_month(table)
    cycle = monthly_cycle(records.LST_NIGHT.values, time)
    assert cycle[0, 7] == pytest.approx((cycle[0, 6] + cycle[0, 8]) / 2)
