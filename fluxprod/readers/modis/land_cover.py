"""Land cover from MCD12C1: the majority IGBP class, from HDF4 or a GeoTIFF extracted from it.

Class 0 is water, 1 to 16 are as in MCD12C1, and 255 is missing. MCD12Q1, where water is 17, is
refused. Friedl and Sulla-Menashe, doi 10.5067/MODIS/MCD12C1.061.
"""

import struct
import zlib
from pathlib import Path

import numpy as np
import tifffile
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.files.folder import raw_files
from fluxprod.readers.files.netcdf import fault
from fluxprod.readers.files.web_page import web_page_fault
from fluxprod.readers.modis.grid import on_globe, open_grid, read_sds

VARIABLE_MAP = {"igbp": "Majority_Land_Cover_Type_1"}
MISSING = 255
MAX_CLASS = 16
TIFF_SUFFIXES = {".tif", ".tiff"}
TIEPOINT, PIXEL_SCALE = 33922, 33550  # numbers of the GeoTIFF tags
BROKEN_TIFF = (
    OSError, ValueError, RuntimeError, LookupError, struct.error, zlib.error,
    tifffile.TiffFileError,
)  # fmt: skip
NORTH = 90.0  # latitude of the first cell's corner [degree_north]
WESTS = (-180.0, 0.0)  # its longitude, of which both occur [degree_east]


def find_land_cover(folder: Path) -> Path:
    """Find the MCD12C1 file in a folder and its subfolders.

    Raises
    ------
    DataError
        If there is none or more than one.
    """
    found = [
        path
        for path in raw_files(folder)
        if path.name.startswith("MCD12C1.") and path.suffix.lower() in TIFF_SUFFIXES | {".hdf"}
    ]
    if len(found) != 1:
        names = [path.name for path in found] or "none"
        raise DataError(folder, "MCD12C1", names, "one file MCD12C1.AYYYY001.*.hdf or .tif")
    return found[0]


def read_land_cover(path: Path) -> xr.DataArray:
    """Read the majority class of every cell.

    Parameters
    ----------
    path : Path
        HDF4 or GeoTIFF file of MCD12C1.

    Returns
    -------
    DataArray ``igbp``, dims (lat, lon), uint8
        IGBP class [1], south to north and -180 to 180.

    Raises
    ------
    DataError
        If the file is not a global grid of IGBP classes.
    """
    if path.suffix.lower() in TIFF_SUFFIXES:
        classes = _read_tiff(path)
    else:
        with open_grid(path) as grid:
            classes, _ = read_sds(grid, VARIABLE_MAP["igbp"])
    largest = classes[classes != MISSING].max(initial=0)
    if classes.dtype != np.uint8 or largest > MAX_CLASS:
        raise DataError(
            path, VARIABLE_MAP["igbp"], f"{classes.dtype} up to {largest}", "uint8 up to 16, or 255"
        )
    igbp: xr.DataArray = on_globe({"igbp": classes}).igbp
    return igbp


def _read_tiff(path: Path) -> np.ndarray:
    """Classes, shape (row, column), from south to north and from 180 W."""
    try:
        with tifffile.TiffFile(path) as file:
            image = file.pages.first
            classes = image.asarray()
            corner, step = (image.tags.valueof(tag, (np.nan,)) for tag in (TIEPOINT, PIXEL_SCALE))
    except BROKEN_TIFF as error:
        expected = "a GeoTIFF file"
        raise (
            web_page_fault(path, expected)
            or DataError(path, "file", fault(error), expected, "get it again")
        ) from error
    if classes.ndim != 2 or classes.shape[1] != 2 * classes.shape[0]:
        raise DataError(path, "image", f"shape {classes.shape}", "a global grid (n, 2 n)")
    west = _west_edge(path, corner, step, 180.0 / classes.shape[0])
    if west == 0.0:
        classes = np.roll(classes, classes.shape[0], axis=1)
    return classes[::-1]


def _west_edge(
    path: Path, corner: tuple[float, ...], step: tuple[float, ...], expected_step: float
) -> float:
    """Longitude of the western edge of a GeoTIFF.

    Raises
    ------
    DataError
        If its tags do not describe the whole globe with north first.
    """
    west, north = corner[3:5] if len(corner) >= 5 else (np.nan, np.nan)
    if west not in WESTS or north != NORTH or not abs(step[0] - expected_step) <= 1e-9:
        raise DataError(
            path,
            "GeoTIFF tags",
            f"corner {(west, north)}, step {step[:1]}",
            f"(-180.0 or 0.0, {NORTH}), {expected_step:g} degree",
        )
    return west
