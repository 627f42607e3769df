"""Composites that occur twice."""

from collections.abc import Iterator

import numpy as np

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.repeats import AGAIN, repeats
from fluxprod.plausibility.vegetation.group_series import GroupSeries
from fluxprod.plausibility.vegetation.survey import VegetationSurvey
from fluxprod.plausibility.wording import listed

REPEATED = 0.5  # [1] share of the patches

COPIES = Criterion(
    "vegetation.copies",
    "composites that differ from one another",
    "no two composites of the globe are the same",
    AGAIN,
)
STILL = Criterion(
    "vegetation.repeated_composites",
    f"values that differ from the composite before in at least {REPEATED:.0%} of the patches",
    "vegetation and surface temperature change from week to week",
    AGAIN,
)


def repetition_findings(survey: VegetationSurvey) -> list[Finding]:
    """Find composites that repeat others.

    Parameters
    ----------
    survey : VegetationSurvey
        Means of groups, and shares of values that repeat those of the composite before.

    Returns
    -------
    list of Finding
        Two findings for each quantity.
    """
    return [finding for name in survey.of for finding in _of_quantity(survey, name)]


def _of_quantity(survey: VegetationSurvey, name: str) -> Iterator[Finding]:
    each = survey.of[name]
    copies = repeats(_sums(each.series))
    yield COPIES.finding(name, listed(copies) or "no copies", stop=bool(copies))
    repeated = each.same > REPEATED * np.maximum(each.compared, 1.0)
    still = [f"{day:%F}" for day in each.series.time[repeated]]
    yield STILL.finding(name, listed(still) or "no repeated composites", stop=bool(still))


def _sums(series: GroupSeries) -> Iterator[tuple[str, np.ndarray]]:
    """Sums of all groups, by composite with a value."""
    for day, total in zip(series.time, series.total.T, strict=True):
        if total.any():
            yield f"{day:%F}", total
