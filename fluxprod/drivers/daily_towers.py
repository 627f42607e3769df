"""Drivers of real towers: days where a tower has daily records, months elsewhere.

Satellite values come from a monthly table, in which the same replacements are made as in
`monthly_towers`; NDVI and EVI are absent, so light use is that of fAPAR alone.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.radiation import potential_radiation_year
from fluxprod.core.time_axis import calendar_day
from fluxprod.core.variables import DRIVER_SETS, VARIABLES
from fluxprod.drivers.monthly_towers import (
    MIDDLE,
    by_site_and_month,
    monthly_cycle,
    monthly_drivers,
    on_records,
    potential_radiation_months,
)
from fluxprod.drivers.plant_types import tower_shares
from fluxprod.drivers.seasonal_cycle import daily_cycle, to_calendar_days
from fluxprod.drivers.settings import DriverSettings
from fluxprod.drivers.table_a2 import Weather, amplitude, water_availability

WEATHER = ("TA", "SW_IN", "P", "VPD")
NAMES = DRIVER_SETS["daily"]  # all drivers of the records; those of Table A2 are among them


def real_tower_records(
    table: pd.DataFrame,
    settings: DriverSettings,
    towers: Mapping[str, xr.Dataset],
) -> xr.Dataset:
    """List the records of real towers: days where a site has daily records, months elsewhere.

    Parameters
    ----------
    table : DataFrame
        Monthly table as returned by `read_towers_monthly`.
    settings : DriverSettings
        Water balance, and the radiation by which EVI and NDVI are multiplied.
    towers : mapping of Dataset, dims (time)
        Screened daily records by site: ``NEE`` [g m-2 d-1] and the weather of `WEATHER`, NaN where
        missing. Sites without satellite values in the table are left out.

    Returns
    -------
    Dataset, dims (record, driver)
        ``x``: all drivers in their units; ``NEE`` [g m-2 d-1]; ``site_index``; ``time``; ``days``
        that a record stands for [d]; ``lat``, ``lon``, ``igbp`` and ``daily`` of each site.
    """
    monthly = by_site_and_month(table)
    sites = [site for site in monthly.site.values if site in towers]
    seasonal = monthly_drivers(monthly, settings)
    cycle = monthly_cycle(monthly.FPAR.values, pd.DatetimeIndex(monthly.time.values))
    months = _months(monthly, seasonal | {"MSC_FPAR": cycle})
    parts = [months[~np.isin(monthly.site.values[months.site_index], sites)]]
    for row in np.flatnonzero(np.isin(monthly.site.values, sites)):
        site = monthly.isel(site=row)
        cycles = {name: values[row] for name, values in seasonal.items() if values.ndim == 1}
        cycles |= {
            name: to_calendar_days(values[[row]], MIDDLE)[0]
            for name, values in (seasonal | {"MSC_FPAR": cycle}).items()
            if values.shape[1:] == MIDDLE.shape
        }
        days = _days(site, cycles, towers[site.site.item()], settings)
        parts.append(days.assign(site_index=row))
    rows = pd.concat(parts, ignore_index=True)
    of_type = tower_shares(monthly.igbp.values.astype(str))
    rows = rows.assign(**{name: share[rows.site_index] for name, share in of_type.items()})
    rows = rows.dropna().sort_values(["site_index", "time"], ignore_index=True)
    step = np.array([VARIABLES[name].step for name in NAMES])
    return xr.Dataset(
        {
            "x": (("record", "driver"), np.round(rows[list(NAMES)].to_numpy() / step) * step),
            "NEE": ("record", rows.NEE.to_numpy()),
            "site_index": ("record", rows.site_index.to_numpy(np.int32)),
            "time": ("record", rows.time.to_numpy("datetime64[s]")),
            "days": ("record", rows.days.to_numpy(float)),
            "daily": ("site", np.isin(monthly.site.values, sites)),
            **{name: monthly[name] for name in ("lat", "lon", "igbp")},
        },
        coords={"driver": list(NAMES), "site": monthly.site.values},
    )


def _months(monthly: xr.Dataset, drivers: dict[str, np.ndarray]) -> pd.DataFrame:
    """Records of all months of all sites, NaN where something is missing."""
    time = pd.DatetimeIndex(monthly.time.values)
    columns = {name: on_records(values, time) for name, values in drivers.items()}
    columns |= {name: monthly[name].values for name in ("SW_IN", "VPD", "NEE")}
    columns["SW_IN_POT"] = on_records(potential_radiation_months(monthly.lat.values), time)
    columns["FPAR_SW_IN"] = columns["MSC_FPAR"] * columns["SW_IN"]
    columns["days"] = time.days_in_month.to_numpy(float)[None]
    columns["site_index"] = np.arange(monthly.sizes["site"])[:, None]
    shape = columns["NEE"].shape
    rows = {name: np.broadcast_to(values, shape).ravel() for name, values in columns.items()}
    return pd.DataFrame(rows).assign(time=np.tile(time.to_numpy(), shape[0]))


def _days(
    monthly: xr.Dataset,
    cycles: dict[str, np.ndarray],
    tower: xr.Dataset,
    settings: DriverSettings,
) -> pd.DataFrame:
    """Records of all days of one site.

    ``cycles`` holds drivers by calendar day (366,), and constants, as arrays without dimension.
    """
    weather, deficit = tower_weather(tower, monthly)
    time, day = weather.time, calendar_day(weather.time) - 1
    wai = water_availability(weather, settings, spinup_loops=settings.spinup_loops)
    columns = {name: cycle[day] if cycle.ndim else cycle for name, cycle in cycles.items()}
    columns |= {
        "WAI2": wai[0],
        "Tair": weather.ta[0],
        "AMP_MSC_WAI": amplitude(daily_cycle(wai, day + 1))[0],
        "SW_IN": weather.sw_in[0],
        "VPD": deficit,
        "SW_IN_POT": potential_radiation_year(weather.lat)[0, day],
        "FPAR_SW_IN": columns["MSC_FPAR"] * weather.sw_in[0],
        "NEE": tower.NEE.values,
    }
    return pd.DataFrame(columns, index=time).rename_axis("time").reset_index().assign(days=1.0)


def tower_weather(tower: xr.Dataset, monthly: xr.Dataset) -> tuple[Weather, np.ndarray]:
    """Daily weather of one site; missing days take the mean of their calendar month.

    Parameters
    ----------
    tower : Dataset, dims (time)
        The variables of `WEATHER`, NaN where missing: ``TA`` [degC], ``SW_IN`` [W m-2], ``P``
        [mm d-1] and, if the table has it, ``VPD`` [hPa].
    monthly : Dataset, dims (time)
        The same variables by month, and ``lat``.

    Returns
    -------
    weather : Weather, of shape (1, time)
        Weather without gaps.
    deficit : ndarray, shape (time,)
        VPD without gaps [hPa].
    """
    time = pd.DatetimeIndex(tower.time.values)
    missing = xr.full_like(tower.TA, np.nan)
    ta, sw_in, p, deficit = (
        _without_gaps(tower.get(name, missing), monthly[name]) for name in WEATHER
    )
    lat = monthly.lat.values[None]
    return Weather(ta[None], sw_in[None], p[None], lat, time), deficit


def _without_gaps(daily: xr.DataArray, monthly: xr.DataArray) -> np.ndarray:
    month = np.asarray(pd.DatetimeIndex(daily.time.values).month) - 1
    cycle = monthly_cycle(monthly.values[None], pd.DatetimeIndex(monthly.time.values))[0]
    filled: np.ndarray = np.where(np.isfinite(daily.values), daily.values, cycle[month])
    return filled
