"""Maps of numbered regions, as of the TransCom mask: each cell holds the number of its region."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.readers.files.global_field import opened

SUBNORMAL = np.finfo(np.float32).tiny  # a Fortran record marker that was read as a float
MOST = 1000  # regions; a field of anything else has more or odder values


def read_region_index(path: Path) -> xr.DataArray:
    """Read the one map of numbers in a file.

    Parameters
    ----------
    path : Path
        NetCDF with one variable over latitude and longitude, at cell centres or, as the TransCom
        mask, western edges; either orientation.

    Returns
    -------
    DataArray of int16, dims (lat, lon)
        Numbers as in the file, 0 where they are missing or, as in the first cell of the TransCom
        mask, subnormal; south to north and -180 to 180.

    Raises
    ------
    DataError
        If there is no such variable, or its values are no whole numbers of regions.
    """
    with opened(path) as dataset:
        names = [str(name) for name, field in dataset.data_vars.items() if is_index(field)]
        if len(names) != 1:
            raise DataError(path, "variable", names or list(dataset), "one over lat and lon")
        field = dataset[names[0]].transpose("lat", "lon")
        values = field.values.astype(float)
        coords = {axis: dataset[axis].values for axis in ("lat", "lon")}
    values = np.where(np.isnan(values) | (np.abs(values) < SUBNORMAL), 0.0, values)
    odd = values[(values != np.rint(values)) | (np.abs(values) > MOST)]
    if odd.size:
        raise DataError(path, names[0], f"values {np.unique(odd)[:5]}", "numbers of regions")
    index = xr.DataArray(values.astype(np.int16), dims=("lat", "lon"), coords=coords)
    return to_south_north(index.rename(names[0]))


def is_index(field: xr.DataArray) -> bool:
    """Whether a variable is a map, without layers or times."""
    return set(field.dims) == {"lat", "lon"} and {"lat", "lon"} <= set(field.coords)
