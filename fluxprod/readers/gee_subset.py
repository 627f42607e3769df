"""fAPAR at a site as Google Earth Engine exports it: one CSV row a composite of MCD15A3H.

Columns ``date``, ``Fpar`` [percent], ``FparLai_QC``, ``product`` as ``MODIS/006/MCD15A3H``; the
flags are those of MCD15A2H, and so are the rules. No stage reads it: towers take the fAPAR of their
patch. It is here to look at a site beside its patch.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.modis.layer import physical
from fluxprod.readers.modis.layers import FPAR

COLUMNS = ("date", "Fpar", "FparLai_QC", "product")
PRODUCTS = ("MCD15A3H", "MCD15A2H", "MOD15A2H")


def read_site_fpar(path: Path) -> pd.Series:
    """Read the good fAPAR of a site, by the first day of each composite [1].

    Raises
    ------
    DataError
        If the file is no such table, its values are no numbers, or a day comes twice.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise DataError(
            path, "file", f"unreadable ({str(error).splitlines()[0]})", "CSV"
        ) from error
    lacking = sorted(set(COLUMNS) - set(table.columns))
    if lacking:
        raise DataError(path, "header", f"no column {lacking}", list(COLUMNS))
    products = {str(name).rpartition("/")[2] for name in table["product"]}
    if not products <= set(PRODUCTS):
        raise DataError(path, "product", sorted(products), PRODUCTS)
    raw, flags = (_bytes(path, table[name]) for name in ("Fpar", "FparLai_QC"))
    try:
        date = pd.DatetimeIndex(pd.to_datetime(table["date"], format="%Y-%m-%d"))
    except (ValueError, TypeError) as error:
        raise DataError(path, "date", error, "YYYY-MM-DD") from error
    if date.has_duplicates:
        raise DataError(path, "date", f"{date[date.duplicated()][0]:%F} twice", "each day once")
    values = physical(raw, FPAR.layer)
    values[~FPAR.good(flags)] = np.nan
    return pd.Series(values, index=date, name="FPAR").sort_index()


def _bytes(path: Path, column: pd.Series) -> np.ndarray:
    """Raw values of 0 to 255, fill where a cell is empty."""
    raw = pd.to_numeric(column, errors="coerce").where(column.notna(), FPAR.layer.fill)
    if not raw.between(0, 255).all():
        raise DataError(path, str(column.name), "other than 0 to 255", "raw values of MODIS")
    return raw.to_numpy(np.uint8)
