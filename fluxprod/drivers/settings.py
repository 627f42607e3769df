"""How the drivers are made: the choices of ``params.yaml`` that every driver function needs."""

from typing import NamedTuple

from fluxprod.drivers.water_balance import Soil

YEARS_AT = ("params.yaml", "drivers.msc_first_year")  # what an error about them names


class Recipe(NamedTuple):
    """Choices behind Table A2.

    Parameters
    ----------
    soil : Soil
        Of the water balance.
    spinup_loops : int
        Over the first ``spinup_years``.
    evi_radiation, ndvi_radiation : str
        ``incoming`` or ``potential``: what multiplies EVI and MSC(NDVI). The names and the
        formulas of Table A2 disagree; the formulas are the default.
    msc_years : (int, int)
        First and last year of the mean seasonal cycles.
    spinup_years : int
        Years at the start that spin up the water balance.
    anomalies : bool
        Whether the two anomaly drivers follow the ten.
    """

    soil: Soil
    spinup_loops: int
    evi_radiation: str
    ndvi_radiation: str
    msc_years: tuple[int, int]
    spinup_years: int = 2
    anomalies: bool = False
