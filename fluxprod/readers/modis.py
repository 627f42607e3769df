"""MODIS products in a folder: which composites there are, of which day, and what each holds."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.readers.modis_layers import read_fpar, read_lst, read_ndvi_evi, read_ndwi_band4

# product: what is read of it, in our names (units in modis_layers)
PRODUCTS = {
    "MOD13C1": ("NDVI", "EVI"),
    "MOD11C2": ("LST_DAY", "LST_NIGHT"),
    "MCD43C4": ("NDWI", "BAND4"),
    "MCD15A2H": ("FPAR",),
}
READERS = {
    "MOD13C1": read_ndvi_evi,
    "MOD11C2": read_lst,
    "MCD43C4": read_ndwi_band4,
    "MCD15A2H": read_fpar,
}
FILE_NAME = re.compile(r"^(?P<product>[A-Z0-9]+)\.A(?P<date>\d{7})\..*(hdf|tif)$")
DAY = pd.Timedelta("1D")


class Issue(NamedTuple):
    """Names of a product, days that a file stands for, days from its date to their middle.

    MCD43C4 is daily, each file of a 16-day window and dated by its ninth day: some files of it do.
    """

    names: tuple[str, ...]
    window: int
    to_middle: int


ISSUES = {
    "MOD13C1": Issue(("MOD13C1",), 16, 8),
    "MOD11C2": Issue(("MOD11C2",), 8, 4),
    "MCD43C4": Issue(("MCD43C4",), 16, 0),
    # Terra alone until the first composite with Aqua, 2002-07-04
    "MCD15A2H": Issue(("MCD15A2H", "MOD15A2H"), 8, 4),
}


def read_composite(product: str, path: Path) -> xr.Dataset:
    """Read what ``PRODUCTS`` lists of a composite, dims (lat, lon), south to north."""
    return READERS[product](path)


def find_composites(folder: Path, product: str, years: Iterable[int]) -> dict[pd.Timestamp, Path]:
    """Composites of a product whose file date lies in the years.

    Parameters
    ----------
    folder : Path
        Searched with its subfolders for ``PRODUCT.AYYYYDDD.*.hdf``.
    product : str
        A key of ``PRODUCTS``.
    years : iterable of int
        Consecutive years.

    Returns
    -------
    dict of Timestamp to Path
        By the middle of the window, rising.

    Raises
    ------
    DataError
        If a date comes twice or a gap is wider than the window of the product.
    """
    issue, years = ISSUES[product], sorted(years)
    dated = sorted(
        (date, path)
        for path in folder.rglob("*.hdf")
        if (date := file_date(path, issue.names)) is not None and date.year in years
    )
    dates = [date for date, _ in dated]
    _check_dates(folder, "/".join(issue.names), dates, years, issue.window)
    return {date + issue.to_middle * DAY: path for date, path in dated}


def file_date(path: Path, names: Iterable[str]) -> pd.Timestamp | None:
    """Date in the name of a file of one of the products, else None."""
    match = FILE_NAME.match(path.name)
    if match is None or match["product"] not in names:
        return None
    return pd.to_datetime(match["date"], format="%Y%j")


def _check_dates(
    folder: Path, product: str, dates: list[pd.Timestamp], years: list[int], window: int
) -> None:
    start, end = pd.Timestamp(years[0], 1, 1), pd.Timestamp(years[-1], 12, 31)
    expected = f"a file every {window} days from {start:%F} to {end:%F}"
    if not dates:
        raise DataError(folder, product, "no file", expected)
    for before, after in zip(dates, dates[1:]):
        if before == after:
            raise DataError(folder, product, f"{after:%Y%j} more than once", "each date once")
    for before, after in zip([start, *dates], [*dates, end], strict=True):
        if after - before > window * DAY:
            found = f"nothing between {before:%F} and {after:%F}"
            raise DataError(folder, product, found, expected, "get the missing composites")
