"""Season of the vegetation against that of the air, and of its indices against one another."""

from collections.abc import Iterator

import numpy as np

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.season import later, season
from fluxprod.plausibility.vegetation.group_series import GroupSeries
from fluxprod.plausibility.vegetation.groups import COVERS, SEASONAL
from fluxprod.plausibility.vegetation.survey import TEMPERATURES, VegetationSurvey

DARKEST = "BAND4"  # snow is bright: green light is darkest in summer
NORTH, SOUTH = "north of 30 N", "south of 30 S"
# month after the warmest time of the air; 0.2 for fAPAR, -0.3 and 0.15 for LST at the median site
AFTER_AIR = {
    "NDVI": Limits((-0.7, 1.3), (-1.5, 2.0)),
    "EVI": Limits((-0.7, 1.3), (-1.5, 2.0)),
    "FPAR": Limits((-0.7, 1.3), (-1.5, 2.0)),
    DARKEST: Limits((-1.0, 1.5), (-2.0, 2.5)),
    "LST_DAY": Limits((-0.6, 0.2), (-0.9, 0.6)),
    "LST_NIGHT": Limits((-0.2, 0.35), (-0.5, 0.7)),
}
APART = Limits.around(0.35, 0.75)  # month

TOWERS = "MODIS at 35 FLUXNET2015 sites north of 30 N"
DATES = "check the dates and the latitudes of the MODIS files"

AIR = Criterion(
    "vegetation.season",
    "the greenest, darkest (BAND4) or warmest time of the year near the warmest of the air",
    f"{TOWERS}, months after the air: 0.2 for fAPAR, -0.27 +- 0.2 for LST by day, 0.15 +- 0.12 at "
    "night",
    DATES,
)
INDICES = Criterion(
    "vegetation.season_of_indices",
    f"the greenest time of the year within {APART.stop[1]:g} months of that of NDVI",
    f"indices of the same leaves; {TOWERS}: fAPAR and LAI are 0.28 months apart",
    DATES,
)


def season_findings(survey: VegetationSurvey) -> list[Finding]:
    """Test when the year is greenest and when the surface is warmest.

    Parameters
    ----------
    survey : VegetationSurvey
        Means of groups.

    Returns
    -------
    list of Finding
        A finding for each quantity and hemisphere.
    """
    return [
        *(finding for name in AFTER_AIR for finding in _after_air(survey, name)),
        *(finding for name in ("EVI", "FPAR") for finding in _after_ndvi(survey, name)),
    ]


def _after_air(survey: VegetationSurvey, name: str) -> Iterator[Finding]:
    warm = name in TEMPERATURES
    covers, zones = (tuple(COVERS), (NORTH, SOUTH)) if warm else (SEASONAL, (NORTH,))
    # all patches have LST at night, which clouds hide least
    air = survey.of[name if warm else "LST_NIGHT"].air
    sign = -1.0 if name == DARKEST else 1.0
    for zone in zones:
        rows = survey.groups.rows(covers, zone)
        if delays := _delays(survey.of[name].series, air, rows, sign):
            yield AFTER_AIR[name].judge_years(
                AIR, f"{name} {zone}", delays, "months relative to the air"
            )


def _after_ndvi(survey: VegetationSurvey, name: str) -> Iterator[Finding]:
    rows = survey.groups.rows(SEASONAL, NORTH)
    if delays := _delays(survey.of[name].series, survey.of["NDVI"].series, rows):
        yield APART.judge_years(INDICES, f"{name} {NORTH}", delays, "months relative to NDVI")


def _delays(
    first: GroupSeries, second: GroupSeries, rows: list[int], sign: float = 1.0
) -> dict[int, float]:
    """Delay of the largest (or, if the sign is -1, smallest) time of the year, by year [month]."""
    ours, theirs = (dict(zip(*each.months(rows), strict=True)) for each in (first, second))
    delays = {
        int(year): later(season(-sign * months).uptake, season(-theirs[year]).uptake)
        for year, months in ours.items()
        if year in theirs
    }
    return {year: delay for year, delay in delays.items() if np.isfinite(delay)}
