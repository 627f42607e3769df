"""Areas extracted by AppEEARS: NetCDF files of one product with all its composites.

Files are named like ``MOD13Q1.061_250m_aid0001.nc``. Variable names that would start with a digit
have an underscore in front (``_250m_16_days_NDVI``). The time axis has a ``julian`` calendar, but
its dates as written are those of the product. Scale and fill value follow CF, and values may be
packed or not. Pixels, of any size, are averaged by area onto the cells of a global grid; cells
outside the area are missing.

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
    ScreenedLayer,
    good_fpar,
    good_index,
    good_lst,
)
from fluxprod.readers.modis.local_area import LocalArea
from fluxprod.readers.modis.pixels import Pixels

FILE_NAME = re.compile(r"^(?P<product>[A-Z0-9]+)\.\d{3}_\w+_aid\d{4}\.(?i:nc)$")
FAR_TOO_LARGE = 3.0  # times the largest valid value; the code 255 of fAPAR, scaled, is 2.55 times


class AreaLayer(NamedTuple):
    """A layer in files of AppEEARS: the endings of its name and of that of its quality layer."""

    ending: str
    screened: ScreenedLayer
    quality: str
    good: Callable[[np.ndarray], np.ndarray]


def _good_band(quality: np.ndarray) -> np.ndarray:
    """Mandatory quality of an MCD43A4 band: 0 full inversion, 1 magnitude inversion, 255 none."""
    good: np.ndarray = quality <= 1
    return good


def _indices() -> dict[str, AreaLayer]:
    return {
        name: AreaLayer(f"16_days_{name}", screened, "16_days_pixel_reliability", good_index)
        for name, screened in LAYERS["MOD13C1"].items()
    }


def _temperatures() -> dict[str, AreaLayer]:
    return {
        name: AreaLayer(f"LST_{time}_1km", TEMPERATURES[name], f"QC_{time}", good_lst)
        for name, time in (("LST_DAY", "Day"), ("LST_NIGHT", "Night"))
    }


def _bands() -> dict[str, AreaLayer]:
    quality = "BRDF_Albedo_Band_Mandatory_Quality_"
    return {
        name: AreaLayer(screened.layer.name, screened, f"{quality}{name.title()}", _good_band)
        for name, screened in LAYERS["MCD43C4"].items()
    }


FPARS = {"FPAR": AreaLayer("Fpar_500m", FPAR, "FparLai_QC", good_fpar)}
NAMES = {
    **dict.fromkeys(("MOD13Q1", "MOD13A1", "MOD13A2"), _indices()),
    "MOD11A2": _temperatures(),
    "MCD43A4": _bands(),
    **dict.fromkeys(("MCD15A2H", "MOD15A2H"), FPARS),
}


def product_of(path: Path) -> str | None:
    """Product in the name of an AppEEARS file, or None if the name is not of that form."""
    match = FILE_NAME.match(path.name)
    return None if match is None else match["product"]


def read_dates(path: Path) -> pd.DatetimeIndex:
    """Read the dates of the composites in a file, as written.

    Raises
    ------
    DataError
        If the file is not NetCDF or has no time axis.
    """
    with _open(path) as file:
        time = _variable(path, file, "time")
        calendar = getattr(time, "calendar", "standard")
        labels = np.asarray(netCDF4.num2date(time[:], time.units, calendar=calendar), object)
        return pd.DatetimeIndex(
            [pd.Timestamp(label.year, label.month, label.day) for label in labels]
        )


def read_area(path: Path, step: int, pixels: Pixels) -> dict[str, np.ndarray]:
    """Read the layers of a composite, averaged by area onto the cells of a global grid.

    Parameters
    ----------
    path : Path
        File of AppEEARS; its name states the product.
    step : int
        Position of the composite on the time axis.
    pixels : Pixels
        Cells to read.

    Returns
    -------
    dict of str to ndarray of float32, shape (pixel,)
        Physical values by our names, in the units of `layers`; NaN where a cell has no good value.

    Raises
    ------
    DataError
        If the file is corrupt, a layer is missing, or its values are not in its documented unit.
    """
    fields = {}
    with _open(path) as file:
        lat, lon = (np.asarray(_variable(path, file, name)[:], float) for name in ("lat", "lon"))
        area = LocalArea(lat, lon, Grid(180.0 / pixels.shape[0]))
        for name, layer in NAMES[product_of(path) or ""].items():
            values = _physical(path, _variable(path, file, layer.ending), step, layer.screened)
            quality = _variable(path, file, layer.quality)
            values[~layer.good(_raw(path, quality, step))] = np.nan
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
    """The variable of a name, which may be preceded by an underscore and a resolution."""
    found = [n for n in file.variables if n == ending or re.fullmatch(rf"_\w+_{ending}", n)]
    if len(found) != 1:
        raise DataError(path, ending, found or sorted(file.variables), "one variable of that name")
    variable: netCDF4.Variable = file[found[0]]
    return variable


def _raw(path: Path, variable: netCDF4.Variable, step: int) -> np.ndarray:
    if variable.dimensions != ("time", "lat", "lon"):
        raise DataError(path, variable.name, variable.dimensions, "time, lat, lon")
    return np.asarray(variable[step])


def _physical(
    path: Path, variable: netCDF4.Variable, step: int, screened: ScreenedLayer
) -> np.ndarray:
    """Values unpacked by CF attributes, NaN where missing or outside the product's valid range."""
    raw, layer = _raw(path, variable, step), screened.layer
    values = raw * getattr(variable, "scale_factor", 1.0) + getattr(variable, "add_offset", 0.0)
    values = values.astype(float)
    values[raw == getattr(variable, "_FillValue", layer.fill)] = np.nan
    low, high = (layer.scale * (limit + slack) for limit, slack in zip(layer.valid, (-0.5, 0.5)))
    largest = np.nanmax(values, initial=0.0)
    if largest > FAR_TOO_LARGE * high:
        raise DataError(path, variable.name, f"values to {largest:g}", f"at most {high:g}")
    return np.where((values >= low) & (values <= high), values, np.nan)
