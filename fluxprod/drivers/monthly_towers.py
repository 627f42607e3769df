"""The ten drivers of Table A2 from monthly tower records, as closely as their columns allow.

Quantities that such a table lacks are replaced: EVI and NDVI by fAPAR, ERA5's radiation by the
tower's own, and the reflectance of band 4 by the monthly share of snow cover, which governs its
amplitude (fresh snow reflects 0.9 at 0.55 um, leaves and soil about 0.1: Warren 1982,
doi:10.1029/RG020i001p00067). Months take the place of days.
"""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.radiation import potential_radiation_year
from fluxprod.core.time_axis import MONTHS, calendar_day, daily_axis, monthly_axis, monthly_means
from fluxprod.drivers.seasonal_cycle import fill_periodic, mean_by_step
from fluxprod.drivers.settings import DriverSettings
from fluxprod.drivers.table_a2 import Weather, amplitude, water_availability

PERCENT = 100.0
LEAP_YEAR = pd.date_range(
    "2004-01-01", "2004-12-31", freq="D", unit="s"
)  # contains every calendar day
MIDDLE = np.array(
    [(month - 0.5) * 365.0 / MONTHS for month in range(1, MONTHS + 1)]
)  # d, of months


def by_site_and_month(table: pd.DataFrame) -> xr.Dataset:
    """Arrange site-months as (site, time), with NaN where there is no record.

    Parameters
    ----------
    table : DataFrame
        Columns ``site``, ``igbp``, ``lat``, ``lon``, ``month`` and one for each variable.

    Returns
    -------
    Dataset, dims (site, time)
        Variables by site and month, and ``igbp``, ``lat``, ``lon`` by site; ``time`` holds all
        months from the first to the last year of the table.
    """
    facts = table.groupby("site")[["igbp", "lat", "lon"]].first()
    time = monthly_axis(table["month"].min().year, table["month"].max().year)
    row = facts.index.get_indexer(pd.Index(table["site"]))
    column = time.get_indexer(pd.DatetimeIndex(table["month"]))
    dataset = xr.Dataset(coords={"site": facts.index.to_numpy(), "time": time})
    for name in table.columns.difference(["site", "igbp", "lat", "lon", "month"]):
        values = np.full((len(facts), len(time)), np.nan)
        values[row, column] = table[name].to_numpy()
        dataset[str(name)] = (("site", "time"), values)
    return dataset.assign({name: ("site", facts[name].to_numpy()) for name in facts})


def monthly_cycle(values: np.ndarray, time: pd.DatetimeIndex) -> np.ndarray:
    """Average a series by calendar month, (site, time) to (site, 12).

    A calendar month without any value is interpolated from its neighbours.
    """
    return fill_periodic(mean_by_step(values, np.asarray(time.month) - 1), MIDDLE)


def fill_gaps(values: np.ndarray, time: pd.DatetimeIndex) -> np.ndarray:
    """Fill months without a record from the site's mean seasonal cycle, shape (site, time)."""
    cycle = monthly_cycle(values, time)[:, np.asarray(time.month) - 1]
    return np.where(np.isnan(values), cycle, values)


def monthly_water_availability(records: xr.Dataset, settings: DriverSettings) -> np.ndarray:
    """Compute WAI2 by the daily water balance, forced with monthly means, shape (site, time) [1].

    Months before and after a site's record take its mean seasonal cycle; the earlier ones spin up
    the water balance.
    """
    time = pd.DatetimeIndex(records.time.values)
    days = daily_axis(time[0].year, time[-1].year)
    month = np.repeat(np.arange(len(time)), time.days_in_month)
    ta, sw_in, p = (
        fill_gaps(records[name].values, time)[:, month] for name in ("TA", "SW_IN", "P")
    )
    weather = Weather(ta, sw_in, p, records.lat.values, days)
    daily = water_availability(weather, settings, spinup_loops=settings.spinup_loops)
    return monthly_means(daily, days)


def potential_radiation_months(lat: np.ndarray) -> np.ndarray:
    """Compute the potential radiation of each calendar month, shape (site, 12) [W m-2]."""
    assert (calendar_day(LEAP_YEAR) == np.arange(1, len(LEAP_YEAR) + 1)).all()
    return monthly_means(potential_radiation_year(lat), LEAP_YEAR)


def monthly_drivers(records: xr.Dataset, settings: DriverSettings) -> dict[str, np.ndarray]:
    """Compute the ten drivers of each site and month.

    Parameters
    ----------
    records : Dataset, dims (site, time)
        ``TA`` [degC], ``P`` [mm d-1], ``SW_IN`` [W m-2], ``FPAR`` [1], ``LST_DAY``,
        ``LST_NIGHT`` [K], ``NDWI`` [1], ``SNOW`` [%]; and ``lat`` [degree_north].
    settings : DriverSettings
        Its years of the mean seasonal cycles are not used: all years of a record count, because few
        records cover the period of the paper.

    Returns
    -------
    dict of ndarray, shape (site, time), (site, 12) or (site,)
        Drivers by name, in the units of `VARIABLES`.
    """
    time = pd.DatetimeIndex(records.time.values)
    field = {name: records[name].values for name in records.data_vars if records[name].ndim == 2}

    def cycle(values: np.ndarray) -> np.ndarray:
        return monthly_cycle(values, time)

    potential = potential_radiation_months(records.lat.values)
    every_month = potential[:, np.asarray(time.month) - 1]
    radiation = {"incoming": field["SW_IN"], "potential": every_month}
    cycles = {"incoming": cycle(field["SW_IN"]), "potential": potential}
    wai, fpar = monthly_water_availability(records, settings), cycle(field["FPAR"])
    return {
        "WAI2": wai,
        "MSC_EVIRpot": cycle(field["FPAR"] * radiation[settings.evi_radiation]),
        "MSC_FparLST": cycle(field["FPAR"] * field["LST_DAY"]),
        "MIN_MSC_NDWI": cycle(field["NDWI"]).min(axis=1),
        "AMP_Band4": amplitude(cycle(field["SNOW"] / PERCENT)),
        "MSC_LST_Night": cycle(field["LST_NIGHT"]),
        "Rg_VIMSC": fpar * cycles[settings.ndvi_radiation],
        "AMP_MSC_NDVI": amplitude(fpar),
        "Tair": field["TA"],
        "AMP_MSC_WAI": amplitude(cycle(wai)),
    }


def on_records(values: np.ndarray, time: pd.DatetimeIndex) -> np.ndarray:
    """Expand monthly values, shape (site, month), (site, 12) or (site,), to (site, month)."""
    if values.ndim == 1:
        return np.broadcast_to(values[:, None], (len(values), len(time)))
    if values.shape[1] == len(time):
        return values
    return values[:, np.asarray(time.month) - 1]
