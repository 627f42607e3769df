"""Committed grids and tables of the real Earth, from which the synthetic one is made."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError


@dataclass(frozen=True)
class Reference:
    """The real Earth, as far as the synthetic one follows it.

    Parameters
    ----------
    pixels : DataArray, (igbp, lat, lon)
        Pixels of each IGBP class in 0.5 degree cells, south to north.
    climate : Dataset, (month, lat, lon)
        Normal TA [degC] and P [mm d-1] in 1 degree cells.
    region : DataArray, (lat, lon)
        Number of the region of 0.5 degree cells, -1 where there is none, south to north.
    towers : DataFrame
        Columns site, lat, lon, igbp, first_year, last_year, source.
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
        If one of its files is absent or broken.
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
        raise DataError(path, "file", error, "a grid of the repository", "git checkout") from error


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise DataError(path, "file", error, "a table of the repository", "git checkout") from error
