"""What is kept of the synthetic Earth's days: fluxes of all patches, states by composite."""

from dataclasses import dataclass

import numpy as np

from fluxprod.synthetic.earth.ecosystem import PERIOD, PERIODS_A_YEAR, Day, first_state, live_a_day
from fluxprod.synthetic.earth.traits import Traits
from fluxprod.synthetic.earth.weather import EarthWeather

SPINUP_DAYS = 730
DAILY = ("gpp", "autotrophic", "heterotrophic", "evapotranspiration", "fapar", "wetness")
SLOW = ("fapar", "wetness", "snow")


@dataclass(frozen=True)
class History:
    """Of some patches, day by day or by composite period.

    Parameters
    ----------
    daily : dict of ndarray, (time, patch)
        The quantities of ``ecosystem.Day`` that were asked for.
    composite : dict of ndarray, (period, patch)
        Means of fAPAR [1], relative soil water [1] and snow [mm] over periods of 8 days, 46 a year.
    """

    daily: dict[str, np.ndarray]
    composite: dict[str, np.ndarray]


def composite_period(time) -> np.ndarray:
    """Number of each day's period of 8 days; the last of a year is short."""
    return (time.year - time.year[0]) * PERIODS_A_YEAR + (time.day_of_year - 1) // PERIOD


def live(traits: Traits, weather: EarthWeather, keep: tuple[str, ...]) -> History:
    """Run the patches through the weather, after a spin-up over its first two years."""
    state = first_state(traits, weather.TA[0, traits.home])
    for day in range(min(SPINUP_DAYS, len(weather.time))):
        live_a_day(state, traits, weather, day)
    period = np.asarray(composite_period(weather.time))
    shape = len(weather.time), len(traits.home)
    daily = {name: np.empty(shape) for name in keep}
    composite = {name: np.zeros((period[-1] + 1, shape[1])) for name in SLOW}
    for day in range(len(weather.time)):
        _keep(live_a_day(state, traits, weather, day), day, period[day], daily, composite)
    length = np.bincount(period)[:, None]
    return History(daily, {name: total / length for name, total in composite.items()})


def _keep(today: Day, day: int, period: int, daily: dict, composite: dict) -> None:
    for name, kept in daily.items():
        kept[day] = getattr(today, name)
    for name, total in composite.items():
        total[period] += getattr(today, name)
