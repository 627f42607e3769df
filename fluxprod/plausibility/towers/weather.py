"""Weather of a tower against that of the reanalysis in its cell."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.towers.dates import certain_shift, shift_finding, shifts_by_year
from fluxprod.plausibility.towers.day_to_day import daily_correlation, departures

VARIABLES = ("TA", "SW_IN", "P", "VPD")  # the last where both have it
FEWEST = 180  # d of both in a year; fewer give no finding
SAME_WARN, SAME_STOP = 0.3, 0.2  # [1] mean R of the departures of all variables
ONE_WARN = 0.2  # [1] R of the departures of a single variable
SEASON_WARN, SEASON_STOP = 0.4, 0.0  # [1] R of daily TA
SEASONAL = 3.0  # K; smaller standard deviations of TA make no season
# site minus cell, K: -8.4 to 3.6 in cells of 0.5 degree and -11.6 to 6.3 in those of 4 degrees
OFFSET_WARN, OFFSET_STOP = 10.0, 18.0
SLOPE = Limits((0.6, 1.5), (0.4, 1.7))  # [1]; 0.65 to 1.43; degF has 1.8
LIGHT_RATIO = Limits((0.75, 1.3), (0.6, 1.6))  # [1] ratio of means
RAIN_RATIO = Limits((0.25, 2.5), (0.12, 6.0))  # [1] ratio of means; 0.16 to 2.0
DRY = 0.1  # mm d-1; less rain in the cell gives no ratio
DEFICIT_RATIO = Limits((0.3, 3.0), (0.15, 6.0))  # [1] ratio of means; kPa in place of hPa has 0.1
MOIST = 0.5  # hPa; a smaller deficit in the cell gives no ratio

ERA_COLUMNS = "the *_ERA columns of 55 FLUXNET2015 and ICOS files"
CLIMATOLOGY = (
    "ERA5 of 2000 to 2025 in cells of 0.5 to 4 degrees, doi 10.24381/cds.f17050d7, at 104 sites of "
    "FLUXNET2015"
)
COLUMN = "check the column, its unit and its dates in the file, and the site's position"

SAME_WEATHER = Criterion(
    "towers.weather",
    f"a correlation of at least {SAME_STOP:g} with the day-to-day weather of the cell",
    f"0.32 or more in the best year in {ERA_COLUMNS}; unrelated weather gives 0.0",
    "check latitude, longitude and their signs in the site table, and the dates of the file",
)
SEASON = Criterion(
    "towers.season",
    "air temperature that rises and falls with that of the cell",
    f"R of 0.67 or more in {ERA_COLUMNS}",
    "check the dates of the file and the latitude in the site table",
)
SHIFT = Criterion(
    "towers.shift",
    "the days of the cell",
    f"one day in a part of the years of CA-NS1 and BR-Sa3, otherwise none, in {ERA_COLUMNS}; days "
    "in local time are less than half a day from those in UTC",
    "check the dates of the file, which are days in local standard time",
)
OFFSET = Criterion(
    "towers.temperature",
    f"air temperature within {OFFSET_STOP:g} K of the cell's",
    f"-11.6 to 6.3 K, mountain sites included; {CLIMATOLOGY}",
    COLUMN,
)
RANGE = Criterion(
    "towers.temperature_range",
    f"{SLOPE.stop[0]:g} to {SLOPE.stop[1]:g} K per K of the cell",
    f"0.65 to 1.43; {CLIMATOLOGY}",
    COLUMN,
)
LIGHT = Criterion(
    "towers.radiation",
    f"{LIGHT_RATIO.stop[0]:g} to {LIGHT_RATIO.stop[1]:g} times the radiation of the cell",
    f"0.98 to 1.09 in {ERA_COLUMNS}; the rest is room for errors of the reanalysis",
    COLUMN,
)
RAIN = Criterion(
    "towers.precipitation",
    f"{RAIN_RATIO.stop[0]:g} to {RAIN_RATIO.stop[1]:g} times the precipitation of the cell",
    f"0.16 to 2.0; {CLIMATOLOGY}",
    COLUMN,
)


DEFICIT = Criterion(
    "towers.vapour_pressure_deficit",
    f"{DEFICIT_RATIO.stop[0]:g} to {DEFICIT_RATIO.stop[1]:g} times the deficit of the cell",
    f"0.96 to 1.03 in {ERA_COLUMNS}; the rest is room for mountains and errors of the reanalysis, "
    "because 10 K halve or double the deficit",
    COLUMN,
)


def weather_findings(site: str, record: xr.Dataset, weather: xr.Dataset) -> list[Finding]:
    """Test air temperature, radiation, precipitation and vapour pressure deficit of a tower.

    Parameters
    ----------
    site : str
        Site identifier.
    record : Dataset, dims (time)
        ``TA`` [degC], ``SW_IN`` [W m-2], ``P`` [mm d-1] and, if it has it, ``VPD`` [hPa] of the
        tower.
    weather : Dataset, dims (time)
        The same variables from the reanalysis in the tower's cell; other days than those of the
        tower are left out.

    Returns
    -------
    list of Finding
        A finding for each test of a variable that has at least half a year of common days.
    """
    days = np.intersect1d(record.time.values, weather.time.values)
    tower, cell = record.sel(time=days), weather.sel(time=days)
    there = [name for name in VARIABLES if name in tower and name in cell]
    pairs = {name: (_values(tower, name), _values(cell, name)) for name in there}
    pairs = {name: pair for name, pair in pairs.items() if _common(*pair) >= FEWEST}
    years = pd.DatetimeIndex(days).year.to_numpy()
    return [*_days(site, pairs, years), *_sizes(site, pairs)]


def _values(source: xr.Dataset, name: str) -> np.ndarray:
    values: np.ndarray = source[name].values.astype(float)
    return values


def _common(tower: np.ndarray, cell: np.ndarray) -> int:
    return int((np.isfinite(tower) & np.isfinite(cell)).sum())


Pairs = dict[str, tuple[np.ndarray, np.ndarray]]


def _days(site: str, pairs: Pairs, years: np.ndarray) -> Iterator[Finding]:
    """Test whether the days of the tower are those of the cell."""
    weather = {name: (departures(a), departures(b)) for name, (a, b) in pairs.items()}
    by_year = {name: shifts_by_year(*pair, years) for name, pair in weather.items()}
    if any(by_year.values()):
        yield _same_weather(site, by_year)
    if "TA" in pairs and np.nanstd(pairs["TA"][1]) >= SEASONAL:
        r = daily_correlation(*pairs["TA"])
        yield SEASON.finding(
            site, f"R of {r:.2f}", stop=not r >= SEASON_STOP, warn=not r >= SEASON_WARN
        )
    for name, shifts in by_year.items():
        if shifts:
            yield shift_finding(SHIFT, f"{site} {name}", shifts)


def _same_weather(site: str, by_year: dict[str, dict[int, dict[int, float]]]) -> Finding:
    """Judge the best year at the best shift, because the dates have a test of their own.

    A single variable without relation is a warning, because the reanalysis may be wrong too.
    """
    years = {year for shifts in by_year.values() for year in shifts}
    mean = {year: _mean_r([shifts.get(year, {}) for shifts in by_year.values()]) for year in years}
    year = max(mean, key=lambda each: mean[each])
    weak = [name for name, shifts in by_year.items() if shifts and _best(shifts) < ONE_WARN]
    found = f"R of {mean[year]:.2f} in the best year, {year}"
    return SAME_WEATHER.finding(
        site,
        f"{found}; none for {', '.join(weak)}" if weak else found,
        stop=mean[year] < SAME_STOP,
        warn=mean[year] < SAME_WARN or bool(weak),
    )


def _best(years: dict[int, dict[int, float]]) -> float:
    """Largest R of any year without shift, or with the one that is certain."""
    return max(r.get(certain_shift(r), 0.0) for r in years.values())


def _mean_r(of_variables: list[dict[int, float]]) -> float:
    """Mean over the variables of R, at the shift where this mean is largest."""
    known = [each for each in of_variables if each]
    shifts = set.intersection(*(set(each) for each in known)) if known else set()
    return max((float(np.mean([each[k] for each in known])) for k in shifts), default=0.0)


def _sizes(site: str, pairs: Pairs) -> Iterator[Finding]:
    """Test offsets and factors, which reveal units."""
    means = {name: _means(*pair) for name, pair in pairs.items()}
    if "TA" in pairs:
        yield _offset(site, means["TA"][0] - means["TA"][1])
        if np.nanstd(pairs["TA"][1]) >= SEASONAL:
            yield SLOPE.judge(RANGE, site, _slope(*pairs["TA"]), "K per K")
    if "SW_IN" in pairs:
        yield LIGHT_RATIO.judge(LIGHT, site, _ratio(means["SW_IN"]), "times")
    if "P" in pairs and means["P"][1] >= DRY:
        yield RAIN_RATIO.judge(RAIN, site, _ratio(means["P"]), "times")
    if "VPD" in pairs and means["VPD"][1] >= MOIST:
        yield DEFICIT_RATIO.judge(DEFICIT, site, _ratio(means["VPD"]), "times")


def _means(tower: np.ndarray, cell: np.ndarray) -> tuple[float, float]:
    common = np.isfinite(tower) & np.isfinite(cell)
    return float(tower[common].mean()), float(cell[common].mean())


def _ratio(means: tuple[float, float]) -> float:
    return means[0] / max(means[1], np.finfo(float).tiny)


def _slope(tower: np.ndarray, cell: np.ndarray) -> float:
    common = np.isfinite(tower) & np.isfinite(cell)
    return float(np.polyfit(cell[common], tower[common], 1)[0])


def _offset(site: str, offset: float) -> Finding:
    return OFFSET.finding(
        site,
        f"{offset:+.1f} K",
        stop=abs(offset) > OFFSET_STOP,
        warn=abs(offset) > OFFSET_WARN,
    )
