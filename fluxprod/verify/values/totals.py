"""Checks of regional totals: complete, closed, and equal in all files that hold them."""

import numpy as np
import xarray as xr

from fluxprod.core.units import PG
from fluxprod.verify.values.regional_table import SOURCES

CLOSURE = 1e-6  # relative to the sum of the absolute totals of all regions [1]
ROUNDING = 1e-8  # [Pg]; tables have nine decimals, and a year sums twelve of their values
DAILY = 1e-5  # difference between the days and their month [Pg]


def missing_faults(regional: xr.Dataset) -> list[str]:
    """Totals that are missing although there are members, or vice versa; a spread needs two."""
    faults = []
    for name in SOURCES:
        members = regional[f"{name}_members"].values
        for ending, least in (("", 1), ("_spread", 2)):
            wrong = np.isfinite(regional[f"{name}{ending}"].values) != (members >= least)
            if wrong.any():
                faults.append(f"{name}{ending}: {wrong.sum()} values missing or without members")
        spread = regional[f"{name}_spread"].values
        if (spread < 0).any():
            faults.append(f"{name}_spread: {(spread < 0).sum()} values below 0")
    return faults


def closure_faults(regional: xr.Dataset) -> list[str]:
    """Check that the regions and unassigned land sum to the globe in every period."""
    faults = []
    for name in SOURCES:
        values = regional[name].values
        off = np.abs(values[:, :-1].sum(axis=1) - values[:, -1])
        most = CLOSURE * np.abs(values[:, :-1]).sum(axis=1)
        if (off > most).any():
            faults.append(
                f"{name}: regions and unassigned differ from GLOBAL by up to {off.max():.3g} Pg in "
                f"{(off > most).sum()} of {len(off)} periods"
            )
    return faults


def table_faults(table: xr.Dataset, regional: xr.Dataset) -> list[str]:
    """Compare a CSV table with the NetCDF file of the same content."""
    faults = [
        totals_difference(name, table[name].values, regional[name].values, ROUNDING)
        for name in map(str, table.data_vars)
    ]
    return [f"{fault}, against the NetCDF file" for fault in faults if fault]


def annual_faults(annual: xr.Dataset, monthly: xr.Dataset) -> list[str]:
    """Check that years are the sums of their months, where these have the same members."""
    faults = []
    for name in SOURCES:
        sums = _years(monthly[name].values)
        members = monthly[f"{name}_members"].values
        months = members.reshape(-1, 12, members.shape[1])
        same = (months == annual[f"{name}_members"].values[:, None]).all(axis=1)
        found = np.where(same, annual[name].values, np.nan)
        faults.append(totals_difference(name, found, np.where(same, sums, np.nan), ROUNDING))
    return [f"{fault}, against the sums of months" for fault in faults if fault]


def grid_totals(sums: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Totals of each time step.

    Parameters
    ----------
    sums : ndarray, shape (time, ..., row)
        Sums of a flux over land [g d-1].
    days : ndarray, shape (time,)
        Length of each time step [d].

    Returns
    -------
    ndarray, shape (time, ..., row)
        Totals [Pg].
    """
    return np.asarray(sums * days.reshape(-1, *[1] * (sums.ndim - 1)) / PG)


def grid_faults(regional: xr.Dataset, name: str, totals: np.ndarray) -> list[str]:
    """Compare regional totals with those of the monthly file.

    Parameters
    ----------
    regional : Dataset
        Regional totals of months or years.
    name : str
        Name of the flux.
    totals : ndarray, shape (month, 20)
        Totals of the gridded flux [Pg].

    Returns
    -------
    list of str
        At most one difference.
    """
    fault = totals_difference(name, regional[name].values, _periods(totals, regional), ROUNDING)
    return [f"{fault}, against the monthly file"] if fault else []


def member_faults(regional: xr.Dataset, name: str, totals: np.ndarray) -> list[str]:
    """Compare the spread of regional totals with that of the members' file.

    Parameters
    ----------
    regional : Dataset
        Regional totals of months or years.
    name : str
        Name of the flux.
    totals : ndarray, shape (month, member, 20)
        Totals of the gridded flux of each member [Pg].

    Returns
    -------
    list of str
        At most one difference.
    """
    number = regional[f"{name}_members"].values
    if (number != totals.shape[1]).any():
        found = f"{number.min():g} to {number.max():g}"
        return [f"{name}_members: found {found}, {totals.shape[1]} in the members' file"]
    if totals.shape[1] < 2:
        return []
    spread = _periods(totals, regional).std(axis=1, ddof=1)
    fault = totals_difference(f"{name}_spread", regional[f"{name}_spread"].values, spread, ROUNDING)
    return [f"{fault}, against the members' file"] if fault else []


def daily_faults(name: str, days: np.ndarray, month: np.ndarray, monthly: np.ndarray) -> list[str]:
    """Check that the days of a year sum to the months of the monthly file.

    Parameters
    ----------
    name : str
        Name of the flux.
    days : ndarray, shape (day,)
        Global totals of the days [Pg].
    month : ndarray of int, shape (day,)
        Month of each day, from 0.
    monthly : ndarray, shape (12,)
        Global totals in the monthly file [Pg].

    Returns
    -------
    list of str
        At most one difference.
    """
    found = np.bincount(month, weights=days, minlength=12)
    fault = totals_difference(f"{name}: global total", found, monthly, DAILY)
    return [f"{fault}, against the monthly file"] if fault else []


def totals_difference(name: str, found: np.ndarray, expected: np.ndarray, most: float) -> str:
    """Describe where two arrays differ most.

    Parameters
    ----------
    name : str
        What the arrays hold.
    found, expected : ndarray
        Arrays of the same shape [Pg].
    most : float
        Largest difference that is accepted [Pg].

    Returns
    -------
    str
        Number of differing values and the largest difference; empty if all are within ``most``.
    """
    if found.shape != expected.shape:
        return f"{name}: shape {found.shape}, expected {expected.shape}"
    off = np.abs(found - expected)
    wrong = ~((off <= most) | (np.isnan(found) & np.isnan(expected)))
    if not wrong.any():
        return ""
    where = np.unravel_index(
        np.argmax(np.where(wrong, np.nan_to_num(off, nan=np.inf), -1)), off.shape
    )
    pair = f"found {found[where]:.9g}, expected {expected[where]:.9g}"
    return f"{name}: {wrong.sum()} of {off.size} values differ, at worst {pair}"


def _periods(totals: np.ndarray, regional: xr.Dataset) -> np.ndarray:
    return totals if len(totals) == regional.sizes["time"] else _years(totals)


def _years(monthly: np.ndarray) -> np.ndarray:
    return np.asarray(monthly.reshape(-1, 12, *monthly.shape[1:]).sum(axis=1))
