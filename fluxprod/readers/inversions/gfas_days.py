"""The day that each step of a GFAS file covers.

An emission is the mean from 0 to 24 UTC of one day. GRIB, the FTP service and the first data store
stamp it with the start of the day (``z_cams_c_ecmf_20201022000_gfas_an_sfc_co2fire`` is "valid from
00 UTC on 22nd to 00 UTC on 23rd", ECMWF, confluence.ecmwf.int/x/mI74Bg). The present data store
converts with the end of the forecast step, so that its ``valid_time`` is the end of the day. The
day is taken from what a file states (bounds, reference time, step or FTP name); else the period of
all files with the same time axis tells, because whole months are ordered: stamps of the start run
from the 1st of a month to the last of one, and stamps of the end from the 2nd to the 1st.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.global_field import NAMES, unique_dates

Key = TypeVar("Key")

END, START = "valid_time", "time"  # axes of the present and of the first data store
REFERENCE = "forecast_reference_time"
AXES = (END, START, REFERENCE)
STEPS = ("step", "forecast_period")
HOURS = {"hours": 1.0, "days": 24.0, "minutes": 1 / 60, "seconds": 1 / 3600}  # by unit of a step
SINGLE = (*STEPS, "number")  # axes of one step
FTP_NAME = re.compile(r"_(\d{8})000_gfas_")
DAY = pd.Timedelta(1, "D")
NOON = pd.Timedelta(12, "h")  # since 0 UTC


class Stamps(NamedTuple):
    """Time axis of a file: its name, its dates, and the days if the file states them."""

    axis: str
    dates: pd.DatetimeIndex
    days: pd.DatetimeIndex | None


def time_axis(dataset: xr.Dataset) -> str:
    """Name of the time axis, which may be a scalar; ``time`` if there is none."""
    along = [name for name in AXES if name in dataset.dims]
    alone = [name for name in (START, END, REFERENCE) if name in dataset.coords]
    return (along or alone or [START])[0]


def with_our_axes(dataset: xr.Dataset) -> xr.Dataset:
    """Rename the axes to time, lat and lon, and drop axes of a single step."""
    axis = time_axis(dataset)
    others = [name for name in (*SINGLE, *AXES) if name != axis and dataset.sizes.get(name) == 1]
    dataset = dataset.squeeze(others, drop=True)
    if axis in dataset.coords and axis not in dataset.dims:
        dataset = dataset.expand_dims(axis)
    dataset = dataset.drop_vars([name for name in AXES if name != axis], errors="ignore")
    names = {**NAMES, axis: "time"}
    return dataset.rename({old: new for old, new in names.items() if old in dataset.dims})


def read_stamps(label: Path, dataset: xr.Dataset, *, grib: bool) -> Stamps:
    """Read the time axis of an open file.

    Parameters
    ----------
    label : Path
        File name for error messages.
    dataset : Dataset
        With the axes of the file.
    grib : bool
        Whether it is from a GRIB file, whose axis holds the dates of the days.

    Returns
    -------
    Stamps

    Raises
    ------
    DataError
        If the axis does not hold dates, or the file states steps that are not whole days.
    """
    axis = time_axis(dataset)
    dates = unique_dates(label, with_our_axes(dataset))
    starts = dates if grib else _stated_starts(label, dataset, axis, dates)
    days = _whole_days(label, axis, dates if starts is None else starts)
    lag = dates - days
    wrong = np.asarray((lag < pd.Timedelta(0)) | (lag > DAY))
    if wrong.any():
        found = f"{dates[wrong][0]:%F} for the mean of {days[wrong][0]:%F}"
        raise DataError(label, axis, found, "a stamp within its day or at its end")
    undecided = starts is None and (dates == days).all()
    return Stamps(axis, dates, None if undecided else days)


def _whole_days(label: Path, axis: str, dates: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Dates without the time of the day, which must be 0 UTC or noon."""
    days = dates.normalize()
    times = (dates - days).unique()
    if len(times) > 1 or times[0] not in (pd.Timedelta(0), NOON):
        found = f"a step of {dates[(dates - days) == times[-1]][0]:%F %H:%M}"
        raise DataError(label, axis, found, "means of whole days, all stamped at 0 or at 12 UTC")
    return days


