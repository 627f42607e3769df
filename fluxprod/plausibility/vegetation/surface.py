"""Surface temperature of MODIS against the air temperature of ERA5."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from fluxprod.core.units import ZERO_CELSIUS
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.vegetation.groups import COVERS, ZONES
from fluxprod.plausibility.vegetation.survey import TEMPERATURES, VegetationSurvey
from fluxprod.plausibility.vegetation.weather import LAGS
from fluxprod.plausibility.wording import listed

# K, annual mean of a zone; -1.0 to 19.3 by day and -9.0 to -2.7 at night at single sites
OFFSET = {
    "LST_DAY": Limits((0.0, 18.0), (-3.0, 22.0)),
    "LST_NIGHT": Limits((-9.0, 0.0), (-13.0, 3.0)),
}
OTHER_YEARS = Limits.around(2.0, 4.0)  # K
BY_DAY = Limits.above(95.0, 80.0)  # % of the patches
WEATHER = Limits.above(0.35, 0.15)  # [1] R
FEWEST = 3  # years that a mean season needs

TOWERS = "MODIS at 46 FLUXNET2015 sites"
SCALE = "check scale, unit, latitudes and dates of the LST files (MOD11)"

AIR = Criterion(
    "vegetation.surface_temperature",
    f"a surface {OFFSET['LST_DAY'].stop[0]:g} to {OFFSET['LST_DAY'].stop[1]:g} K from the air by "
    f"day, and {OFFSET['LST_NIGHT'].stop[0]:g} to {OFFSET['LST_NIGHT'].stop[1]:g} K at night",
    f"{TOWERS}: 8.2 +- 5.2 K by day and -6.2 +- 1.7 K at night",
    SCALE,
)
YEARS = Criterion(
    "vegetation.surface_temperature_years",
    f"a surface that is as warm relative to the air as in other years, within "
    f"{OTHER_YEARS.stop[1]:g} K",
    "cover and sun, on which the difference depends, hardly change from year to year in a zone",
    SCALE,
)
NIGHT = Criterion(
    "vegetation.day_and_night",
    f"days warmer than nights in at least {BY_DAY.stop[0]:g}% of the patches",
    f"{TOWERS}: 4.5 to 27.8 K warmer",
    "check which layer is LST by day and which at night",
)
DEPARTURES = Criterion(
    "vegetation.weather",
    "warm weeks at the surface when the air is warm, and no composite later or earlier "
    f"(R of at least {WEATHER.stop[0]:g})",
    f"{TOWERS}: R of 0.74 by day and 0.77 at night between monthly departures, 0.2 a month apart",
    "check the dates of the LST files (MOD11) and of t2m",
)


def surface_findings(survey: VegetationSurvey) -> list[Finding]:
    """Test level, day and night, and dates of the surface temperature.

    Parameters
    ----------
    survey : VegetationSurvey
        Means of groups and patches, and departures from the season.

    Returns
    -------
    list of Finding
        A finding for each quantity and zone or year.
    """
    return [*_offsets(survey), *_night(survey), *_departures(survey)]


def _offsets(survey: VegetationSurvey) -> Iterator[Finding]:
    for name, zone in product(TEMPERATURES, ZONES):
        rows = survey.groups.rows(tuple(COVERS), zone)
        years, surface = survey.of[name].series.months(rows)
        _, air = survey.of[name].air.months(rows)
        if len(years):
            away = np.nanmean(surface - ZERO_CELSIUS - air, axis=1)
            by_year = dict(zip(years.tolist(), away.tolist(), strict=True))
            yield OFFSET[name].judge_years(AIR, f"{name} {zone}", by_year, "K relative to the air")
            usual = float(np.median(away))
            unlike = {year: value - usual for year, value in by_year.items()}
            yield OTHER_YEARS.judge_years(YEARS, f"{name} {zone}", unlike, "K above the median")


def _night(survey: VegetationSurvey) -> Iterator[Finding]:
    day, night = (survey.of[name].mean for name in TEMPERATURES)
    both = np.isfinite(day) & np.isfinite(night)
    if both.any():
        share = 100.0 * float((day > night)[both].mean())
        yield BY_DAY.judge(NIGHT, "LST_DAY", share, "% of the patches")


def _departures(survey: VegetationSurvey) -> Iterator[Finding]:
    for name in TEMPERATURES:
        weather = survey.of[name].weather
        years = sorted({year for year, _ in weather})
        fits = {year: [float(weather[year, lag].pearson_r) for lag in LAGS] for year in years}
        known = {year: r for year, r in fits.items() if np.isfinite(r).all()}
        if len(known) >= FEWEST:
            yield _weather(name, known)


def _weather(name: str, fits: dict[int, list[float]]) -> Finding:
    """Judge R, by year and in the order of `LAGS`."""
    now = LAGS.index(0)
    late = {year: LAGS[int(np.argmax(r))] for year, r in fits.items()}
    moved = [
        f"the surface {abs(lag)} composite{'s' if abs(lag) > 1 else ''} "
        f"{'later' if lag > 0 else 'earlier'} than the air in {year}"
        for year, lag in late.items()
        if lag
    ]
    if moved:
        return DEPARTURES.finding(name, listed(moved), stop=True)
    return WEATHER.judge_years(DEPARTURES, name, {year: r[now] for year, r in fits.items()}, "(R)")
