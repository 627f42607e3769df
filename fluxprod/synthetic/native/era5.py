"""ERA5 daily files as issued by the Climate Data Store since 2024, one per variable and year."""

from pathlib import Path
from typing import NamedTuple

import netCDF4
import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.synthetic.native.netcdf import add_axis, add_field, new_netcdf, round_to_step


class Era5Variable(NamedTuple):
    """Metadata of a variable in the archive, and the step to which its values are rounded."""

    request_name: str
    long_name: str
    units: str
    statistic: str
    grib_id: int
    grib_name: str
    grib_type: str
    step_type: str
    step: float


VARIABLES = {
    "t2m": Era5Variable(
        "2m_temperature", "2 metre temperature", "K", "mean", 167, "2t", "an", "instant", 2.0**-7
    ),
    "d2m": Era5Variable(
        "2m_dewpoint_temperature",
        "2 metre dewpoint temperature",
        "K",
        "mean",
        168,
        "2d",
        "an",
        "instant",
        2.0**-7,
    ),
    "ssrd": Era5Variable(
        "surface_solar_radiation_downwards",
        "Surface short-wave (solar) radiation downwards",
        "J m**-2",
        "sum",
        169,
        "ssrd",
        "fc",
        "accum",
        2.0**11,
    ),
    "tp": Era5Variable(
        "total_precipitation", "Total precipitation", "m", "sum", 228, "tp", "fc", "accum", 2.0**-17
    ),
}


def write_era5_year(folder: Path, variable: str, field: xr.DataArray, year: int) -> Path:
    """Write ``<request name>_stream-oper_daily-<mean|sum>_<year>.nc``.

    Parameters
    ----------
    folder : Path
        Folder for the file.
    variable : str
        ``t2m``, ``d2m`` [K], ``ssrd`` [J m-2 d-1] or ``tp`` [m d-1].
    field : DataArray, dims (time, lat, lon)
        Daily values, south to north; they may cover more than the year.
    year : int
        Year to write.

    Returns
    -------
    Path
        The file.
    """
    metadata = VARIABLES[variable]
    days = pd.DatetimeIndex(field.time.values)
    values = field.transpose("time", "lat", "lon").values[days.year == year, ::-1]
    lat, lon = field.lat.values[::-1], field.lon.values
    stamp = days[days.year == year].as_unit("s").asi8
    path = folder / f"{metadata.request_name}_stream-oper_daily-{metadata.statistic}_{year}.nc"
    with new_netcdf(path, **_file_attributes()) as dataset:
        _add_coordinates(dataset, stamp, lat, lon)
        out = add_field(
            dataset,
            variable,
            np.float32,
            ("valid_time", "latitude", "longitude"),
            fill_value=np.float32(np.nan),
            **_attributes(variable, metadata, lat, lon),
        )
        for day, field_of_day in enumerate(values):
            out[day] = round_to_step(field_of_day, metadata.step)
    return path


def _file_attributes() -> dict[str, object]:
    return {
        "GRIB_centre": "ecmf",
        "GRIB_centreDescription": "European Centre for Medium-Range Weather Forecasts",
        "GRIB_subCentre": np.int64(0),
        "Conventions": "CF-1.7",
        "institution": "European Centre for Medium-Range Weather Forecasts",
    }


def _add_coordinates(
    dataset: netCDF4.Dataset, stamp: np.ndarray, lat: np.ndarray, lon: np.ndarray
) -> None:
    number = dataset.createVariable("number", np.int64)
    number.setncatts(
        {
            "long_name": "ensemble member numerical id",
            "units": "1",
            "standard_name": "realization",
        }
    )
    number[...] = 0
    add_axis(
        dataset,
        "valid_time",
        stamp,
        long_name="time",
        standard_name="time",
        units="seconds since 1970-01-01",
        calendar="proleptic_gregorian",
    )
    north = {"units": "degrees_north", "standard_name": "latitude", "long_name": "latitude"}
    add_axis(dataset, "latitude", lat.astype(float), **north, stored_direction="decreasing")
    east = {"units": "degrees_east", "standard_name": "longitude", "long_name": "longitude"}
    add_axis(dataset, "longitude", lon.astype(float), **east)
    version = dataset.createVariable("expver", str, ("valid_time",))
    version[:] = np.array(["0001"] * len(stamp), dtype=object)


def _attributes(
    variable: str, metadata: Era5Variable, lat: np.ndarray, lon: np.ndarray
) -> dict[str, object]:
    return {
        "GRIB_paramId": np.int64(metadata.grib_id),
        "GRIB_dataType": metadata.grib_type,
        "GRIB_numberOfPoints": np.int64(len(lat) * len(lon)),
        "GRIB_typeOfLevel": "surface",
        "GRIB_stepType": metadata.step_type,
        "GRIB_gridType": "regular_ll",
        "GRIB_Nx": np.int64(len(lon)),
        "GRIB_Ny": np.int64(len(lat)),
        "GRIB_cfVarName": variable,
        "GRIB_iDirectionIncrementInDegrees": float(lon[1] - lon[0]),
        "GRIB_jDirectionIncrementInDegrees": float(lat[0] - lat[1]),
        "GRIB_latitudeOfFirstGridPointInDegrees": float(lat[0]),
        "GRIB_latitudeOfLastGridPointInDegrees": float(lat[-1]),
        "GRIB_longitudeOfFirstGridPointInDegrees": float(lon[0]),
        "GRIB_longitudeOfLastGridPointInDegrees": float(lon[-1]),
        "GRIB_missingValue": 3.4028234663852886e38,
        "GRIB_name": metadata.long_name,
        "GRIB_shortName": metadata.grib_name,
        "GRIB_units": metadata.units,
        "long_name": metadata.long_name,
        "units": metadata.units,
        "standard_name": "unknown",
        "coordinates": "number valid_time latitude longitude expver",
    }
