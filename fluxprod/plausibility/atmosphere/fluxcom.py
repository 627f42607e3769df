"""The FLUXCOM cube, on which the bridge is fitted."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.season import (
    NORTHERN,
    annual_totals,
    copied_years,
    season,
    summer_minus_winter,
)

# PgC yr-1. RS+METEO gives -14 to -23, RS -10 to -20 (Jung et al. 2020), X-BASE -5.8.
SINK_WARN, SINK_STOP = (-28.0, -4.0), (-40.0, 0.0)
NORTH_RANGE = (1.4, 6.5)  # PgC month-1, all northern regions; 2.5 to 4 in Jung et al. 2020
UPTAKE = (5.0, 7.5)  # month; largest uptake between 1 June and 15 August

JUNG = (
    "Jung et al. 2020, doi 10.5194/bg-17-1343-2020; "
    "Nelson and Walther et al. 2024, doi 10.5194/bg-21-5079-2024"
)
CUBE = "check the unit, the sign, the latitudes and the days of the FLUXCOM files"

SINK = Criterion(
    "fluxcom.sink", f"{SINK_STOP[0]:g} to {SINK_STOP[1]:g} PgC/yr from the land", JUNG, CUBE
)
NORTH = Criterion(
    "fluxcom.north",
    "a negative flux in June to August minus that in December to February",
    JUNG,
    CUBE,
)
RANGE = Criterion(
    "fluxcom.range",
    f"a seasonal range of {NORTH_RANGE[0]:g} to {NORTH_RANGE[1]:g} PgC/month in the north",
    JUNG,
    CUBE,
)
PHASE = Criterion(
    "fluxcom.phase", "the largest uptake of the north between 1 June and 15 August", JUNG, CUBE
)
YEARS = Criterion(
    "fluxcom.years",
    "years that differ from one another",
    "the weather of two years is never the same",
    "get the files again",
)


def fluxcom_findings(fluxcom: xr.Dataset) -> list[Finding]:
    """Test sign, size and season of the cube.

    Parameters
    ----------
    fluxcom : Dataset
        ``NEE`` (region, time) and ``unassigned`` (time) [PgC month-1], for whole years.

    Returns
    -------
    list of Finding
        A finding for each test, and for each region or year.
    """
    total = (fluxcom.NEE.sum("region") + fluxcom.unassigned).values
    north = season(fluxcom.NEE.sel(region=list(NORTHERN)).sum("region").values)
    low, high = NORTH_RANGE
    return [
        _sink(float(annual_totals(total).mean())),
        *(_north(name, fluxcom.NEE.sel(region=name).values) for name in NORTHERN),
        RANGE.finding(
            "north", f"{north.amplitude:.2f} PgC/month", stop=not low <= north.amplitude <= high
        ),
        PHASE.finding(
            "north",
            f"{north.uptake:.1f} months after 1 January",
            stop=not UPTAKE[0] <= north.uptake <= UPTAKE[1],
        ),
        *_years(fluxcom),
    ]


def _sink(mean: float) -> Finding:
    stop = not SINK_STOP[0] <= mean <= SINK_STOP[1]
    warn = not SINK_WARN[0] <= mean <= SINK_WARN[1]
    return SINK.finding("global mean", f"{mean:.1f} PgC/yr", stop=stop, warn=warn)


def _north(region: str, monthly: np.ndarray) -> Finding:
    contrast = float(summer_minus_winter(monthly))
    return NORTH.finding(region, f"{contrast:.3f} PgC/month", stop=not contrast < 0.0)


def _years(fluxcom: xr.Dataset) -> Iterator[Finding]:
    years = sorted(set(pd.DatetimeIndex(fluxcom.time.values).year))
    pairs = copied_years(fluxcom.NEE.values, fluxcom.time.values)
    for first, second in pairs:
        yield YEARS.finding(str(years[second]), f"the months of {years[first]}", stop=True)
    if not pairs:
        yield YEARS.finding("all", f"{len(years)} different years")
