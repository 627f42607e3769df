"""Daily series of towers that stand still or repeat another one."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import great_circle
from fluxprod.plausibility.criterion import Criterion, Finding

VARIABLES = ("NEE", "TA", "SW_IN")
STILL_WARN, STILL_STOP = 7, 14  # d; at most 6 in the real files
COMMON = 60  # d; fewer common days say nothing
COPY_WARN, COPY_STOP = 0.05, 0.5  # [1] share of equal days; at most 0.005 in the real files
NEIGHBOURS = 100.0  # km; closer towers may share a weather station

FILES = "68 FLUXNET2015 and ICOS files"
AGAIN = "get the file again, or remove one of the two"

STILL = Criterion(
    "towers.still",
    f"less than {STILL_STOP} days of one value",
    f"a daily mean is the mean of 48 half hours; 6 days at most in {FILES}",
    "check how gaps are marked: the value for missing is -9999",
)
YEARS = Criterion(
    "towers.years",
    f"at most {COPY_STOP:.0%} of the days equal to those of another year",
    f"0.5 % at most in {FILES}",
    AGAIN,
)
SITES = Criterion(
    "towers.copies",
    f"at most {COPY_STOP:.0%} of the days equal to those of another site",
    f"none for NEE in {FILES}; air temperature is compared beyond {NEIGHBOURS:g} km, where "
    "stations are not shared",
    AGAIN,
)


def series_findings(site: str, record: xr.Dataset) -> list[Finding]:
    """Test one tower for values that stand still and years that repeat another one.

    Parameters
    ----------
    site : str
        Site identifier.
    record : Dataset, dims (time)
        ``NEE`` [g m-2 d-1], ``TA`` [degC] and ``SW_IN`` [W m-2].

    Returns
    -------
    list of Finding
        Two findings for each variable that has values.
    """
    found = []
    for name in VARIABLES:
        series = record[name].to_series().dropna()
        series = series[series != 0.0] if name == "SW_IN" else series  # the polar night is zero
        if len(series):
            found += [_still(f"{site} {name}", series), _years(f"{site} {name}", series)]
    return found


def _still(subject: str, series: pd.Series) -> Finding:
    length, first = longest_run(series)
    return STILL.finding(
        subject,
        f"{length} d of one value from {first:%F}",
        stop=length >= STILL_STOP,
        warn=length >= STILL_WARN,
    )


def longest_run(series: pd.Series) -> tuple[int, pd.Timestamp]:
    """Longest sequence of equal values on consecutive days [d], and its first day."""
    days, values = pd.DatetimeIndex(series.index).to_numpy(), series.to_numpy()
    moves = (np.diff(values) != 0.0) | (np.diff(days) != np.timedelta64(1, "D"))
    first = np.concatenate([[0], np.flatnonzero(moves) + 1])
    lengths = np.diff(np.append(first, len(values)))
    return int(lengths.max()), pd.Timestamp(days[first[lengths.argmax()]])


def _years(subject: str, series: pd.Series) -> Finding:
    share, first, second = max(_repeats(series), default=(0.0, 0, 0))
    return YEARS.finding(
        subject,
        f"{share:.1%} of the days of {second} equal to those of {first}" if share else "no copy",
        stop=share > COPY_STOP,
        warn=share > COPY_WARN,
    )


def _repeats(series: pd.Series) -> Iterator[tuple[float, int, int]]:
    """Share of equal days of each two years, with the years."""
    index = pd.DatetimeIndex(series.index)
    table = series.groupby([index.strftime("%m%d"), index.year]).first().unstack()
    for first, second in combinations(map(int, table.columns), 2):
        yield equal_share(table[first].to_numpy(), table[second].to_numpy()), first, second


def equal_share(first: np.ndarray, second: np.ndarray) -> float:
    """Share of equal values, zeros left out [1]; zero for fewer than 60 common days."""
    common = np.isfinite(first) & np.isfinite(second) & (first != 0.0)
    return float((first == second)[common].mean()) if common.sum() >= COMMON else 0.0


def copy_findings(records: Mapping[str, xr.Dataset], sites: pd.DataFrame) -> list[Finding]:
    """Test whether two towers have a year of the same values.

    Parameters
    ----------
    records : mapping of str to Dataset, dims (time)
        ``NEE`` [g m-2 d-1] and ``TA`` [degC] of each site.
    sites : DataFrame
        Columns ``lat`` [degree_north] and ``lon`` [degree_east], indexed by site.

    Returns
    -------
    list of Finding
        One finding for each site: its closest resemblance to a site before it.
    """
    names = list(records)
    lat, lon = (sites.loc[names, name].to_numpy(float) for name in ("lat", "lon"))
    tables = {name: _by_year(records, name) for name in ("NEE", "TA")}
    found = []
    for position, site in enumerate(names):
        near = great_circle(lat[position], lon[position], lat, lon) <= NEIGHBOURS
        others = {"NEE": names[:position], "TA": _far(names[:position], near)}
        found.append(_copy(site, others, tables))
    return found


def _far(sites: list[str], near: np.ndarray) -> list[str]:
    return [site for site, is_near in zip(sites, near, strict=False) if not is_near]


def _by_year(records: Mapping[str, xr.Dataset], name: str) -> dict[int, dict[str, np.ndarray]]:
    """One variable of all sites, by year, on the days of that year."""
    table = pd.DataFrame({site: each[name].to_series() for site, each in records.items()})
    years = table.groupby(pd.DatetimeIndex(table.index).year)
    return {
        int(year): {str(site): values.to_numpy() for site, values in part.items()}
        for year, part in years
    }


def _copy(
    site: str, others: dict[str, list[str]], tables: dict[str, dict[int, dict[str, np.ndarray]]]
) -> Finding:
    shares = (
        (equal_share(part[site], part[other]), f"{name} of {year}", other)
        for name, years in tables.items()
        for year, part in years.items()
        for other in others[name]
    )
    share, what, other = max(shares, default=(0.0, "", ""))
    return SITES.finding(
        site,
        f"{share:.1%} of the days of {what} equal to those of {other}" if share else "no copy",
        stop=share > COPY_STOP,
        warn=share > COPY_WARN,
    )
