"""Carbon fluxes of a tower against one another and against the light."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.time_axis import MONTHS
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.towers.dates import shift_finding, shifts_by_year
from fluxprod.plausibility.towers.day_to_day import daily_correlation, departures

FEWEST = 90  # d; fewer days give no finding
MEASURED = 0.5  # [1] least share of measured or well filled half hours
WARM = 5.0  # degC; colder months have little photosynthesis
DAYLIGHT = 50.0  # W m-2; darker days are left out
PAR = 0.0864 * 0.45  # MJ d-1 of photosynthetically active radiation for each W of SW_IN
AGREE_WARN, AGREE_STOP = 0.93, 0.8  # [1] R; 0.94 or more in the real files
FACTOR_WARN, FACTOR_STOP = (0.97, 1.03), (0.8, 1.25)  # [1]; 0.93 to 1.04 in the real files
DAYTIME_STOP = (0.1, 5.0)  # [1]; 0.25 to 1.57 in the real files
NEGATIVE = -0.1  # g m-2 d-1; means of GPP and RECO are 0.007 or more in the real files
LIGHT_WARN, LIGHT_STOP = 0.05, 0.2  # [1] R; at most 0.13 in the real files
CERTAIN = 4.0  # standard errors of R
UNRELATED = -0.1  # [1] R; NEE above it does not follow the light
SEASON_STOP = 1.2  # standard deviations of NEE; 0.9 at most in the real files of no such relation
PER_LIGHT = Limits((0.01, 1.6), (0.003, 3.0))  # g MJ-1; 0.02 to 1.42 in the real files
NETWORK_STOP = (0.2, 1.0)  # g MJ-1; 0.49 is the median of the real files
NETWORK = 10  # sites; fewer say nothing about their network

FILES = "68 FLUXNET2015 and ICOS files"
NEE_COLUMN = "check sign, unit and dates of NEE, which is g of carbon m-2 d-1 to the atmosphere"

AGREEMENT = Criterion(
    "towers.partition",
    f"NEE that follows RECO - GPP of the same file with R of at least {AGREE_STOP:g} and a factor "
    f"of {FACTOR_STOP[0]:g} to {FACTOR_STOP[1]:g}",
    f"R of 0.94 or more and a factor of 0.93 to 1.04 with the night-time partition in {FILES}",
    NEE_COLUMN,
)
DAYTIME = Criterion(
    "towers.partition_daytime",
    "NEE that follows the daytime RECO - GPP of the same file, with a factor of "
    f"{DAYTIME_STOP[0]:g} to {DAYTIME_STOP[1]:g}",
    f"R of 0.18 or more and a factor of 0.25 to 1.57 in {FILES}",
    NEE_COLUMN,
)
PARTITION_SHIFT = Criterion(
    "towers.partition_shift",
    "NEE of the same days as RECO - GPP",
    f"no shift in {FILES}",
    "check the dates of the columns",
)
SIGN = Criterion(
    "towers.partition_sign",
    f"mean GPP and RECO above {NEGATIVE:g} g m-2 d-1",
    f"0.007 or more in {FILES}; both are positive by definition",
    "check the sign of GPP, RECO and NEE",
)
LIGHT = Criterion(
    "towers.light_response",
    "more uptake on brighter days of the growing season, and in the growing season",
    f"R of NEE and SW_IN, both without their season, is at most 0.13 in {FILES}",
    NEE_COLUMN,
)
UPTAKE = Criterion(
    "towers.uptake",
    f"{PER_LIGHT.stop[0]:g} to {PER_LIGHT.stop[1]:g} g of carbon per MJ of photosynthetically "
    "active radiation on the days of largest net uptake",
    f"0.02 (shrubs in the desert) to 1.42 (crops) in {FILES}",
    "check the unit of NEE, which is g of carbon m-2 d-1",
)
NETWORK_UPTAKE = Criterion(
    "towers.network_uptake",
    f"a median of {NETWORK_STOP[0]:g} to {NETWORK_STOP[1]:g} g MJ-1",
    f"0.49 g MJ-1 in {FILES}",
    "check the unit of NEE in the whole collection: g of carbon, not of CO2",
)


class Response(NamedTuple):
    """Response of NEE to light.

    Parameters
    ----------
    r : float
        Correlation of NEE and SW_IN without their seasons, in warm months [1].
    days : int
        Number of days.
    season : float
        NEE of the three months with most light and warmth minus that of the three with least, in
        standard deviations of NEE; NaN if fewer than six months were measured.
    """

    r: float
    days: int
    season: float


def flux_findings(site: str, record: xr.Dataset) -> list[Finding]:
    """Test sign, unit and dates of NEE and of the partitioned fluxes.

    Parameters
    ----------
    site : str
        Site identifier.
    record : Dataset, dims (time)
        ``NEE`` [g m-2 d-1], ``NEE_QC`` [1], ``TA`` [degC], ``SW_IN`` [W m-2] and, if present,
        ``GPP_NT``, ``RECO_NT``, ``GPP_DT`` and ``RECO_DT`` [g m-2 d-1].

    Returns
    -------
    list of Finding
        A finding for each test for which the record has enough days.
    """
    return [*_partition(site, record), *_light(site, record), *_uptake(site, record)]


def _partition(site: str, record: xr.Dataset) -> Iterator[Finding]:
    methods = [method for method in ("NT", "DT") if _has(record, method)]
    if methods:
        method = methods[0]
        nee, expected = record.NEE.values, _expected(record, method)
        yield _agreement(site, method, nee, expected)
        if method == "NT":
            years = pd.DatetimeIndex(record.time.values).year.to_numpy()
            if shifts := shifts_by_year(departures(nee), departures(expected), years):
                yield shift_finding(PARTITION_SHIFT, site, shifts)
        yield _positive(site, record)


def _has(record: xr.Dataset, method: str) -> bool:
    there = {f"GPP_{method}", f"RECO_{method}"} <= set(record)
    return there and bool(
        np.isfinite(record.NEE.values + _expected(record, method)).sum() >= FEWEST
    )


def _expected(record: xr.Dataset, method: str) -> np.ndarray:
    difference: np.ndarray = (record[f"RECO_{method}"] - record[f"GPP_{method}"]).values
    return difference


def _agreement(site: str, method: str, nee: np.ndarray, expected: np.ndarray) -> Finding:
    r, factor = daily_correlation(nee, expected), factor_of(nee, expected)
    found = f"R of {r:.2f} and a factor of {factor:.4g}"
    if method == "DT":
        low, high = DAYTIME_STOP
        return DAYTIME.finding(site, found, stop=not (r >= 0.0 and low <= factor <= high))
    (low, high), (least, most) = FACTOR_WARN, FACTOR_STOP
    return AGREEMENT.finding(
        site,
        found,
        stop=not (r >= AGREE_STOP and least <= factor <= most),
        warn=not (r >= AGREE_WARN and low <= factor <= high),
    )


def factor_of(nee: np.ndarray, expected: np.ndarray) -> float:
    """Median ratio of NEE to its expected value on the half of the days where that is larger [1].

    A median, because GPP and RECO of single days are far off where their models fail.
    """
    both = np.isfinite(nee) & np.isfinite(expected)
    size = np.abs(expected[both])
    large = size > np.median(size)
    return float(np.median(nee[both][large] / expected[both][large])) if large.any() else np.nan


def _positive(site: str, record: xr.Dataset) -> Finding:
    names = [name for name in ("GPP_NT", "RECO_NT", "GPP_DT", "RECO_DT") if name in record]
    means = {
        name: float(np.nanmean(record[name])) for name in names if record[name].notnull().any()
    }
    name = min(means, key=lambda each: means[each])
    return SIGN.finding(
        site, f"a mean {name} of {means[name]:.2f} g m-2 d-1", stop=means[name] < NEGATIVE
    )


def _measured(record: xr.Dataset) -> np.ndarray:
    measured: np.ndarray = record.NEE.where(record.NEE_QC >= MEASURED).values
    return measured


def _light(site: str, record: xr.Dataset) -> Iterator[Finding]:
    response = light_response(record)
    if np.isfinite(response.r):
        yield LIGHT.finding(
            site,
            _in_words(response),
            stop=_contrary(response),
            warn=response.r > LIGHT_WARN or (response.r > UNRELATED and response.season > 0.0),
        )


def _in_words(response: Response) -> str:
    r, days, season = response
    found = f"R of {r:.2f} on {days} days"
    if not np.isfinite(season):
        return found
    return (
        f"{found}, and NEE {abs(season):.1f} standard deviations "
        f"{'higher' if season > 0.0 else 'lower'} in the brightest and warmest three months than "
        "in the darkest and coldest"
    )


def _contrary(response: Response) -> bool:
    """Whether NEE rises with the light, or rises in summer without following the light."""
    r, days, season = response
    certain = r > LIGHT_WARN and r * np.sqrt(days) > CERTAIN
    late = r > UNRELATED and season > SEASON_STOP
    return bool(r > LIGHT_STOP or (certain and season > 0.0) or late)


def light_response(record: xr.Dataset) -> Response:
    """Describe how measured NEE follows the light from day to day and with the seasons."""
    nee, light = _measured(record), record.SW_IN.values
    month = pd.DatetimeIndex(record.time.values).month.to_numpy()
    warmth = _by_month(record.TA.values, month)
    warm = warmth[month - 1] > WARM
    days = np.where(warm, departures(nee), np.nan), departures(light)
    count = int((np.isfinite(days[0]) & np.isfinite(days[1])).sum())
    growth = _by_month(light, month) * np.clip(warmth, 0.0, None)
    spread = max(float(pd.Series(nee).std()), np.finfo(float).tiny)
    season = _contrast(_by_month(nee, month), growth) / spread
    return Response(daily_correlation(*days), count, season)


def _by_month(daily: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Mean of each calendar month, shape (12,); NaN without a value."""
    means = pd.Series(daily).groupby(month).mean().reindex(range(1, MONTHS + 1))
    return means.to_numpy(float)


