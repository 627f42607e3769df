"""Daily tables of the La Thuile synthesis (2007), one file per site and year, and its site table.

Radiation in the files is daily energy [MJ m-2 d-1]. The reader infers the unit from the values,
because half-hourly files and some re-exports are in W m-2. GPP and ecosystem respiration are from
the night-time method (Reichstein et al. 2005, doi 10.1111/j.1365-2486.2005.001002.x).
"""

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.units import megajoules_per_day_to_watts
from fluxprod.readers.towers.columns import columns_of
from fluxprod.readers.towers.files import TowerFile, tower_file
from fluxprod.readers.towers.site_table import checked_sites
from fluxprod.readers.towers.table_text import (
    BROKEN,
    RADIATION,
    check_daily,
    check_deficit,
    check_end,
    check_last_value,
    check_radiation,
    check_tower_values,
    header_of,
    require_columns,
    table_text,
    tower_dataset,
    unreadable_table,
)

VARIABLE_MAP = {
    "NEE": "NEE_f",
    "NEE_QC": "NEE_GPP_fqcOK",  # shared by NEE and GPP
    "TA": "Ta_f",
    "TA_QC": "Ta_fqcOK",
    "SW_IN": "Rg_f",
    "SW_IN_QC": "Rg_fqcOK",
    "SW_IN_POT": "Rg_pot",
    "P": "Precip_f",
    "GPP_NT": "GPP_f",
    "RECO_NT": "Reco",
}
# read if a site has any value; the storages are soil water above its lowest state, from a bucket
# model
OPTIONAL_MAP = {
    "VPD": "VPD_f",
    "VPD_QC": "VPD_fqcOK",
    "H2OSTOR1": "H2Ostor1",
    "H2OSTOR2": "H2Ostor2",
}
UNITS = {
    "NEE_f": "gC m-2 d-1",
    "Ta_f": "degC",
    "Rg_f": "MJ m-2 d-1",
    "Rg_pot": "MJ m-2 d-1",
    "Precip_f": "mm d-1",
    "VPD_f": "hPa",
    "GPP_f": "gC m-2 d-1",
    "Reco": "gC m-2 d-1",
    "H2Ostor1": "mm",
    "H2Ostor2": "mm",
}
DATE = ("Year", "DoY")

# Daily potential radiation peaks at 37 to 46 MJ m-2 d-1, which is 430 to 530 W m-2: a maximum
# between the two numbers below fits neither unit.
MAX_MEGAJOULES = 60.0
MIN_WATTS = 100.0

FILE_NAME = re.compile(
    r"^(?P<site>\w+-\w+)\.(?P<year>\d{4})\.synth\.daily\.allvars(?i:\.csv(\.gz)?)$"
)
SITE_COLUMNS = {
    "SiteCode": "site",
    "site": "site",
    "SiteLatitude": "lat",
    "SiteLongitude": "lon",
    "IGBP_vegetation_short": "igbp",
}
MISSING = ("NA", "")


def read_lathuile_daily(folder: Path, site: str) -> xr.Dataset:
    """Read all years of one site.

    Parameters
    ----------
    folder : Path
        Folder with files ``CC-Xxx.YYYY.synth.daily.allvars.csv``.
    site : str
        Site identifier, such as ``CC-Xxx``.

    Returns
    -------
    Dataset, dims (time)
        As returned by `read_fluxnet_daily`, with ``GPP_NT`` and ``RECO_NT`` [g m-2 d-1], and with
        ``VPD`` [hPa], ``VPD_QC`` [1], ``H2OSTOR1`` and ``H2OSTOR2`` [mm] if any year has values.
        Years without a file are not on the time axis.

    Raises
    ------
    DataError
        If there is no file, a column is missing, days are not consecutive within a year, or the
        unit of radiation cannot be inferred.
    """
    paths = sorted(path for path in folder.iterdir() if _is_of_site(path, site))
    if not paths:
        raise DataError(folder, site, "no file", f"{site}.YYYY.synth.daily.allvars.csv")
    return read_lathuile_years(site, [TowerFile(path) for path in paths])


def read_lathuile_years(site: str, files: list[TowerFile]) -> xr.Dataset:
    """Read the files of one site, one per year and in order; see `read_lathuile_daily`."""
    source = files[0].path.parent / site
    return _dataset(source, site, pd.concat([_read_year(file) for file in files]))


def read_lathuile_year(path: Path | TowerFile) -> xr.Dataset:
    """Read one year of one site; see `read_lathuile_daily`."""
    file = tower_file(path)
    return _dataset(file.label, _parsed_name(file.label)["site"], _read_year(file))


