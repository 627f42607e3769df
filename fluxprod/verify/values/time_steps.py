"""Checks of the time axis: every day, month or year of the period, without gaps."""

import numpy as np
import pandas as pd
import xarray as xr

STEPS = {"daily": "D", "regional-annual": "YS"}  # all others are monthly
MONTH = "MS"


def time_edges(content: str, years: range) -> pd.DatetimeIndex:
    """Start of every time step in a period, and the end of the last one."""
    step = STEPS.get(content, MONTH)
    return pd.date_range(f"{years[0]}-01-01", f"{years[-1] + 1}-01-01", freq=step)


def time_faults(dataset: xr.Dataset, content: str, years: range) -> list[str]:
    """Compare ``time_bnds``, ``time`` and ``days`` with the period in the name of the file.

    Parameters
    ----------
    dataset : Dataset
        Contents of a file with the expected structure.
    content : str
        ``daily``, ``monthly`` ..., which decides the length of a step.
    years : range
        Years in the name of the file.

    Returns
    -------
    list of str
        Differences.
    """
    edges = time_edges(content, years)
    bounds, time = dataset.time_bnds.values, dataset.time.values
    if bounds.dtype.kind != "M" or time.dtype.kind != "M":
        return [f"time: found {time.dtype} with bounds of {bounds.dtype}, expected dates"]
    expected = pd.DatetimeIndex(edges[:-1])
    begin, end = pd.DatetimeIndex(bounds[:, 0]), pd.DatetimeIndex(bounds[:, 1])
    faults = []
    if not begin.equals(expected):
        faults.append(_differing(begin, expected))
    if not (end[:-1] == begin[1:]).all() or end[-1] != edges[-1]:
        faults.append(f"time_bnds: not contiguous up to {edges[-1]:%F}")
    if (pd.DatetimeIndex(time) != begin + (end - begin) / 2).any():
        faults.append("time: not the middle of time_bnds")
    if "days" in dataset and (dataset.days.values != step_days(dataset)).any():
        faults.append("days: not the lengths of time_bnds")
    return faults


def _differing(found: pd.DatetimeIndex, expected: pd.DatetimeIndex) -> str:
    missing, other = expected.difference(found), found.difference(expected)
    parts = [
        f"{len(steps)} {kind}, first {str(steps[0])[:10]}"
        for kind, steps in (("missing", missing), ("outside the period", other))
        if len(steps)
    ]
    return f"time: {', '.join(parts) or 'steps out of order or repeated'}"


def step_days(dataset: xr.Dataset) -> np.ndarray:
    """Length of each time step, shape (time,) [d]."""
    bounds = dataset.time_bnds.values
    return np.asarray((bounds[:, 1] - bounds[:, 0]) / np.timedelta64(1, "D"))
