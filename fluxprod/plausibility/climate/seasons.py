"""Seasons of the two hemispheres against those that are expected."""

from collections.abc import Iterator

import numpy as np

from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.climate.survey import ClimateSurvey
from fluxprod.plausibility.climate.zones import HEMISPHERES, inside
from fluxprod.plausibility.season import later, season


def yearly_delays(
    survey: ClimateSurvey, cells: CellMap, name: str, expected: np.ndarray
) -> Iterator[tuple[str, dict[int, float]]]:
    """Find how much later than expected a variable is at its largest.

    Parameters
    ----------
    survey : ClimateSurvey
        Monthly climate.
    cells : CellMap
        Its cells.
    name : str
        Variable.
    expected : ndarray, shape (cell, 12)
        Expected seasonal cycles, in any unit.

    Yields
    ------
    (str, dict of int to float)
        Zone outside the tropics, and the delay in each year, from -6 up to 6 [month].
    """
    for zone, limits in HEMISPHERES.items():
        here = inside(cells.lat, limits)
        if here.any():
            part = cells.where(here)
            usual = season(-part.mean(expected[here])).uptake
            cycles = part.mean(survey.months[name][here])
            delay = np.array([later(season(-cycle).uptake, usual) for cycle in cycles])
            yield zone, survey.by_year(delay)
