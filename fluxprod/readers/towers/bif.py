"""Positions and biomes of towers, from BIF tables and from the catalogue of the FLUXNET Shuttle.

A BIF table, as issued by FLUXNET and AmeriFlux, has one variable per row. A tower that was moved
has several locations, each a separate group, so latitude and longitude are taken from the same
group. Encodings differ between releases, but the columns read here are always ASCII.
"""

import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from fluxprod.readers.files.workbook import checked_workbook
from fluxprod.readers.towers.files import TowerFile, tower_file
from fluxprod.readers.towers.site_table import checked_sites
from fluxprod.readers.towers.table_text import (
    BROKEN,
    TowerText,
    check_last_value,
    require_columns,
    table_text,
    unreadable_table,
)

VARIABLE_MAP = {"LOCATION_LAT": "lat", "LOCATION_LONG": "lon", "IGBP": "igbp"}
SPELLINGS = {"LOCATION_LON": "LOCATION_LONG"}
SNAPSHOT_MAP = {"site_id": "site", "location_lat": "lat", "location_long": "lon", "igbp": "igbp"}
MISSING = ("",)
WORKBOOK = ".xlsx"
# what openpyxl raises for corrupt workbooks
BROKEN_WORKBOOK = (
    *(*BROKEN, zipfile.BadZipFile, LookupError, TypeError, AttributeError, ArithmeticError),
    *(SyntaxError, RuntimeError),
)
BIF_COLUMNS = ["SITE_ID", "GROUP_ID", "VARIABLE", "DATAVALUE"]


def read_site_metadata(source: Path | TowerFile) -> pd.DataFrame:
    """Read sites from a BIF table or a Shuttle snapshot, which are distinguished by their columns.

    Parameters
    ----------
    source : Path or TowerFile
        CSV file, separated by commas or semicolons, or the workbook issued by AmeriFlux (xlsx); on
        disk, gzipped or in an archive.

    Returns
    -------
    DataFrame
        Columns ``site``, ``lat`` [degree_north], ``lon`` [degree_east] and ``igbp``, one row per
        site, sorted by site. Of several locations of a site, the first in the file is used (in the
        BIF of FLUXNET2015 they are within 2 km of each other). ``lat`` and ``lon`` are NaN and
        ``igbp`` is empty where the file has no entry.

    Raises
    ------
    DataError
        If the file is neither of the two or contains no site, or a coordinate is not a number or
        is off the globe.
    """
    path = tower_file(source).label
    table = _read_text(source)
    from_table = _from_snapshot if "site_id" in table.columns else _from_bif
    return checked_sites(path, from_table(path, table), MISSING)


def _read_text(source: Path | TowerFile) -> pd.DataFrame:
    """All fields as text, because pandas would read the country code NA (Namibia) as NaN."""
    text = table_text(source)
    table = _of_workbook(text) if text.label.suffix.lower() == WORKBOOK else _of_csv(text)
    return table.rename(columns=lambda name: str(name).strip())


def _of_csv(text: TowerText) -> pd.DataFrame:
    check_last_value(text)
    separator = ";" if b";" in text.content.splitlines()[0] else ","
    as_text: dict[str, Any] = {"sep": separator, "dtype": str, "keep_default_na": False}
    try:
        table: pd.DataFrame = pd.read_csv(io.BytesIO(text.content), encoding="latin-1", **as_text)
        return table
    except BROKEN as error:
        raise unreadable_table(text.label, error) from error


def _of_workbook(text: TowerText) -> pd.DataFrame:
    """The first sheet, all fields as text."""
    try:
        content = checked_workbook(text.label, text.content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles
            return pd.read_excel(content, engine="openpyxl", dtype=str, keep_default_na=False)
    except BROKEN_WORKBOOK as error:
        raise unreadable_table(text.label, error) from error


def _from_snapshot(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    require_columns(path, table.columns, SNAPSHOT_MAP)
    return table[list(SNAPSHOT_MAP)].rename(columns=SNAPSHOT_MAP)


def _from_bif(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    require_columns(path, table.columns, BIF_COLUMNS)
    table = table.assign(VARIABLE=table["VARIABLE"].replace(SPELLINGS))
    table = table[(table["SITE_ID"] != "") & table["VARIABLE"].isin(list(VARIABLE_MAP))]
    groups = table.drop_duplicates(["SITE_ID", "GROUP_ID", "VARIABLE"]).pivot(
        index=["SITE_ID", "GROUP_ID"], columns="VARIABLE", values="DATAVALUE"
    )
    groups = groups.reindex(columns=list(VARIABLE_MAP)).rename(columns=VARIABLE_MAP)
    order = table.drop_duplicates(["SITE_ID", "GROUP_ID"]).set_index(["SITE_ID", "GROUP_ID"]).index
    groups = groups.reindex(order).reset_index("SITE_ID").rename(columns={"SITE_ID": "site"})
    places = groups.dropna(subset=["lat", "lon"]).drop_duplicates("site")[["site", "lat", "lon"]]
    biomes = groups.dropna(subset=["igbp"]).drop_duplicates("site")[["site", "igbp"]]
    sites = places.merge(biomes, on="site", how="outer")
    return sites.rename_axis(columns=None).astype(object).fillna("")
