"""Inversions by region and cell, against the FLUXCOM cube."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.season import (
    NORTHERN,
    amplitude_ratio,
    later,
    season,
    seasonal_correlation,
    summer_minus_winter,
)

PHASE_WARN, PHASE_STOP = 0.4, 0.7  # month; a file read one month off is off by 1
PATTERN_WARN, PATTERN_STOP = 0.4, 0.15  # [1] Pearson's R of summer minus winter over cells
AT_SEA_WARN, AT_SEA_STOP = 0.1, 0.25  # [1] of the monthly variation
REGION_RATIO = 6.0  # [1] amplitude in a northern region, inversions over FLUXCOM or the inverse

SEASONS = "Peylin et al. 2013, doi 10.5194/bg-10-6699-2013"
GRID = "check the latitudes, longitudes and months of the file of inversions and of FLUXCOM"

NORTH = Criterion(
    "inversions.north",
    "a negative flux in June to August minus that in December to February",
    SEASONS,
    "check the sign and the latitudes of the file of inversions, and the region mask",
)
PHASE = Criterion(
    "inversions.phase",
    f"the largest uptake within {PHASE_STOP:g} months of that of FLUXCOM",
    "monthly data that are read one month off differ by 1",
    "check the months of the file of inversions and of FLUXCOM",
)
REGION = Criterion(
    "inversions.region",
    f"a seasonal range at most {REGION_RATIO:g} times larger or smaller than that of FLUXCOM",
    "Jung et al. 2020, doi 10.5194/bg-17-1343-2020: a factor of 2 at most",
    GRID,
)
PATTERN = Criterion(
    "inversions.pattern",
    f"R of at least {PATTERN_STOP:g} with FLUXCOM over the cells, for summer minus winter",
    "the contrast between hemispheres, climates and deserts, which both must show",
    GRID,
)
AT_SEA = Criterion(
    "inversions.at_sea",
    f"at most {AT_SEA_STOP:.0%} of the seasonal range outside the regions",
    "land fluxes end at the coast; coarse inversions spread a few per cent beyond it",
    "check the longitudes of the file of inversions, and the region mask",
)


def seasonal_findings(inversions: xr.Dataset, fluxcom: xr.Dataset) -> list[Finding]:
    """Hold place and season of the inversions against those of the cube.

    Parameters
    ----------
    inversions : Dataset
        Output of the stage inversions: ``NEE`` (member, region, time), ``unassigned``
        (member, time) [PgC month-1] and ``NEE_month`` (time, cell) [g m-2 d-1], for whole years.
    fluxcom : Dataset
        ``NEE`` (region, time) [PgC month-1] and ``NEE_month`` (cell, time) [g m-2 d-1] of the cube.

    Returns
    -------
    list of Finding
        A finding for each test and member or region.
    """
    return [
        *_at_sea(inversions),
        *_north(inversions),
        *(finding for region in NORTHERN for finding in _region(region, inversions, fluxcom)),
        _phase(inversions, fluxcom),
        _pattern(inversions, fluxcom),
    ]


def _at_sea(inversions: xr.Dataset) -> Iterator[Finding]:
    """Compare the seasonal range outside the regions with that of the regions, by member."""
    inside = inversions.NEE.sum("region", skipna=False)
    for name in inversions.member.values:
        sea = season(inversions.unassigned.sel(member=name).values).amplitude
        land = season(inside.sel(member=name).values).amplitude
        share = sea / land if land > 0.0 else np.inf
        found = f"{share:.1%} of the seasonal range"
        yield AT_SEA.finding(
            str(name), found, stop=not share <= AT_SEA_STOP, warn=share > AT_SEA_WARN
        )


def _north(inversions: xr.Dataset) -> Iterator[Finding]:
    """Compare summer with winter in all northern regions together, by member."""
    north = inversions.NEE.sel(region=list(NORTHERN)).sum("region", skipna=False)
    for name in inversions.member.values:
        contrast = float(summer_minus_winter(north.sel(member=name).values))
        yield NORTH.finding(str(name), f"{contrast:.2f} PgC/month", stop=not contrast < 0.0)


def _region(region: str, inversions: xr.Dataset, fluxcom: xr.Dataset) -> list[Finding]:
    """Compare summer with winter, and the seasonal range with that of FLUXCOM."""
    flux = inversions.NEE.sel(region=region).mean("member").values
    contrast = float(summer_minus_winter(flux))
    ours = season(flux).amplitude
    theirs = season(fluxcom.NEE.sel(region=region).values).amplitude
    found = f"{ours:.3f} PgC/month beside {theirs:.3f}"
    return [
        NORTH.finding(region, f"{contrast:.3f} PgC/month", stop=not contrast < 0.0),
        REGION.finding(region, found, stop=amplitude_ratio(ours, theirs) > REGION_RATIO),
    ]


def _phase(inversions: xr.Dataset, fluxcom: xr.Dataset) -> Finding:
    """Compare the time of the largest uptake of the north with that of FLUXCOM."""
    ours = inversions.NEE.sel(region=list(NORTHERN)).sum("region").mean("member").values
    theirs = fluxcom.NEE.sel(region=list(NORTHERN)).sum("region").values
    delay = later(season(ours).uptake, season(theirs).uptake)
    found = f"{abs(delay):.2f} months {'later' if delay > 0 else 'earlier'}"
    return PHASE.finding(
        "northern regions", found, stop=not abs(delay) <= PHASE_STOP, warn=abs(delay) > PHASE_WARN
    )


def _pattern(inversions: xr.Dataset, fluxcom: xr.Dataset) -> Finding:
    """Correlate summer minus winter over the cells."""
    contrasts = [
        summer_minus_winter(field.transpose("cell", "time").values.astype(float))
        for field in (inversions.NEE_month, fluxcom.NEE_month)
    ]
    r = seasonal_correlation(*contrasts)
    return PATTERN.finding(
        "mean of the members", f"R of {r:.2f}", stop=not r >= PATTERN_STOP, warn=r < PATTERN_WARN
    )
