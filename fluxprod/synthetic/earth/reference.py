"""Committed grids and tables of the real Earth, from which the synthetic Earth is made."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError


@dataclass(frozen=True)
class Reference:
    """Features of the real Earth that the synthetic Earth shares.

    Parameters
    ----------
    pixels : DataArray, dims (igbp, lat, lon)
        Number of 0.05 degree pixels of each IGBP class in 0.5 degree cells, south to north.
    climate : Dataset, dims (month, lat, lon)
        Climatological TA [degC] and P [mm d-1] in 1 degree cells.
    region : DataArray, dims (lat, lon)
        Region number of 0.5 degree cells, -1 outside all regions, south to north.
    towers : DataFrame
        Columns site, lat, lon, igbp, first_year, last_year and source.
    """

    pixels: xr.DataArray
    climate: xr.Dataset
    region: xr.DataArray
    towers: pd.DataFrame


def read_reference(folder: Path) -> Reference:
    """Read ``data/reference/earth``.

    Raises
    ------
    DataError
        If one of its files is missing or damaged.
    """
    return Reference(
        pixels=_grid(folder / "land_cover.nc").pixels,
        climate=_grid(folder / "climate.nc"),
        region=_grid(folder / "regions.nc").region,
        towers=_table(folder / "towers.csv"),
    )


def _grid(path: Path) -> xr.Dataset:
    try:
        with xr.open_dataset(path, engine="netcdf4") as dataset:
            return dataset.load()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error, "NetCDF") from error


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error, "CSV") from error


def _unreadable(path: Path, error: Exception, kind: str) -> DataError:
    match error:
        case FileNotFoundError():
            found = "no such file"
        case PermissionError():
            found = "no read permission"
        case _:
            found = f"a file that is not {kind}"
    return DataError(path, "file", found, "the file of the repository", f"git checkout {path}")
