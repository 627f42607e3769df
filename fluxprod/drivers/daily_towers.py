"""Drivers of real towers with daily records, whose satellite values come from a monthly table."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.radiation import potential_radiation
from fluxprod.core.time_axis import calendar_day
from fluxprod.core.variables import DRIVERS
from fluxprod.drivers.monthly_towers import (
    MIDDLE,
    by_site_and_month,
    monthly_cycle,
    monthly_drivers,
    on_records,
    potential_radiation_months,
)
from fluxprod.drivers.seasonal_cycle import daily_cycle, to_calendar_days
from fluxprod.drivers.settings import DriverSettings
from fluxprod.drivers.table_a2 import Weather, amplitude, water_availability

WEATHER = ("TA", "SW_IN", "P", "VPD")
LIGHT_USE = ("SW_IN", "VPD", "SW_IN_POT", "FPAR_SW_IN", "MSC_FPAR")
# IGBP classes with towers enough to learn from; the driver of a group is 1 at its towers, else 0
TYPES = {
    "ENF": ("ENF",), "EBF": ("EBF",), "DBF": ("DBF",), "MF": ("MF",), "CRO": ("CRO",),
    "GRA": ("GRA", "CVM"), "WET": ("WET",), "SH": ("OSH", "CSH"), "SAV": ("SAV", "WSA"),
}  # fmt: skip
PFT_DRIVERS = tuple(f"PFT_{name}" for name in TYPES)
ALL_DRIVERS = (*DRIVERS, *LIGHT_USE, *PFT_DRIVERS)
SETS = {"table_a2": DRIVERS, "daily": ALL_DRIVERS}


def real_tower_records(
    table: pd.DataFrame,
    settings: DriverSettings,
    towers: Mapping[str, xr.Dataset] | None = None,
) -> xr.Dataset:
    """List the records of real towers: days where a site has daily records, months elsewhere.

    Parameters
    ----------
    table : DataFrame
        Monthly table as returned by `read_towers_monthly`, with ``VPD`` if it has that column.
    settings : DriverSettings
        Water balance, and the radiation by which EVI and NDVI are multiplied.
    towers : mapping of Dataset, dims (time), optional
        Screened daily records by site: ``NEE`` [g m-2 d-1] and the weather of `WEATHER`, NaN where
        missing. Sites without satellite values in the table are left out.

    Returns
    -------
    Dataset, dims (record, driver)
        ``x``: all drivers in their units; ``NEE`` [g m-2 d-1]; ``site_index``; ``time``; ``days``
        that a record stands for [d]; ``lat``, ``lon``, ``igbp`` and ``daily`` of each site.
    """
    monthly = by_site_and_month(table)
    towers = {site: towers[site] for site in monthly.site.values if towers and site in towers}
    seasonal = monthly_drivers(monthly, settings)
    parts = [_months(monthly, seasonal, exclude=towers)]
    parts += [
        _days(monthly.sel(site=site), {name: values[row] for name, values in seasonal.items()},
              towers[site], settings, row)
        for row, site in enumerate(monthly.site.values) if site in towers
    ]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True).dropna()
    rows = rows.sort_values(["site_index", "time"], ignore_index=True)
    types = monthly.igbp.values.astype(str)
    for driver, classes in zip(PFT_DRIVERS, TYPES.values(), strict=True):
        rows[driver] = np.isin(types, classes).astype(float)[rows.site_index]
    return xr.Dataset(
        {
            "x": (("record", "driver"), rows[list(ALL_DRIVERS)].to_numpy()),
            "NEE": ("record", rows.NEE.to_numpy()),
            "site_index": ("record", rows.site_index.to_numpy(np.int32)),
            "time": ("record", rows.time.to_numpy("datetime64[s]")),
            "days": ("record", rows.days.to_numpy(float)),
            "daily": ("site", np.isin(monthly.site.values, list(towers))),
            **{name: monthly[name] for name in ("lat", "lon", "igbp")},
        },
        coords={"driver": list(ALL_DRIVERS), "site": monthly.site.values},
    )


def _months(
    monthly: xr.Dataset, drivers: dict[str, np.ndarray], exclude: Iterable[str]
) -> pd.DataFrame:
    """Records of the months of the sites without daily records."""
    time = pd.DatetimeIndex(monthly.time.values)
    columns = {name: on_records(values, time) for name, values in drivers.items()}
    fpar = monthly_cycle(monthly.FPAR.values, time)
    columns |= {name: monthly[name].values for name in ("SW_IN", "VPD", "NEE")}
    columns["SW_IN_POT"] = on_records(potential_radiation_months(monthly.lat.values), time)
    columns["MSC_FPAR"] = on_records(fpar, time)
    columns["FPAR_SW_IN"] = columns["MSC_FPAR"] * columns["SW_IN"]
    shape = columns["NEE"].shape
    columns["site_index"] = np.broadcast_to(np.arange(shape[0])[:, None], shape)
    columns["days"] = np.broadcast_to(np.asarray(time.days_in_month, float), shape)
    rows = pd.DataFrame({name: np.ravel(values) for name, values in columns.items()})
    rows["time"] = np.tile(time.to_numpy(), shape[0])
    without = ~np.isin(monthly.site.values, list(exclude))
    return rows[without[rows.site_index]]


def _days(
    monthly: xr.Dataset,
    drivers: dict[str, np.ndarray],
    tower: xr.Dataset,
    settings: DriverSettings,
    site_index: int,
) -> pd.DataFrame:
    """Records of the days of one site; ``drivers`` are those of its months."""
    weather = tower_weather(tower, monthly)
    time, day = weather.time, calendar_day(weather.time) - 1
    wai = water_availability(weather, settings, spinup_loops=settings.spinup_loops)[0]
    fpar = monthly_cycle(monthly.FPAR.values[None], pd.DatetimeIndex(monthly.time.values))
    phenology = to_calendar_days(fpar, MIDDLE)[0, day]
    potential = potential_radiation(weather.lat, np.asarray(time.day_of_year))[0]
    columns = {name: _on_days(values, day) for name, values in drivers.items()}
    columns |= {
        "WAI2": wai,
        "Tair": weather.ta[0],
        "AMP_MSC_WAI": amplitude(daily_cycle(wai[None], day + 1)),
        "SW_IN": weather.sw_in[0],
        "VPD": vapour_deficit_of(tower, monthly),
        "SW_IN_POT": potential,
        "FPAR_SW_IN": phenology * weather.sw_in[0],
        "MSC_FPAR": phenology,
        "NEE": tower.NEE.values,
    }
    rows = {name: np.broadcast_to(values, len(time)) for name, values in columns.items()}
    return pd.DataFrame(rows).assign(site_index=site_index, time=time, days=1.0)


def _on_days(values: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Interpolate the twelve months of a cycle to days; a constant or another series passes."""
    if np.shape(values) != (len(MIDDLE),):
        return np.asarray(np.nan if np.ndim(values) else values)
    return to_calendar_days(np.asarray(values)[None], MIDDLE)[0, day]


