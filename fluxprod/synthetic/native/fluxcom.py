"""FLUXCOM RS+METEO net ecosystem exchange in yearly files."""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.native.netcdf import add_axis, add_field, new_netcdf, stepped

FILL = np.float32(-9999.0)
STEP = 2.0**-12  # g m-2 d-1
# Day 0 of "days since 1582-10-15", where the Gregorian calendar starts; pandas cannot hold it in ns
EPOCH = pd.Timestamp(1582, 10, 15)


def write_fluxcom_year(folder: Path, year: int, nee: np.ndarray) -> Path:
    """Write ``NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.<n_lon>_<n_lat>.daily.<year>.nc``.

    Parameters
    ----------
    folder : Path
        Where the file goes.
    year : int
        Of all days.
    nee : ndarray, shape (day, lat, lon), south to north, -180 to 180
        Net ecosystem exchange [g m-2 d-1]; NaN where there is no land.
    """
    days = daily_axis(year, year)
    if len(nee) != len(days):
        raise ValueError(f"{len(nee)} days of NEE for {year}")
    n_lat, n_lon = nee.shape[1:]
    grid = Grid(180.0 / n_lat)
    path = folder / f"NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.{n_lon}_{n_lat}.daily.{year}.nc"
    with new_netcdf(path, title="FLUXCOM RS+METEO NEE") as dataset:
        since = np.asarray((days - EPOCH).days, dtype=np.float64)
        add_axis(dataset, "time", since, units="days since 1582-10-15 00:00", calendar="gregorian")
        add_axis(dataset, "lat", grid.lat[::-1].copy(), units="degrees_north")
        add_axis(dataset, "lon", grid.lon, units="degrees_east")
        dims = ("time", "lat", "lon")
        facts = {"units": "gC m-2 d-1", "long_name": "Net Ecosystem Exchange"}
        out = add_field(
            dataset, "NEE", np.float32, dims, fill_value=FILL, missing_value=FILL, **facts
        )
        for day, field in enumerate(nee):
            rounded = stepped(field, STEP)[::-1]
            out[day] = np.where(np.isnan(rounded), FILL, rounded)
    return path