def covered_days(folder: Path, stamps: Mapping[Key, Stamps]) -> dict[Key, pd.DatetimeIndex]:
    """Days of all files, in the order of their steps.

    Parameters
    ----------
    folder : Path
        Folder name for error messages.
    stamps : mapping of key to Stamps
        Time axes by file.

    Returns
    -------
    dict of key to DatetimeIndex
        Days by file.

    Raises
    ------
    DataError
        If stamps may be the start or the end of their days.
    """
    undecided = [part for part in stamps.values() if part.days is None]
    shift = {}
    for axis in {part.axis for part in undecided}:
        dates = np.concatenate([part.dates.values for part in undecided if part.axis == axis])
        ends = _are_ends(folder, axis, pd.DatetimeIndex(dates))
        shift[axis] = DAY if ends else pd.Timedelta(0)
    return {
        key: part.dates - shift[part.axis] if part.days is None else part.days
        for key, part in stamps.items()
    }


def _are_ends(folder: Path, axis: str, dates: pd.DatetimeIndex) -> bool:
    """Whether stamps at 0 UTC are the ends of their days, from the period they cover."""
    first, last = dates.min(), dates.max()
    of_start = [first.day == 1, last.is_month_end]
    of_end = [first.day == 2, last.day == 1]
    if axis == START:
        return all(of_end)
    if any(of_start) == any(of_end):
        raise DataError(
            folder,
            axis,
            f"{first:%F} to {last:%F}, which may be the starts or the ends of the days",
            "whole months: from the 1st to the last (starts) or from the 2nd to the 1st (ends)",
            "get whole months or years, or GRIB files",
        )
    return any(of_end)


def _stated_starts(
    label: Path, dataset: xr.Dataset, axis: str, dates: pd.DatetimeIndex
) -> pd.DatetimeIndex | None:
    """Start of each mean, if the file or its name states it."""
    bounds = _bounds(label, dataset, axis)
    if bounds is not None:
        return bounds
    if axis == REFERENCE or (axis == START and END in dataset.coords):
        return dates
    if axis != END:
        return _named_day(label, dates)
    coords = dataset.coords
    for name in (REFERENCE, START):
        if name in coords and coords[name].dtype.kind == "M" and coords[name].size == len(dates):
            return pd.DatetimeIndex(coords[name].values.ravel())
    for name in STEPS:
        if name in coords and (length := _timedelta(coords[name])) is not None:
            return dates - length
    return _named_day(label, dates)


def _bounds(label: Path, dataset: xr.Dataset, axis: str) -> pd.DatetimeIndex | None:
    """Lower bounds of the steps, which must be one day long."""
    named = dataset[axis].attrs.get("bounds") if axis in dataset.variables else None
    candidates = (named, f"{axis}_bnds", f"{axis}_bounds")
    name = next((name for name in candidates if name in dataset.variables), None)
    if name is None or dataset[name].dtype.kind != "M":
        return None
    low, high = dataset[name].values.reshape(-1, 2).T
    if (high - low != DAY.to_timedelta64()).any():
        raise DataError(label, str(name), "steps of another length", "means of one day")
    return pd.DatetimeIndex(low)


def _timedelta(step: xr.DataArray) -> pd.Timedelta | None:
    """Length of a forecast step, if it is a single one."""
    if step.size != 1:
        return None
    if step.dtype.kind == "m":
        return pd.Timedelta(step.values.item(), "ns")
    unit = HOURS.get(str(step.attrs.get("units", "")).lower())
    return pd.Timedelta(hours=unit * float(step.values.item())) if unit else None


def _named_day(label: Path, dates: pd.DatetimeIndex) -> pd.DatetimeIndex | None:
    """Day in the name of a file of the FTP service, if its single stamp fits it."""
    match = FTP_NAME.search(label.name)
    if match is None or len(dates) != 1:
        return None
    day = pd.to_datetime(match[1], format="%Y%m%d", errors="coerce")
    if dates[0].normalize() not in (day, day + DAY):
        found = f"{dates[0]:%F} in a file named {match[1]}"
        raise DataError(label, "time", found, "the day in the name")
    return pd.DatetimeIndex([day])
