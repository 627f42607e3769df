"""Gridding: from land cells to maps."""

import numpy as np
import xarray as xr


def on_grid(values: xr.DataArray, lat: xr.DataArray, lon: xr.DataArray) -> xr.DataArray:
    """Put the land cells of a field on the map; all other cells are missing.

    Parameters
    ----------
    values : DataArray, dims (cell, ...)
        Field whose coordinate ``cell`` is the flat index in the grid; row 0 is the southernmost.
    lat, lon : DataArray
        Cell centres of the grid [degree_north], [degree_east].

    Returns
    -------
    DataArray of float32, dims (..., lat, lon)
        Field on the map, in the unit of ``values``; lazy if ``values`` are.
    """
    cell, shape = values.cell.values, (lat.size, lon.size)

    def scatter(block: np.ndarray) -> np.ndarray:
        field = np.full((*block.shape[:-1], lat.size * lon.size), np.nan, np.float32)
        field[..., cell] = block
        return field.reshape(*block.shape[:-1], *shape)

    field: xr.DataArray = xr.apply_ufunc(
        scatter,
        values,
        input_core_dims=[["cell"]],
        output_core_dims=[["lat", "lon"]],
        dask="parallelized",
        output_dtypes=[np.float32],
        dask_gufunc_kwargs={"output_sizes": dict(zip(("lat", "lon"), shape))},
    )
    return field.assign_coords(lat=lat, lon=lon)