def _contrast(nee: np.ndarray, growth: np.ndarray) -> float:
    known = np.flatnonzero(np.isfinite(nee) & np.isfinite(growth))
    if len(known) < 6:
        return np.nan
    order = known[np.argsort(growth[known], kind="stable")]
    return float(nee[order[-3:]].mean() - nee[order[:3]].mean())


def _uptake(site: str, record: xr.Dataset) -> Iterator[Finding]:
    uptake = uptake_per_light(record)
    if np.isfinite(uptake):
        yield PER_LIGHT.judge(UPTAKE, site, uptake, "g MJ-1")


def uptake_per_light(record: xr.Dataset) -> float:
    """Measured net uptake per photosynthetically active radiation [g MJ-1].

    It is the 95 % quantile of the daily ratios; NaN if there are fewer than 90 days.
    """
    light = record.SW_IN.values
    ratio = -_measured(record) / (np.where(light > DAYLIGHT, light, np.nan) * PAR)
    known = ratio[np.isfinite(ratio)]
    return float(np.quantile(known, 0.95)) if len(known) >= FEWEST else np.nan


def network_findings(uptake: Mapping[str, float]) -> list[Finding]:
    """Test the unit of a collection of towers as a whole.

    A factor of 44/12 in one site is within the range of biomes, but in all of them it is not.

    Parameters
    ----------
    uptake : mapping of str to float
        `uptake_per_light` of each site [g MJ-1].

    Returns
    -------
    list of Finding
        One finding, or none for fewer than ten sites.
    """
    known = [value for value in uptake.values() if np.isfinite(value)]
    if len(known) < NETWORK:
        return []
    middle, (low, high) = float(np.median(known)), NETWORK_STOP
    return [
        NETWORK_UPTAKE.finding(
            "all sites",
            f"{middle:.2f} g MJ-1, the median of {len(known)} sites",
            stop=not low <= middle <= high,
        )
    ]
