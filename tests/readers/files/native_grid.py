"""Tiny NetCDF files in the layout of providers, which tests can corrupt."""

from pathlib import Path

import netCDF4
import numpy as np

from fluxprod.core.grid import Grid

GRID = Grid(45.0)  # 4 rows and 8 columns


def numbered(*leading: int) -> np.ndarray:
    """Each cell holds its flat index, south to north, so that any flip of the map is detected."""
    field = np.arange(32.0).reshape(4, 8)
    return np.broadcast_to(field, (*leading, 4, 8)).copy()


def write_cube(
    path: Path,
    name: str,
    values: np.ndarray,
    *,
    time: np.ndarray,
    time_units: str,
    units: str | None,
    names: tuple[str, str, str] = ("time", "latitude", "longitude"),
    lat: np.ndarray = GRID.lat,
    lon: np.ndarray = GRID.lon,
    **packing: float,
) -> None:
    """Write a cube of raw values; ``packing`` becomes attributes."""
    with netCDF4.Dataset(path, "w") as dataset:
        for dim, centre in zip(names, (time, lat, lon), strict=True):
            dataset.createDimension(dim, len(centre))
            dataset.createVariable(dim, "f8", (dim,))[:] = centre
        dataset[names[0]].units = time_units
        fill = packing.pop("_FillValue", None)
        field = dataset.createVariable(name, values.dtype, names, fill_value=fill)
        field.set_auto_maskandscale(False)
        field.setncatts(packing if units is None else {"units": units, **packing})
        field[:] = values
