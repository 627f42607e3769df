"""The synthetic Earth as MODIS composites and the land cover map."""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.synthetic.earth.ecosystem import PERIODS_A_YEAR
from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.land import Land
from fluxprod.synthetic.earth.world import Earth
from fluxprod.synthetic.native import modis as native_modis
from fluxprod.synthetic.observation import satellite
from fluxprod.synthetic.observation.scene import Scenes, period_dates

# Codes of quality layers where there is no land; other layers are missing there.
OFF_LAND = {"qc_day": 0b11, "qc_night": 0b11}


def land_on_globe(land: Land, layers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Put layers of sub-cells on the whole grid, row 0 at 90 N."""
    globe = {}
    for name, values in layers.items():
        field = np.full(np.prod(land.subgrid.shape), OFF_LAND.get(name, np.nan), dtype=float)
        field[land.sub_flat] = values
        globe[name] = field.reshape(land.subgrid.shape)[::-1]
    return globe


def write_period(
    earth: Earth, scenes: Scenes, period: int, date: pd.Timestamp, folder: Path
) -> None:
    """Write the composites that begin with a period; reflectances are centred on its first day."""

    def seen(observe, scene):
        rng = random_stream(earth.seed, f"{observe.__name__} {period}")
        return land_on_globe(earth.land, observe(scene, rng))

    here = scenes[period]
    native_modis.write_mod11c2(folder, date, **seen(satellite.surface_temperature, here))
    native_modis.write_mcd15a2h(folder, date, **seen(satellite.absorbed_fraction, here))
    around = scenes.pair(period - 1)
    native_modis.write_mcd43c4(folder, date, **seen(satellite.reflectances, around))
    if period % PERIODS_A_YEAR % 2 == 0:
        ahead = scenes.pair(period)
        native_modis.write_mod13c1(folder, date, **seen(satellite.vegetation_indices, ahead))


def write_satellites(earth: Earth, folder: Path) -> None:
    """Write all MODIS files."""
    years = sorted(set(earth.weather.time.year))
    native_modis.write_mcd12c1(folder, years[0], earth.land.igbp[::-1])
    scenes = Scenes(earth.land, earth.weather, earth.composite, earth.seed)
    for period, date in enumerate(period_dates(years[0], years[-1])):
        write_period(earth, scenes, period, date, folder)
