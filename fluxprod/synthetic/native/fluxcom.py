"""Yearly files of the FLUXCOM RS+METEO net ecosystem exchange."""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.native.netcdf import add_axis, add_field, new_netcdf, round_to_step

FILL = np.float32(-9999.0)
STEP = 2.0**-12  # g m-2 d-1
# Day 0 of "days since 1582-10-15", start of the Gregorian calendar; too early for pandas in ns
EPOCH = pd.Timestamp(1582, 10, 15)


def write_fluxcom_year(folder: Path, year: int, nee: np.ndarray) -> Path:
    """Write ``NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.<n_lon>_<n_lat>.daily.<year>.nc``.

    Parameters
    ----------
    folder : Path
        Folder for the file.
    year : int
        Year of the data.
    nee : ndarray, shape (day, lat, lon)
        Net ecosystem exchange on all days of the year, south to north, -180 to 180; NaN outside
        land [g m-2 d-1].

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
    if len(nee) != len(days):
        raise ValueError(f"{len(nee)} days of NEE for {year}, expected {len(days)}")
    n_lat, n_lon = nee.shape[1:]
    grid = Grid(180.0 / n_lat)
    path = folder / f"NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.{n_lon}_{n_lat}.daily.{year}.nc"
    with new_netcdf(path, title="FLUXCOM RS+METEO NEE") as dataset:
        since = np.asarray((days - EPOCH).days, dtype=np.float64)
        add_axis(dataset, "time", since, units="days since 1582-10-15 00:00", calendar="gregorian")
        add_axis(dataset, "lat", grid.lat[::-1].copy(), units="degrees_north")
        add_axis(dataset, "lon", grid.lon, units="degrees_east")
        dims = ("time", "lat", "lon")
        attributes = {"units": "gC m-2 d-1", "long_name": "Net Ecosystem Exchange"}
        out = add_field(
            dataset, "NEE", np.float32, dims, fill_value=FILL, missing_value=FILL, **attributes
        )
        for day, field in enumerate(nee):
            rounded = round_to_step(field, STEP)[::-1]
            out[day] = np.where(np.isnan(rounded), FILL, rounded)
    return path
