"""Fields of the climate that occur twice, and series that stand still."""

from collections.abc import Iterator

import numpy as np

from fluxprod.core.time_axis import MONTHS
from fluxprod.plausibility.climate.survey import VARIABLES, ClimateSurvey
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.repeats import AGAIN, repeats
from fluxprod.plausibility.wording import listed

SAME_DAY = 0.5  # [1] share of the cells; 0.003 of the days repeat by chance at a cell
STUCK = 0.05  # [1] share of the days of a cell; at most 0.003 in the ERA data of 56 sites

COPIES = Criterion(
    "climate.copies",
    "months that differ from one another",
    "the weather of two months is never the same",
    AGAIN,
)
DAYS = Criterion(
    "climate.repeated_days",
    "days that differ from the day before",
    "the weather of two days is never the same",
    AGAIN,
)
CELLS = Criterion(
    "climate.stuck_cells",
    f"cells that repeat the value of the day before on at most {STUCK:.0%} of the days",
    "FLUXNET2015 and ICOS: at most 0.3% of the days in the ERA data of 56 sites",
    AGAIN,
)


def copy_findings(survey: ClimateSurvey) -> list[Finding]:
    """Find months and days that repeat others, and cells that stand still.

    Parameters
    ----------
    survey : ClimateSurvey
        Monthly climate, and shares of values that repeat those of the day before.

    Returns
    -------
    list of Finding
        Three findings for each variable.
    """
    return [finding for name in VARIABLES for finding in _of_variable(survey, name)]


def _of_variable(survey: ClimateSurvey, name: str) -> Iterator[Finding]:
    copies = repeats(_fields(survey, name))
    yield COPIES.finding(name, listed(copies) or "no copies", stop=bool(copies))
    days = np.flatnonzero(survey.repeats[name] > SAME_DAY)
    repeated = [survey.day(int(position)) for position in days]
    yield DAYS.finding(name, listed(repeated) or "no repeated days", stop=bool(repeated))
    stuck = float((survey.stuck[name] > STUCK).mean())
    yield CELLS.finding(
        name, f"{stuck:.1%} of the cells that repeat it more often", stop=stuck > 0.0
    )


def _fields(survey: ClimateSurvey, name: str) -> Iterator[tuple[str, np.ndarray]]:
    for position, year in enumerate(survey.years):
        for month in range(MONTHS):
            yield f"{year}-{month + 1:02d}", survey.months[name][:, position, month]
