"""Product files, read in the same way as by any user."""

from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.interim import read_interim


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        names = [path.name for path in found] or "no file"
        raise DataError(folder, pattern, names, "one file", "run dvc repro product")
    return found[0]


def read_monthly_product(folder: Path) -> xr.Dataset:
    """Load the monthly NEE file from a folder of product files into memory.

    Raises
    ------
    DataError
        If the folder does not contain exactly one.
    """
    return read_interim(_only(folder, "nee_*_monthly_*.nc"))


def read_regional_table(folder: Path) -> pd.DataFrame:
    """Read the table of regional monthly totals from a folder of product files.

    Raises
    ------
    DataError
        If the folder does not contain exactly one.
    """
    return pd.read_csv(_only(folder, "nee_*_regional-monthly_*.csv"))