def tower_weather(tower: xr.Dataset, monthly: xr.Dataset) -> Weather:
    """Daily weather of one site; missing days take the mean of their calendar month.

    Parameters
    ----------
    tower : Dataset, dims (time)
        ``TA`` [degC], ``SW_IN`` [W m-2], ``P`` [mm d-1], NaN where missing.
    monthly : Dataset, dims (time)
        The same variables by month, and ``lat``.

    Returns
    -------
    Weather, of shape (1, time)
        Weather without gaps.
    """
    time = pd.DatetimeIndex(tower.time.values)
    ta, sw_in, p = (_without_gaps(tower[name], monthly[name])[None] for name in WEATHER[:3])
    return Weather(ta, sw_in, p, monthly.lat.values[None], time)


def vapour_deficit_of(tower: xr.Dataset, monthly: xr.Dataset) -> np.ndarray:
    """VPD of one site, shape (time,) [hPa]; missing days take the mean of their calendar month."""
    if "VPD" in tower:
        return _without_gaps(tower.VPD, monthly.VPD)
    return _without_gaps(xr.full_like(tower.TA, np.nan), monthly.VPD)


def _without_gaps(daily: xr.DataArray, monthly: xr.DataArray) -> np.ndarray:
    month = np.asarray(pd.DatetimeIndex(daily.time.values).month) - 1
    cycle = monthly_cycle(monthly.values[None], pd.DatetimeIndex(monthly.time.values))[0]
    return np.where(np.isfinite(daily.values), daily.values, cycle[month])
