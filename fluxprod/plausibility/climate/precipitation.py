"""Precipitation of ERA5 against its climatology."""

from collections.abc import Iterator

import numpy as np
import xarray as xr
from scipy.stats import spearmanr

from fluxprod.core.time_axis import MONTHS
from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.climate.survey import ClimateSurvey
from fluxprod.plausibility.climate.zones import SEASONS, ZONES, inside
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.displacement import displacement, position_findings
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.season import seasonal_correlation
from fluxprod.plausibility.wording import listed

LAND = Limits((1.7, 3.0), (1.2, 4.0))  # mm d-1
RATIO = Limits((0.7, 1.4), (0.5, 2.0))  # [1] of the climatology, mean of all years
PATTERN = Limits.above(0.8, 0.7)  # [1] Spearman's rank correlation
R = Limits.above(0.7, 0.4)  # [1]
MARGIN = 0.03  # [1] by which R must be larger with other months
DRY = 0.05  # mm d-1; added before the logarithm is taken

ERA5 = "ERA5 monthly means of 2000 to 2025, doi 10.24381/cds.f17050d7"
UNIT = "check that tp is the total precipitation, as the mean or sum of all hours of a day"
AXES = "check latitudes, longitudes and dates of the tp files"

MEAN = Criterion(
    "climate.precipitation",
    f"{LAND.stop[0]:g} to {LAND.stop[1]:g} mm/d over land",
    f"{ERA5}: 2.4 mm/d; GPCP: 2.2 mm/d (Adler et al. 2018, doi 10.3390/atmos9040138)",
    UNIT,
)
SEASONAL = Criterion(
    "climate.precipitation_zones",
    f"{RATIO.stop[0]:g} to {RATIO.stop[1]:g} times the climatology of the zone and season",
    f"{ERA5}; convective rain alone is less than half in the winter of the middle latitudes",
    UNIT,
)
RANKS = Criterion(
    "climate.precipitation_pattern",
    f"dry and wet regions as in the climatology (rank correlation of at least {PATTERN.stop[0]:g})",
    ERA5,
    AXES,
)
SEASON = Criterion(
    "climate.precipitation_season",
    "the seasons of the climatology, month by month",
    ERA5,
    AXES,
)
POSITION = Criterion(
    "climate.precipitation_map",
    f"dry and wet neighbours as in the climatology (R of at least {R.stop[0]:g})",
    ERA5,
    AXES,
)


def precipitation_findings(
    survey: ClimateSurvey, cells: CellMap, reference: xr.DataArray
) -> list[Finding]:
    """Test amount, season and place of the precipitation.

    Parameters
    ----------
    survey : ClimateSurvey
        Monthly climate.
    cells : CellMap
        Its cells.
    reference : DataArray, dims (month, lat, lon)
        Climatology of the calendar months [mm d-1].

    Returns
    -------
    list of Finding
        One finding for each test, and for each year or zone and season.
    """
    normal, annual = cells.sample(reference), survey.annual("P")
    ranks = np.array([_rank_correlation(year, normal.mean(axis=-1)) for year in annual.T])
    return [
        LAND.judge_years(MEAN, "P", survey.by_year(cells.mean(annual)), "mm/d"),
        *_zones(survey, cells, normal),
        PATTERN.judge_years(RANKS, "P", survey.by_year(ranks), "(rank correlation)"),
        _season(survey, normal),
        *_position(survey, cells, reference),
    ]


def _rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    constant = np.ptp(first) == 0.0
    return 0.0 if constant else float(spearmanr(first, second).statistic)


def _zones(survey: ClimateSurvey, cells: CellMap, normal: np.ndarray) -> Iterator[Finding]:
    cycle = survey.months["P"].mean(axis=1)
    for zone, limits in ZONES.items():
        here = inside(cells.lat, limits)
        if here.any():
            ours, theirs = (cells.where(here).mean(each[here]) for each in (cycle, normal))
            for name, months in SEASONS.items():
                ratio = float(ours[list(months)].sum() / theirs[list(months)].sum())
                subject = f"P {zone}, {name}"
                yield RATIO.judge(SEASONAL, subject, ratio, "times the climatology")


def _season(survey: ClimateSurvey, normal: np.ndarray) -> Finding:
    """Find the shift of the months at which each year fits the climatology best."""
    expected = normal - normal.mean(axis=-1, keepdims=True)
    fits = {
        year: _months_late(months - months.mean(axis=-1, keepdims=True), expected)
        for year, months in zip(survey.years, np.moveaxis(survey.months["P"], 1, 0), strict=True)
    }
    late = [
        f"{abs(n)} month{'s' if abs(n) > 1 else ''} {'later' if n > 0 else 'earlier'} in {year}"
        for year, n in fits.items()
        if n
    ]
    return SEASON.finding("P", listed(late) or "the same months in all years", stop=bool(late))


def _months_late(found: np.ndarray, expected: np.ndarray) -> int:
    """Delay of seasonal cycles, shape (cell, 12), from -5 to 6 [month]."""
    r = [
        seasonal_correlation(np.roll(found, -n, -1).ravel(), expected.ravel())
        for n in range(MONTHS)
    ]
    best = int(np.argmax(r)) if max(r) > r[0] + MARGIN else 0
    return best if best <= MONTHS // 2 else best - MONTHS


def _position(survey: ClimateSurvey, cells: CellMap, reference: xr.DataArray) -> Iterator[Finding]:
    annual = _logarithm(reference.mean("month"))
    years = zip(survey.years, survey.annual("P").T, strict=True)
    maps = {
        f"in {year}": displacement(_logarithm(cells.spread(values)), annual)
        for year, values in years
    }
    return position_findings(POSITION, "P", maps, R)


def _logarithm(rain: xr.DataArray) -> xr.DataArray:
    return rain.copy(data=np.log(np.maximum(rain.values, 0.0) + DRY))
