"""Mask of the 18 regions: ``GCP_18regions_mask_0.5deg_corr.nc``, or a map of region numbers."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import to_south_north
from fluxprod.core.regions import REGIONS
from fluxprod.readers.files.folder import matching
from fluxprod.readers.files.global_field import checked_variable, opened_dataset
from fluxprod.readers.files.only_file import only_file
from fluxprod.readers.regions.numbered_map import is_map, read_region_index

PATTERN = "*mask*.nc"
VARIABLE = "MASK"


def has_region_mask(folder: Path) -> bool:
    """Whether a folder contains a mask, which takes precedence over countries."""
    return bool(matching(folder, PATTERN))


def read_region_mask(path: Path) -> xr.DataArray:
    """Read the mask, in the order of ``regions.REGIONS``.

    Parameters
    ----------
    path : Path
        The file, or a folder that contains one ``*mask*.nc``: either ``MASK`` with 18 layers of 0
        and 1, or one map of the numbers 1 to 18 and 0 elsewhere, of any resolution and either
        orientation.

    Returns
    -------
    DataArray, dims (region, lat, lon), int8
        1 inside the region, 0 outside [1]; south to north and -180 to 180.

    Raises
    ------
    DataError
        If there are not 18 regions, or layers have values other than 0 and 1 or overlap.
    """
    path = only_file(path, PATTERN, "region mask")
    with opened_dataset(path) as dataset:
        numbered = any(is_map(field) for field in dataset.data_vars.values())
    return _from_index(path) if numbered else _from_layers(path)


def _from_index(path: Path) -> xr.DataArray:
    """Layers of 0 and 1 from a map of the numbers 1 to 18."""
    index = read_region_index(path)
    numbers = np.unique(index)
    regions = numbers[numbers != 0]
    if not np.array_equal(regions, np.arange(1, len(REGIONS) + 1)):
        ends = f", numbers {regions[0]} to {regions[-1]}" if regions.size else ""
        found = f"{regions.size} regions{ends}"
        expected = f"1 to {len(REGIONS)}, those of Upton et al., Table A1"
        raise DataError(path, str(index.name), found, expected)
    layers: xr.DataArray = xr.concat([index == number for number in regions], "region")
    return layers.astype(np.int8).rename(VARIABLE)


def _from_layers(path: Path) -> xr.DataArray:
    """Layers of 0 and 1 as in the file."""
    with opened_dataset(path) as dataset:
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
    """The mask with its layers first, whatever their dimension is called."""
    dims = dataset[VARIABLE].dims if VARIABLE in dataset else ()
    layer = next((str(dim) for dim in dims if dim not in ("lat", "lon")), "region")
    mask = checked_variable(path, dataset, VARIABLE, (layer, "lat", "lon"))
    if mask.sizes[layer] != len(REGIONS):
        found = f"{mask.sizes[layer]} layers"
        raise DataError(path, VARIABLE, found, f"{len(REGIONS)}, one per region")
    return mask
