"""Air temperature of ERA5 against its climatology."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.climate.seasons import yearly_delays
from fluxprod.plausibility.climate.survey import ClimateSurvey
from fluxprod.plausibility.climate.zones import SEASONS, ZONES, around_the_globe, inside
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.displacement import displacement, position_findings
from fluxprod.plausibility.limits import Limits

LAND = Limits.around(1.5, 2.5)  # K; land warmed by 1.6 from 1850-1900 to 2011-2020 (IPCC AR6)
ZONE = Limits.around(4.5, 6.5)  # K
WAVE = Limits.below(1.5, 2.2)  # K
PHASE = Limits.around(0.3, 0.5)  # month; the phase over land varies by about 0.05 between years
R = Limits.above(0.9, 0.7)  # [1]; one column of 0.5 degree gives 0.75
FAR = 10.0  # K
FAR_CELLS = Limits.below(0.02, 0.05)  # [1] share of the land

ERA5 = "ERA5 monthly means of 2000 to 2025, doi 10.24381/cds.f17050d7"
DAILY_MEAN = "check that t2m is the mean of all hours of a day (UTC), in K"
AXES = "check latitudes, longitudes and dates of the t2m files"

MEAN = Criterion(
    "climate.temperature",
    f"within {LAND.stop[1]:g} K of the climatology of the land",
    f"{ERA5}; daily maxima and minima differ by 4 to 6 K from the mean",
    DAILY_MEAN,
)
SEASONAL = Criterion(
    "climate.temperature_zones",
    f"within {ZONE.stop[1]:g} K of the climatology of the zone and season",
    f"{ERA5}; seasonal means of a zone rarely differ by 3 K between years",
    DAILY_MEAN,
)
HOUR = Criterion(
    "climate.temperature_hour",
    f"a difference from the climatology that varies by less than {WAVE.stop[1]:g} K around the "
    "globe",
    f"{ERA5}; at one hour UTC the land differs by +-4 K or more from the mean of the day, depending"
    " on longitude",
    DAILY_MEAN,
)
SEASON = Criterion(
    "climate.temperature_season",
    f"the warmest time of the year within {PHASE.stop[1]:g} months of the climatology",
    f"{ERA5}; phases vary by a few days (Stine et al. 2009, doi 10.1038/nature07675)",
    AXES,
)
POSITION = Criterion(
    "climate.temperature_map",
    f"coasts and mountains where the climatology has them (R of at least {R.stop[0]:g})",
    f"{ERA5}; at 0.5 to 5 degrees it gives at least 0.99 with itself at 1 degree",
    AXES,
)
CELLS = Criterion(
    "climate.temperature_cells",
    f"at most {FAR_CELLS.stop[1]:.0%} of the land further than {FAR:g} K from the climatology",
    f"{ERA5}; between 0.5 and 1 degree 0.01% of the land differs by more",
    AXES,
)


def temperature_findings(
    survey: ClimateSurvey, cells: CellMap, reference: xr.DataArray
) -> list[Finding]:
    """Test level, season and place of the air temperature.

    Parameters
    ----------
    survey : ClimateSurvey
        Monthly climate.
    cells : CellMap
        Its cells.
    reference : DataArray, dims (month, lat, lon)
        Climatology of the calendar months [degC].

    Returns
    -------
    list of Finding
        One finding for each test, and for each zone and season.
    """
    normal = cells.sample(reference)
    away = survey.months["TA"] - normal[:, None]
    wave = around_the_globe(away.mean(axis=-1), cells.lon, cells.area)
    far = np.abs(away.mean(axis=-1)) > FAR
    by_year = survey.by_year
    return [
        LAND.judge_years(MEAN, "TA", by_year(cells.mean(away).mean(axis=-1)), "K"),
        *_zones(survey, cells, away),
        WAVE.judge_years(HOUR, "TA", by_year(wave), "K"),
        *_seasons(survey, cells, normal),
        FAR_CELLS.judge_years(CELLS, "TA", by_year(cells.mean(far)), "of the land"),
        *_position(survey, cells, reference),
    ]


def _zones(survey: ClimateSurvey, cells: CellMap, away: np.ndarray) -> Iterator[Finding]:
    for zone, limits in ZONES.items():
        here = inside(cells.lat, limits)
        if here.any():
            mean = cells.where(here).mean(away[here])
            for name, months in SEASONS.items():
                values = survey.by_year(mean[:, months].mean(axis=-1))
                yield ZONE.judge_years(SEASONAL, f"TA {zone}, {name}", values, "K")


def _seasons(survey: ClimateSurvey, cells: CellMap, normal: np.ndarray) -> Iterator[Finding]:
    for zone, delays in yearly_delays(survey, cells, "TA", normal):
        yield PHASE.judge_years(SEASON, f"TA {zone}", delays, "months relative to the climatology")


def _position(survey: ClimateSurvey, cells: CellMap, reference: xr.DataArray) -> Iterator[Finding]:
    annual = reference.mean("month")
    years = zip(survey.years, survey.annual("TA").T, strict=True)
    maps = {f"in {year}": displacement(cells.spread(values), annual) for year, values in years}
    return position_findings(POSITION, "TA", maps, R)
