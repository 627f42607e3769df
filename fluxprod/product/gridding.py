"""From land cells to maps."""

import numpy as np
import xarray as xr


def on_grid(values: xr.DataArray, lat: xr.DataArray, lon: xr.DataArray) -> xr.DataArray:
    """Put the land cells of a series on the map; everything else is missing.

    Parameters
    ----------
    values : DataArray, dims (cell, time)
        ``cell`` is the flat index in the grid, row 0 southernmost.
    lat, lon : DataArray
        The grid [degree_north], [degree_east].

    Returns
    -------
    DataArray of float32, dims (time, lat, lon), in the unit of ``values``
    """
    values = values.transpose("time", "cell")
    field = np.full((values.sizes["time"], lat.size * lon.size), np.nan, np.float32)
    field[:, values.cell.values] = values.values
    return xr.DataArray(
        field.reshape(-1, lat.size, lon.size),
        dims=("time", "lat", "lon"),
        coords={"time": values.time, "lat": lat, "lon": lon},
    )
