"""CAMS GFAS fire emissions, packed like the legacy daily files."""

import math
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.native.netcdf import add_axis, add_field, new_netcdf

EPOCH = pd.Timestamp("1900-01-01")
RAW_LOW, RAW_STEPS = -32766, 65_532  # "no fire" is the lowest value; -32767 is the fill value
NO_FIRE = 0.25  # decoded value of "no fire" in steps, as legacy files have no exact zero
SMALLEST_STEP = 2.0**-50  # used in a year without fires [kg m-2 s-1]


def write_gfas_year(folder: Path, year: int, co2fire: np.ndarray) -> Path:
    """Write ``cams_gfas_co2fire_<year>.nc``.

    Parameters
    ----------
    folder : Path
        Folder for the file.
    year : int
        Year of the data.
    co2fire : ndarray, shape (day, lat, lon)
        Emission of CO2 on all days of the year, south to north, -180 to 180 [kg m-2 s-1].

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If the number of days is not that of the year.
    """
    days = daily_axis(year, year)
    if len(co2fire) != len(days):
        raise ValueError(f"{len(co2fire)} days of fire for {year}, expected {len(days)}")
    grid = Grid(180.0 / co2fire.shape[1])
    step = _step(float(np.max(co2fire)))
    path = folder / f"cams_gfas_co2fire_{year}.nc"
    with new_netcdf(path, Conventions="CF-1.6") as dataset:
        hours = np.asarray((days - EPOCH).days * 24, dtype=np.int32)
        clock = {"units": "hours since 1900-01-01 00:00:00.0", "calendar": "gregorian"}
        add_axis(dataset, "time", hours, long_name="time", **clock)
        lat, lon = grid.lat[::-1].astype(np.float32), (grid.lon + 180.0).astype(np.float32)
        add_axis(dataset, "latitude", lat, long_name="latitude", units="degrees_north")
        add_axis(dataset, "longitude", lon, long_name="longitude", units="degrees_east")
        out = add_field(
            dataset,
            "co2fire",
            np.int16,
            ("time", "latitude", "longitude"),
            fill_value=np.int16(-32767),
            missing_value=np.int16(-32767),
            scale_factor=step,
            add_offset=(NO_FIRE - RAW_LOW) * step,
            units="kg m**-2 s**-1",
            long_name="Wildfire flux of Carbon Dioxide",
        )
        for day, field in enumerate(co2fire):
            # from -180..180 to 0..360, so that the eastern half comes first
            turned = np.roll(field, -grid.shape[1] // 2, axis=1)[::-1]
            raw = np.rint(np.asarray(turned, np.float64) / step - NO_FIRE) + RAW_LOW
            out[day] = raw.astype(np.int16)
    return path


def _step(largest: float) -> float:
    """Packing step, a power of two so that the last bit of ``largest`` cannot change it."""
    if not largest > 0:
        return SMALLEST_STEP
    return math.ldexp(1.0, math.frexp(largest / RAW_STEPS)[1])
