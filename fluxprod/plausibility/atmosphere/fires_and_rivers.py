"""The fluxes that are removed from the inversions: fires and rivers."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import TROPICS
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.season import annual_totals, copied_years, mean_cycle

# PgC yr-1. GFAS: 1.6 to 2.6 in every year from 2003 on (Kaiser et al. 2012, and later years).
FIRE_WARN, FIRE_STOP = (1.4, 3.2), (1.0, 4.0)
AT_SEA_WARN, AT_SEA_STOP = 0.05, 0.2  # [1] share of the emissions outside the regions
TROPICAL_STOP = 0.4  # [1] share of the tropical regions; about 0.8 in van der Werf et al. 2017
RIVER_WARN, RIVER_STOP = (-1.0, -0.4), (-1.5, -0.3)  # PgC yr-1
AUSTRAL_MONTHS = slice(5, 10)  # June to October

GFAS = (
    "Kaiser et al. 2012, doi 10.5194/bg-9-527-2012; "
    "van der Werf et al. 2017, doi 10.5194/essd-9-697-2017"
)
RIVERS = (
    "Regnier et al. 2022, doi 10.1038/s41586-021-04339-9; "
    "Resplandy et al. 2018, doi 10.1038/s41561-018-0151-3"
)
FIRE_ADVICE = "check the unit (kg of CO2, not of carbon), the days and the grid of the GFAS files"

FIRE = Criterion(
    "fires.total", f"{FIRE_STOP[0]:g} to {FIRE_STOP[1]:g} PgC to the atmosphere", GFAS, FIRE_ADVICE
)
FIRE_AT_SEA = Criterion(
    "fires.at_sea", f"at most {AT_SEA_STOP:.0%} outside the regions", GFAS, FIRE_ADVICE
)
TROPICAL = Criterion(
    "fires.tropics", f"at least {TROPICAL_STOP:.0%} in tropical regions", GFAS, FIRE_ADVICE
)
AUSTRAL = Criterion(
    "fires.season",
    "more than half of the emissions of Southern Africa from June to October",
    GFAS,
    FIRE_ADVICE,
)
FIRE_YEARS = Criterion(
    "fires.years",
    "years that differ from one another, unless they are filled from the climatology",
    "the weather of two years is never the same",
    "get the files again",
)
RIVER = Criterion(
    "rivers.total",
    f"{RIVER_STOP[0]:g} to {RIVER_STOP[1]:g} PgC/yr: negative, because the land takes up what "
    "rivers carry away",
    RIVERS,
    "check the sign, the unit and the grid of the file of rivers",
)


def fire_findings(inversions: xr.Dataset) -> list[Finding]:
    """Test size, place and season of the fire emissions.

    Parameters
    ----------
    inversions : Dataset
        Output of the stage inversions: ``FIRE`` (region, time), ``FIRE_unassigned`` (time)
        [PgC month-1] and ``fire_is_climatology`` (time), for whole years.

    Returns
    -------
    list of Finding
        A finding for each test and, where they differ, for each year.
    """
    fire = inversions.FIRE
    globe = (fire.sum("region") + inversions.FIRE_unassigned).values
    whole = max(float(np.abs(globe).sum()), np.finfo(float).tiny)
    at_sea = float(np.abs(inversions.FIRE_unassigned).sum()) / whole
    tropical = float(fire.sel(region=list(TROPICS)).sum()) / whole
    austral = mean_cycle(fire.sel(region="SAF").values)
    share = austral[AUSTRAL_MONTHS].sum() / max(austral.sum(), np.finfo(float).tiny)
    return [
        *_annual(globe, inversions),
        FIRE_AT_SEA.finding(
            "all years", f"{at_sea:.1%}", stop=at_sea > AT_SEA_STOP, warn=at_sea > AT_SEA_WARN
        ),
        TROPICAL.finding("all years", f"{tropical:.0%}", stop=tropical < TROPICAL_STOP),
        AUSTRAL.finding("SAF", f"{share:.0%}", stop=share <= 0.5),
        *_different_years(inversions),
    ]


def _years(inversions: xr.Dataset) -> list[int]:
    return sorted(set(pd.DatetimeIndex(inversions.time.values).year))


def _annual(globe: np.ndarray, inversions: xr.Dataset) -> Iterator[Finding]:
    for year, total in zip(_years(inversions), annual_totals(globe), strict=True):
        stop = not FIRE_STOP[0] <= total <= FIRE_STOP[1]
        warn = not FIRE_WARN[0] <= total <= FIRE_WARN[1]
        yield FIRE.finding(str(year), f"{total:.2f} PgC", stop=stop, warn=warn)


def _different_years(inversions: xr.Dataset) -> Iterator[Finding]:
    read = ~inversions.fire_is_climatology.values.astype(bool)
    years = np.array(_years(inversions))[annual_totals(read.astype(int)) > 0]
    pairs = copied_years(inversions.FIRE.values[:, read], inversions.time.values[read])
    for first, second in pairs:
        yield FIRE_YEARS.finding(str(years[second]), f"the months of {years[first]}", stop=True)
    if not pairs:
        yield FIRE_YEARS.finding("all", f"{len(years)} different years")


def river_findings(inversions: xr.Dataset) -> list[Finding]:
    """Test sign and size of the river fluxes; none if the inversions come without them.

    Parameters
    ----------
    inversions : Dataset
        Output of the stage inversions, with ``RIVER`` (region, time) and ``RIVER_unassigned``
        (time) [PgC month-1] if rivers were read from a file.

    Returns
    -------
    list of Finding
        One finding, or none.
    """
    if "RIVER" not in inversions:
        return []
    globe = (inversions.RIVER.sum("region") + inversions.RIVER_unassigned).values
    mean = float(annual_totals(globe).mean())
    stop = not RIVER_STOP[0] <= mean <= RIVER_STOP[1]
    warn = not RIVER_WARN[0] <= mean <= RIVER_WARN[1]
    return [RIVER.finding("global mean", f"{mean:.2f} PgC/yr", stop=stop, warn=warn)]
