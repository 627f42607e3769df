"""The 18-region mask (``GCP_18regions_mask_0.5deg_corr.nc`` and files of that layout)."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.grid import to_south_north
from fluxprod.readers.global_field import checked, opened
from fluxprod.readers.raw_file import only_file
from fluxprod.regions import REGIONS

PATTERN = "*mask*.nc"
VARIABLE = "MASK"


def read_region_mask(path: Path) -> xr.DataArray:
    """Read the mask, in the order of ``regions.REGIONS``.

    Parameters
    ----------
    path : Path
        The file, or a folder with one ``*mask*.nc``. Either orientation.

    Returns
    -------
    DataArray of int8, dims (region, lat, lon)
        1 inside the region, 0 outside; south to north and -180 to 180.

    Raises
    ------
    DataError
        If there are not 18 layers of 0 and 1 that nowhere overlap.
    """
    path = only_file(path, PATTERN, "region mask")
    with opened(path) as dataset:
        mask = _regions_first(path, dataset)
        values = mask.values
        coords = {"lat": mask.lat.values, "lon": mask.lon.values}
    odd = np.setdiff1d(values, (0, 1))
    if odd.size:
        raise DataError(path, VARIABLE, f"values {odd[:5]}", "0 outside and 1 inside")
    overlap = int((values.sum(axis=0) > 1).sum())
    if overlap:
        raise DataError(path, VARIABLE, f"{overlap} cells in two regions", "each cell in one")
    field = xr.DataArray(values.astype(np.int8), dims=("region", "lat", "lon"), coords=coords)
    return to_south_north(field.rename(VARIABLE))


def _regions_first(path: Path, dataset: xr.Dataset) -> xr.DataArray:
    """Whatever the first dimension is called."""
    dims = dataset[VARIABLE].dims if VARIABLE in dataset else ()
    layer = next((str(dim) for dim in dims if dim not in ("lat", "lon")), "region")
    mask = checked(path, dataset, VARIABLE, (layer, "lat", "lon"))
    if mask.sizes[layer] != len(REGIONS):
        found = f"{mask.sizes[layer]} layers"
        raise DataError(path, VARIABLE, found, f"{len(REGIONS)}, one a region")
    return mask
