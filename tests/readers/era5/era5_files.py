"""Small global ERA5 files as the Climate Data Store lays them out."""

import numpy as np
import pandas as pd
import xarray as xr

LAT = np.array([90.0, 45.0, 0.0, -45.0, -90.0])  # rows at the poles are half cells
LON = np.arange(0.0, 360.0, 45.0)
NATIVE = {"TA": ("t2m", "K"), "TD": ("d2m", "K"), "SW_IN": ("ssrd", "J m**-2"), "P": ("tp", "m")}


def weather(variable, first, last, freq="h", seed=0):
    """Random values in the file's unit at all stamps, (time, lat, lon), float32."""
    stamps = pd.date_range(first, last, freq=freq, unit="s")
    random = np.random.default_rng([seed, len(variable)])
    shape = (len(stamps), len(LAT), len(LON))
    per_step = 1.0 if freq == "h" else 24.0
    values = {
        "TA": lambda: 280.0 + 10.0 * random.normal(size=shape),
        "TD": lambda: 268.0 + 5.0 * random.normal(size=shape),
        "SW_IN": lambda: 3600.0 * per_step * random.uniform(0.0, 400.0, shape),
        "P": lambda: per_step * random.gamma(0.5, 1e-4, shape),
    }[variable]()
    dims = ("time", "latitude", "longitude")
    coords = {"time": stamps, "latitude": LAT, "longitude": LON}
    name, unit = NATIVE[variable]
    values = values.astype(np.float32)
    return xr.DataArray(values, coords, dims, name=name, attrs={"units": unit})


def write_new(path, *fields, chunks=None, **encoding):
    """New layout: valid_time, scalar number, expver as text along time."""
    dataset = xr.merge(fields, combine_attrs="drop_conflicts").rename(time="valid_time")
    stamps = dataset.sizes["valid_time"]
    dataset = dataset.assign_coords(
        number=0, expver=("valid_time", np.array(["0001"] * (stamps - 1) + ["0005"]))
    )
    packing = {
        str(field.name): {"zlib": True, "complevel": 1, **encoding}
        | ({"chunksizes": chunks} if chunks else {})
        for field in fields
    }
    dataset.to_netcdf(path, engine="netcdf4", encoding=packing)
    return path


def write_old(path, *fields, **encoding):
    """Old layout: packed int16 of the classic format, hours since 1900."""
    axis = {"time": {"units": "hours since 1900-01-01 00:00:00.0", "dtype": "i4"}}
    packing = {str(field.name): _packed(field) | encoding for field in fields}
    dataset = xr.merge(fields, combine_attrs="drop_conflicts")
    dataset.to_netcdf(path, format="NETCDF3_64BIT", engine="netcdf4", encoding={**packing, **axis})
    return path


def _packed(field):
    """As grib_to_netcdf packs: the whole range of 16 bits."""
    low, high = float(field.min()), float(field.max())
    scale = max((high - low) / 65532, 1e-12)
    return {
        "dtype": "i2", "scale_factor": scale, "add_offset": (low + high) / 2, "_FillValue": -32767,
        "missing_value": -32767,
    }  # fmt: skip