def read_lathuile_metadata(path: Path) -> pd.DataFrame:
    """Read the site table, a CSV file in latin-1.

    Returns
    -------
    DataFrame
        Columns ``site``, ``lat`` [degree_north], ``lon`` [degree_east] and ``igbp``, one row per
        site, sorted by site. Six of the 252 real sites have no coordinates (NaN) and nine no biome
        (empty).

    Raises
    ------
    DataError
        If the file or a column is missing, or a coordinate is off the globe.
    """
    table = _text_table(path).rename(columns=SITE_COLUMNS)
    require_columns(path, table.columns, ["site", "lat", "lon", "igbp"])
    if not table.columns.is_unique:
        raise DataError(path, "header", list(table.columns)[:4], "each column once")
    return checked_sites(path, table[["site", "lat", "lon", "igbp"]], MISSING)


def _text_table(path: Path) -> pd.DataFrame:
    """All fields as text."""
    text = table_text(path)
    check_last_value(text)
    try:
        content = io.BytesIO(text.content)
        return pd.read_csv(content, dtype=str, encoding="latin-1", keep_default_na=False)
    except BROKEN as error:
        raise unreadable_table(path, error) from error


def _is_of_site(path: Path, site: str) -> bool:
    match = FILE_NAME.match(path.name)
    return match is not None and match["site"] == site


def _parsed_name(label: Path) -> re.Match[str]:
    """Match of a file name, with the groups site and year."""
    match = FILE_NAME.match(label.name)
    if match is None:
        raise DataError(label, "file name", label.name, "CC-Xxx.YYYY.synth.daily.allvars.csv")
    return match


def _read_year(file: TowerFile) -> pd.DataFrame:
    """Table of one year, indexed by day."""
    year = int(_parsed_name(file.label)["year"])
    text = table_text(file)
    path, header = text.label, header_of(text)
    columns = [*DATE, *VARIABLE_MAP.values()]
    require_columns(path, header, columns)
    table = columns_of(
        text, [*columns, *(name for name in OPTIONAL_MAP.values() if name in header)]
    )
    if not (table["Year"] == year).all():
        found = sorted(table["Year"].unique())[:4]
        raise DataError(path, "Year", found, f"{year} as in the file name")
    table.index = _days(path, year, table["DoY"])
    check_daily(path, table.index, "DoY")
    check_end(text, table.index)
    return table


def _days(path: Path, year: int, number: pd.Series) -> pd.DatetimeIndex:
    """Dates from days of the year, counted from 1."""
    wrong = ~number.isin(np.arange(1, 367)).to_numpy()
    if wrong.any():
        raise DataError(path, "DoY", f"{number[wrong].iloc[0]:g}", "1 to 366")
    start = np.datetime64(f"{year:04d}-01-01", "s")
    return pd.DatetimeIndex(start + (number.to_numpy() - 1).astype("timedelta64[D]"))


def _dataset(source: Path, site: str, table: pd.DataFrame) -> xr.Dataset:
    """Checked record in our units; ``source`` is the name for error messages."""
    optional = {name: column for name, column in OPTIONAL_MAP.items() if column in table}
    native = VARIABLE_MAP | {name: c for name, c in optional.items() if table[c].notna().any()}
    columns = {name: table[column].to_numpy() for name, column in native.items()}
    if _radiation_unit(source, columns) == "MJ m-2 d-1":
        for name in RADIATION:
            columns[name] = megajoules_per_day_to_watts(columns[name])
    for name, values in columns.items():
        check_tower_values(source, name, native[name], values)
    check_radiation(source, native, columns)
    check_deficit(source, native, columns)
    days = pd.DatetimeIndex(table.index)
    return tower_dataset(days, columns, site=site, nee_column=VARIABLE_MAP["NEE"])


def _radiation_unit(source: Path, columns: dict[str, np.ndarray]) -> str:
    """Unit of radiation, inferred from its largest value."""
    values = np.concatenate([columns[name] for name in RADIATION])
    largest = np.nanmax(values) if np.isfinite(values).any() else 0.0
    if MAX_MEGAJOULES < largest < MIN_WATTS:
        found = f"a maximum of {largest:.0f}"
        raise DataError(source, "Rg_f, Rg_pot", found, "MJ m-2 d-1 or W m-2")
    return "MJ m-2 d-1" if largest <= MAX_MEGAJOULES else "W m-2"
