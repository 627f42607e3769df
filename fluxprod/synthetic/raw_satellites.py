"""MODIS composites and the land cover map of the synthetic Earth."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.synthetic.earth.ecosystem import PERIODS_A_YEAR
from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.land import Land
from fluxprod.synthetic.earth.world import Earth
from fluxprod.synthetic.native import modis as native_modis
from fluxprod.synthetic.observation import satellite
from fluxprod.synthetic.observation.scene import Scene, Scenes, period_dates

# Codes of the quality layers outside land; all other layers are missing there.
OFF_LAND = {"qc_day": 0b11, "qc_night": 0b11}


def land_on_globe(land: Land, layers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Put layers of land sub-cells on the global grid, row 0 at 90 N."""
    globe = {}
    for name, values in layers.items():
        field = np.full(np.prod(land.subgrid.shape), OFF_LAND.get(name, np.nan), dtype=float)
        field[land.sub_flat] = values
        globe[name] = field.reshape(land.subgrid.shape)[::-1]
    return globe


def write_period(
    earth: Earth, scenes: Scenes, period: int, date: pd.Timestamp, folder: Path
) -> None:
    """Write the composites that start with a period; reflectances are centred on its first day.

    Vegetation indices, which cover 16 days, are written for every other period.

    Parameters
    ----------
    earth : Earth
        Synthetic Earth.
    scenes : Scenes
        What the satellites observe in each period.
    period : int
        Number of the period, from 0.
    date : Timestamp
        Its first day.
    folder : Path
        Folder for the files.
    """

    def observed(
        observe: Callable[[Scene, np.random.Generator], dict[str, np.ndarray]], scene: Scene
    ) -> dict[str, np.ndarray]:
        # the name of the function is part of the random stream: renaming it changes the files
        rng = random_stream(earth.seed, f"{observe.__name__} {period}")
        return land_on_globe(earth.land, observe(scene, rng))

    current = scenes[period]
    native_modis.write_mod11c2(folder, date, **observed(satellite.surface_temperature, current))
    native_modis.write_mcd15a2h(folder, date, **observed(satellite.absorbed_fraction, current))
    centred = scenes.pair(period - 1)
    native_modis.write_mcd43c4(folder, date, **observed(satellite.reflectances, centred))
    if period % PERIODS_A_YEAR % 2 == 0:
        following = scenes.pair(period)
        native_modis.write_mod13c1(
            folder, date, **observed(satellite.vegetation_indices, following)
        )


def write_satellites(earth: Earth, folder: Path) -> None:
    """Write the land cover map of the first year and the composites of all periods."""
    years = sorted(set(earth.weather.time.year))
    native_modis.write_mcd12c1(folder, years[0], earth.land.igbp[::-1])
    scenes = Scenes(earth.land, earth.weather, earth.composite, earth.seed)
    for period, date in enumerate(period_dates(years[0], years[-1])):
        write_period(earth, scenes, period, date, folder)
