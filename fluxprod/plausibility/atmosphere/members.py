"""Members of the ensemble of inversions against the carbon budget and against one another."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.season import (
    amplitude_ratio,
    annual_totals,
    copied_years,
    season,
    seasonal_correlation,
)

# PgC yr-1. Surface inversions differ by up to 1.3 in the mean of a decade (Friedlingstein et al.
# 2022, Fig. 9); the budget's own net land flux has an uncertainty of 0.9 (1 sigma).
SINK_WARN, SINK_STOP = 1.5, 2.5
MEMBER_WARN, MEMBER_STOP = 1.3, 2.5
GLOBAL_SEASON = (1.5, 8.0)  # PgC month-1; 3 to 5 in Peylin et al. 2013 and Sitch et al. 2015
RATIO_WARN, RATIO_STOP = 1.6, 2.4  # [1] amplitude of a member relative to the others' median
AGREEMENT_WARN, AGREEMENT_STOP = 0.9, 0.7  # [1] Pearson's R of monthly global fluxes
DELAYS = range(-2, 3)  # month

BUDGET = "Friedlingstein et al. 2022, doi 10.5194/essd-14-4811-2022"
SEASONS = "Peylin et al. 2013, doi 10.5194/bg-10-6699-2013"
UNIT = "check the unit, the sign and the variable of the file of inversions"

SINK = Criterion(
    "inversions.sink",
    f"within {SINK_STOP:g} PgC/yr of the budget's land-use emissions minus land sink",
    BUDGET,
    UNIT + ", and the carbon budget workbook",
)
MEMBER = Criterion(
    "inversions.member",
    f"within {MEMBER_STOP:g} PgC/yr of the median of the other members",
    BUDGET,
    UNIT + " for this member, or remove it from inversions.members",
)
AMPLITUDE = Criterion(
    "inversions.amplitude",
    f"a seasonal range of {GLOBAL_SEASON[0]:g} to {GLOBAL_SEASON[1]:g} PgC/month, and at most "
    f"{RATIO_STOP:g} times larger or smaller than that of the other members",
    SEASONS,
    UNIT,
)
AGREEMENT = Criterion(
    "inversions.agreement",
    f"R of at least {AGREEMENT_STOP:g} with the other members, and at its largest without a delay",
    SEASONS,
    "check the months and the sign of this member",
)
DISTINCT = Criterion(
    "inversions.distinct",
    "members that differ from one another",
    "two systems never give the same flux",
    "remove one of them from inversions.members, and get the file again",
)
YEARS = Criterion(
    "inversions.years",
    "years that differ from one another",
    "the weather of two years is never the same",
    "get the file again",
)


def member_findings(inversions: xr.Dataset, budget: pd.DataFrame) -> list[Finding]:
    """Hold the members against the budget and against one another.

    Parameters
    ----------
    inversions : Dataset
        Output of the stage inversions: ``NEE`` (member, region, time), ``unassigned``
        (member, time), ``FIRE``, ``RIVER`` (region, time) and their ``*_unassigned`` (time), for
        whole years [PgC month-1].
    budget : DataFrame, index year
        ``land_sink`` and ``land_use`` [PgC yr-1].

    Returns
    -------
    list of Finding
        A finding for each test and member.
    """
    by_place = net_land_flux(inversions)
    members = {name: flux.sum(axis=0) for name, flux in by_place.items()}
    years = sorted(set(pd.DatetimeIndex(inversions.time.values).year))
    return [
        *_sinks(members, budget.reindex(years)),
        *_between_members(members),
        *_copies(by_place, inversions.time.values, years),
    ]


def net_land_flux(inversions: xr.Dataset) -> dict[str, np.ndarray]:
    """Add fires and rivers, where they were removed, to the NEE of each member.

    Returns
    -------
    dict of ndarray, shape (place, time)
        Net land flux of the regions and of the cells outside all regions [PgC month-1].
    """
    removed = sum(
        _with_unassigned(inversions[name], inversions[f"{name}_unassigned"])
        for name in ("FIRE", "RIVER")
        if name in inversions
    )
    return {
        str(name): _with_unassigned(
            inversions.NEE.sel(member=name), inversions.unassigned.sel(member=name)
        )
        + removed
        for name in inversions.member.values
    }


def _with_unassigned(regional: xr.DataArray, unassigned: xr.DataArray) -> np.ndarray:
    regions = regional.transpose("region", "time").values
    return np.concatenate([regions, unassigned.values[None]])


def _sinks(members: dict[str, np.ndarray], budget: pd.DataFrame) -> Iterator[Finding]:
    """Compare the mean of each member with the budget over the years that both cover."""
    expected = (budget.land_use - budget.land_sink).to_numpy(float)
    means = {name: annual_totals(flux) for name, flux in members.items()}
    for name, annual in means.items():
        both = np.isfinite(annual) & np.isfinite(expected)
        mean, known = annual[both].mean(), expected[both].mean()
        gap = abs(mean - known)
        found = f"{mean:.2f} PgC/yr on average beside {known:.2f} in the budget"
        yield SINK.finding(name, found, stop=not gap <= SINK_STOP, warn=gap > SINK_WARN)
    for name, annual in means.items():
        others = [np.nanmean(each) for other, each in means.items() if other != name]
        if others:
            middle = float(np.median(others))
            gap = abs(np.nanmean(annual) - middle)
            found = f"{np.nanmean(annual):.2f} PgC/yr beside {middle:.2f} of the others"
            yield MEMBER.finding(name, found, stop=not gap <= MEMBER_STOP, warn=gap > MEMBER_WARN)


def _between_members(members: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Compare seasonal cycles with those of the other members, and look for equal members."""
    ranges = {name: season(flux).amplitude for name, flux in members.items()}
    for position, (name, flux) in enumerate(members.items()):
        others = [other for other in members if other != name]
        yield _amplitude(name, ranges[name], [ranges[other] for other in others])
        if others:
            yield _agreement(name, flux, np.nanmedian([members[o] for o in others], axis=0))
        earlier = list(members)[:position]
        twins = [o for o in earlier if np.array_equal(members[o], flux, equal_nan=True)]
        found = f"the same flux as {', '.join(twins)}" if twins else "no other member like it"
        yield DISTINCT.finding(name, found, stop=bool(twins))


