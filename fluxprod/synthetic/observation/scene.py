"""Surface and sky that the satellites observe: each land sub-cell in 8-day periods."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.earth.biomes import biome_of
from fluxprod.synthetic.earth.ecosystem import PERIOD
from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.history import composite_period
from fluxprod.synthetic.earth.land import Land
from fluxprod.synthetic.earth.weather import EarthWeather

# spread of constant differences between sub-cells in fAPAR, reflectance and temperature
GREEN_TEXTURE, BRIGHT_TEXTURE, HEAT_TEXTURE = 0.04, 0.012, 0.8  # [1], [1], [K]
RAINY = 0.5  # rain above which a day counts as cloudy [mm d-1]


@dataclass(frozen=True)
class Scene:
    """Surface and sky in one period; arrays of shape (sub-cell,).

    fAPAR, relative soil water, snow cover, share of cloudy days and canopy water [1]; air
    temperature [degC]; global and potential radiation [W m-2]. ``texture``, shape (3, sub-cell),
    holds constant deviations of each sub-cell in greenness [1], brightness [1] and temperature [K].
    """

    fapar: np.ndarray
    wetness: np.ndarray
    snow: np.ndarray
    cloudy: np.ndarray
    canopy: np.ndarray
    air: np.ndarray
    light: np.ndarray
    potential: np.ndarray
    texture: np.ndarray


def period_dates(first_year: int, last_year: int) -> pd.DatetimeIndex:
    """First day of each period: days 1, 9, ... 361 of every year."""
    days = daily_axis(first_year, last_year)
    return days[(days.day_of_year - 1) % PERIOD == 0]


def weather_by_period(weather: EarthWeather) -> dict[str, np.ndarray]:
    """Average temperature, radiation and cloudiness over 8-day periods, each (period, cell)."""
    start = np.flatnonzero(np.diff(composite_period(weather.time), prepend=-1))
    length = np.diff(np.append(start, len(weather.time)))[:, None]
    source = {
        "air": weather.TA,
        "light": weather.SW_IN,
        "potential": weather.SW_POT,
        "cloudy": weather.P > RAINY,
    }
    return {name: np.add.reduceat(field, start) / length for name, field in source.items()}


class Scenes:
    """Scenes of all periods, each made when it is asked for.

    Parameters
    ----------
    land : Land
        Land cells, patches and sub-cells.
    weather : EarthWeather
        Daily weather of the land cells.
    composite : dict of str to ndarray, shape (period, patch)
        ``fapar`` [1], ``wetness`` [1] and ``snow`` [mm].
    seed : int
        Seed of the world.
    """

    def __init__(
        self, land: Land, weather: EarthWeather, composite: dict[str, np.ndarray], seed: int
    ) -> None:
        self._patch, self._cell = land.sub_patch, land.patch_cell[land.sub_patch]
        self._composite, self._weather = composite, weather_by_period(weather)
        self._canopy = np.asarray(biome_of(land.patch_igbp[land.sub_patch]).wet_canopy)
        spread = np.array([[GREEN_TEXTURE], [BRIGHT_TEXTURE], [HEAT_TEXTURE]])
        drawn = random_stream(seed, "texture").standard_normal((3, len(self._patch)))
        self._texture = spread * np.clip(drawn, -3.0, 3.0)

    def __len__(self) -> int:
        """Return the number of periods."""
        return len(self._composite["fapar"])

    def __getitem__(self, period: int) -> Scene:
        """Scene of a period, counted from 0; the first and last are repeated beyond the ends."""
        period = min(max(period, 0), len(self) - 1)
        of_patch = {name: field[period, self._patch] for name, field in self._composite.items()}
        of_cell = {name: field[period, self._cell] for name, field in self._weather.items()}
        green = np.clip(of_patch["fapar"] * (1.0 + self._texture[0]), 0.0, 0.97)
        return Scene(
            fapar=green,
            wetness=of_patch["wetness"],
            snow=np.minimum(of_patch["snow"] / 20.0, 1.0),
            canopy=self._canopy,
            texture=self._texture,
            **of_cell,
        )

    def pair(self, first: int) -> Scene:
        """Average the scenes of two successive periods, 16 days in all."""
        one, two = self[first], self[first + 1]
        names = ("fapar", "wetness", "snow", "cloudy", "air", "light", "potential")
        middle = {name: (getattr(one, name) + getattr(two, name)) / 2.0 for name in names}
        return replace(one, **middle)
