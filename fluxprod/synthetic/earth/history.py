"""Simulation of the patches over the whole period: daily fluxes, and states by composite period."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fluxprod.synthetic.earth.ecosystem import (
    PERIOD,
    PERIODS_A_YEAR,
    Day,
    initial_state,
    simulate_day,
)
from fluxprod.synthetic.earth.traits import Traits
from fluxprod.synthetic.earth.weather import EarthWeather

SPINUP_DAYS = 730
DAILY = ("gpp", "autotrophic", "heterotrophic", "evapotranspiration", "fapar", "wetness")
SLOW = ("fapar", "wetness", "snow")


@dataclass(frozen=True)
class History:
    """Results of the simulation of some patches.

    Parameters
    ----------
    daily : dict of str to ndarray, shape (time, patch)
        Daily values of the requested fields of `ecosystem.Day`, in their units.
    composite : dict of str to ndarray, shape (period, patch)
        Means of ``fapar`` [1], ``wetness`` [1] and ``snow`` [mm] over 8-day periods, 46 per year.
    """

    daily: dict[str, np.ndarray]
    composite: dict[str, np.ndarray]


def composite_period(time: pd.DatetimeIndex) -> np.ndarray:
    """Number the 8-day period of each day, from 0; the last period of a year is shorter."""
    year = time.year - time.year[0]
    return np.asarray(year * PERIODS_A_YEAR + (time.day_of_year - 1) // PERIOD)


def simulate(traits: Traits, weather: EarthWeather, keep: tuple[str, ...]) -> History:
    """Simulate the patches over the whole period, after a spin-up over its first two years.

    Parameters
    ----------
    traits : Traits
        Constant properties of the patches.
    weather : EarthWeather
        Daily weather of the land cells.
    keep : tuple of str
        Fields of `ecosystem.Day` to keep for each day.
    """
    state = initial_state(traits, weather.TA[0, traits.home])
    for day in range(min(SPINUP_DAYS, len(weather.time))):
        simulate_day(state, traits, weather, day)
    period = np.asarray(composite_period(weather.time))
    shape = len(weather.time), len(traits.home)
    daily = {name: np.empty(shape) for name in keep}
    composite = {name: np.zeros((period[-1] + 1, shape[1])) for name in SLOW}
    for day in range(len(weather.time)):
        _keep(simulate_day(state, traits, weather, day), day, period[day], daily, composite)
    length = np.bincount(period)[:, None]
    return History(daily, {name: total / length for name, total in composite.items()})


def _keep(
    today: Day,
    day: int,
    period: int,
    daily: dict[str, np.ndarray],
    composite: dict[str, np.ndarray],
) -> None:
    """Store the fluxes of a day, and add its states to the sums of their period."""
    for name, kept in daily.items():
        kept[day] = getattr(today, name)
    for name, total in composite.items():
        total[period] += getattr(today, name)
