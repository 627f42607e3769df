"""Areas that AppEEARS cut out: NetCDF of one product, all composites in one file.

Files are called ``MOD13Q1.061_250m_aid0001.nc``. Names that would start with a digit start with an
underscore (``_250m_16_days_NDVI``), the time axis counts in a ``julian`` calendar whose labels are
those of the product, and scale and fill follow CF: the values may be packed or not. The pixels, of
any size, are averaged by area onto the cells of a global grid; cells outside the area are missing.

Reference: AppEEARS documentation, https://appeears.earthdatacloud.nasa.gov/help
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import netCDF4
import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid
from fluxprod.readers.files.netcdf import BROKEN, check_declared, unreadable
from fluxprod.readers.modis.layers import (
    FPAR,
    LAYERS,
    TEMPERATURES,
    Screened,
    good_fpar,
    good_index,
    good_lst,
)
from fluxprod.readers.modis.local_area import LocalArea
from fluxprod.readers.modis.pixels import Pixels

FILE_NAME = re.compile(r"^(?P<product>[A-Z0-9]+)\.\d{3}_\w+_aid\d{4}\.nc$")
FAR_TOO_LARGE = 3.0  # times the largest documented value; 255 of fAPAR, scaled, is 2.55 times


class Named(NamedTuple):
    """A layer as AppEEARS calls it: endings of its name and of its quality layer's."""

    ending: str
    screened: Screened
    quality: str
    good: Callable[[np.ndarray], np.ndarray]


def good_band(quality: np.ndarray) -> np.ndarray:
    """Mandatory quality of an MCD43A4 band: 0 full inversion, 1 magnitude inversion, 255 none."""
    return quality <= 1


def _indices() -> dict[str, Named]:
    return {
        name: Named(f"16_days_{name}", screened, "16_days_pixel_reliability", good_index)
        for name, screened in LAYERS["MOD13C1"].items()
    }


def _temperatures() -> dict[str, Named]:
    return {
        name: Named(f"LST_{time}_1km", TEMPERATURES[name], f"QC_{time}", good_lst)
        for name, time in (("LST_DAY", "Day"), ("LST_NIGHT", "Night"))
    }


def _bands() -> dict[str, Named]:
    quality = "BRDF_Albedo_Band_Mandatory_Quality_"
    return {
        name: Named(screened.layer.name, screened, f"{quality}{name.title()}", good_band)
        for name, screened in LAYERS["MCD43C4"].items()
    }


FPARS = {"FPAR": Named("Fpar_500m", FPAR, "FparLai_QC", good_fpar)}
NAMES = {
    **dict.fromkeys(("MOD13Q1", "MOD13A1", "MOD13A2"), _indices()),
    "MOD11A2": _temperatures(),
    "MCD43A4": _bands(),
    **dict.fromkeys(("MCD15A2H", "MOD15A2H"), FPARS),
}


def product_of(path: Path) -> str | None:
    """Product in the name of a file of AppEEARS, or None."""
    match = FILE_NAME.match(path.name)
    return None if match is None else match["product"]


def read_dates(path: Path) -> pd.DatetimeIndex:
    """Dates of the composites of a file, as their labels read.

    Raises
    ------
    DataError
        If it is no NetCDF or has no time axis.
    """
    with _open(path) as file:
        time = _variable(path, file, "time")
        calendar = getattr(time, "calendar", "standard")
        labels = np.asarray(netCDF4.num2date(time[:], time.units, calendar=calendar), object)
        return pd.DatetimeIndex(
            [pd.Timestamp(label.year, label.month, label.day) for label in labels]
        )


def read_area(path: Path, step: int, pixels: Pixels) -> dict[str, np.ndarray]:
    """Layers of a composite, averaged by area onto the cells of a global grid.

    Parameters
    ----------
    path : Path
    step : int
        Position of the composite on the time axis.
    pixels : Pixels
        Cells that are wanted.

    Returns
    -------
    dict of ndarray of float32, shape (pixel,)
        By our names; NaN where no good value lies in a cell.

    Raises
    ------
    DataError
        If the file is broken, lacks a layer or has values that are not in its unit.
    """
    fields = {}
    with _open(path) as file:
        lat, lon = (np.asarray(_variable(path, file, name)[:], float) for name in ("lat", "lon"))
        area = LocalArea(lat, lon, Grid(180.0 / pixels.shape[0]))
        for name, named in NAMES[product_of(path) or ""].items():
            values = _physical(path, _variable(path, file, named.ending), step, named.screened)
            quality = _variable(path, file, named.quality)
            values[~named.good(_raw(path, quality, step))] = np.nan
            fields[name] = area.mean(values).ravel()[pixels.flat].astype(np.float32)
    return fields


@contextmanager
def _open(path: Path) -> Iterator[netCDF4.Dataset]:
    try:
        with netCDF4.Dataset(path) as file:
            file.set_auto_maskandscale(False)
            sizes = (each.size * np.dtype(each.dtype).itemsize for each in file.variables.values())
            check_declared(path, sum(sizes))
            yield file
    except (*BROKEN, AttributeError) as error:
        raise unreadable(path, error) from error


def _variable(path: Path, file: netCDF4.Dataset, ending: str) -> netCDF4.Variable:
    """The variable of a name, but for what stands before it: an underscore and a resolution."""
    found = [n for n in file.variables if n == ending or re.fullmatch(rf"_\w+_{ending}", n)]
    if len(found) != 1:
        raise DataError(path, ending, found or sorted(file.variables), "one variable of that name")
    return file[found[0]]


def _raw(path: Path, variable: netCDF4.Variable, step: int) -> np.ndarray:
    if variable.dimensions != ("time", "lat", "lon"):
        raise DataError(path, variable.name, variable.dimensions, "time, lat, lon")
    return np.asarray(variable[step])


def _physical(path: Path, variable: netCDF4.Variable, step: int, screened: Screened) -> np.ndarray:
    """Values by the CF attributes, NaN where they are missing or not valid by the product."""
    raw, layer = _raw(path, variable, step), screened.layer
    values = raw * getattr(variable, "scale_factor", 1.0) + getattr(variable, "add_offset", 0.0)
    values = values.astype(float)
    values[raw == getattr(variable, "_FillValue", layer.fill)] = np.nan
    low, high = (layer.scale * (limit + slack) for limit, slack in zip(layer.valid, (-0.5, 0.5)))
    largest = np.nanmax(values, initial=0.0)
    if largest > FAR_TOO_LARGE * high:
        raise DataError(path, variable.name, f"values to {largest:g}", f"at most {high:g}")
    return np.where((values >= low) & (values <= high), values, np.nan)