def _amplitude(name: str, here: float, others: list[float]) -> Finding:
    low, high = GLOBAL_SEASON
    ratio = amplitude_ratio(here, float(np.median(others))) if others else 1.0
    stop = not low <= here <= high or ratio > RATIO_STOP
    found = f"a seasonal range of {here:.2f} PgC/month"
    if others:
        found += f", a factor of {ratio:.2g} from the other members"
    return AMPLITUDE.finding(name, found, stop=stop, warn=ratio > RATIO_WARN)


def _agreement(name: str, flux: np.ndarray, others: np.ndarray) -> Finding:
    """Correlate a member with the others at delays of -2 to 2 months."""
    by_delay = {delay: seasonal_correlation(np.roll(flux, -delay), others) for delay in DELAYS}
    best = max(by_delay, key=lambda delay: by_delay[delay])
    found = f"R of {by_delay[0]:.2f}"
    if best:
        months = f"{abs(best)} month{'s' if abs(best) > 1 else ''}"
        found += f", and {by_delay[best]:.2f} if it is {months} {_direction(best)}"
    here = by_delay[0]
    stop = not here >= AGREEMENT_STOP or best != 0
    return AGREEMENT.finding(name, found, stop=stop, warn=here < AGREEMENT_WARN)


def _direction(delay: int) -> str:
    return "earlier" if delay > 0 else "later"


def _copies(
    members: dict[str, np.ndarray], months: np.ndarray, years: list[int]
) -> Iterator[Finding]:
    """Look for years that repeat another one in every region."""
    for name, flux in members.items():
        pairs = [f"{years[a]} and {years[b]}" for a, b in copied_years(flux, months)]
        found = f"the same months in {', '.join(pairs)}" if pairs else f"{len(years)} years"
        yield YEARS.finding(name, found, stop=bool(pairs))
