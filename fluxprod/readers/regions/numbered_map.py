"""Maps of region numbers, such as the TransCom mask."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.readers.files.global_field import opened_dataset

SUBNORMAL = np.finfo(np.float32).tiny  # below it: a Fortran record marker read as a float
MOST = 1000  # regions; other fields have larger values or values that are not integers


def read_region_index(path: Path) -> xr.DataArray:
    """Read the only map of region numbers in a file.

    Parameters
    ----------
    path : Path
        NetCDF file with one variable over latitude and longitude, whose coordinates are cell
        centres or, as in the TransCom mask, western edges; either orientation.

    Returns
    -------
    DataArray, dims (lat, lon), int16
        Numbers as in the file, 0 where they are missing or subnormal (as in the first cell of the
        TransCom mask); south to north and -180 to 180.

    Raises
    ------
    DataError
        If there is not exactly one such variable, or its values are not region numbers.
    """
    with opened_dataset(path) as dataset:
        names = [str(name) for name, field in dataset.data_vars.items() if is_map(field)]
        if len(names) != 1:
            raise DataError(
                path, "variable", names or list(dataset), "one variable over lat and lon"
            )
        field = dataset[names[0]].transpose("lat", "lon")
        values = field.values.astype(float)
        coords = {axis: dataset[axis].values for axis in ("lat", "lon")}
    values = np.where(np.isnan(values) | (np.abs(values) < SUBNORMAL), 0.0, values)
    odd = values[(values != np.rint(values)) | (np.abs(values) > MOST)]
    if odd.size:
        raise DataError(path, names[0], f"values {np.unique(odd)[:5]}", "numbers of regions")
    index = xr.DataArray(values.astype(np.int16), dims=("lat", "lon"), coords=coords)
    return to_south_north(index.rename(names[0]))


def is_map(field: xr.DataArray) -> bool:
    """Whether a variable is a single map, without layers or time steps."""
    return set(field.dims) == {"lat", "lon"} and {"lat", "lon"} <= set(field.coords)
