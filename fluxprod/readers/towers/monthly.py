"""Monthly tower records with satellite values, in one CSV table of all sites."""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.table_text import (
    out_of_range,
    read_header,
    require_columns,
    unreadable_table,
)

SITE_COLUMNS = ("site", "igbp", "lat", "lon")
VARIABLE_MAP = {
    "NEE": "nee",
    "TA": "ta",
    "P": "precip",
    "SW_IN": "sw_in",
    "VPD": "vpd",
    "FPAR": "fpar",
    "LST_DAY": "lst_day",
    "LST_NIGHT": "lst_night",
    "NDWI": "ndwi",
    "SNOW": "snow_percent",
}
UNITS = {
    "NEE": "g m-2 d-1",
    "TA": "degC",
    "P": "mm d-1",
    "SW_IN": "W m-2",
    "VPD": "hPa",
    "FPAR": "1",
    "LST_DAY": "K",
    "LST_NIGHT": "K",
    "NDWI": "1",
    "SNOW": "percent",
}
# Possible monthly means; temperatures in another unit and undeclared fill values are excluded.
POSSIBLE = {
    "NEE": (-60.0, 60.0),
    "TA": (-95.0, 60.0),
    "P": (0.0, 200.0),
    "SW_IN": (0.0, 600.0),
    "VPD": (0.0, 100.0),
    "FPAR": (0.0, 1.0),
    "LST_DAY": (150.0, 360.0),
    "LST_NIGHT": (150.0, 360.0),
    "NDWI": (-1.0, 1.0),
    "SNOW": (0.0, 100.0),
}
MIN_HIGHEST_RADIATION = 60.0  # W m-2; exceeded by any table in W m-2 but by none in MJ m-2 d-1


def read_towers_monthly(path: Path) -> pd.DataFrame:
    """Read site-months.

    Returns
    -------
    DataFrame
        Columns ``site``, ``igbp``, ``lat``, ``lon``, ``month`` (its first day) and the names of
        ``VARIABLE_MAP`` in the units of ``UNITS``, NaN where missing; sorted by site and month.

    Raises
    ------
    DataError
        If a column is missing, a value is impossible, a month occurs twice, or a site has two
        positions or biomes.
    """
    header = read_header(path)
    needed = [*SITE_COLUMNS, "year", "month", *VARIABLE_MAP.values()]
    require_columns(path, header, needed)
    texts = {"site": str, "igbp": str}
    types = {name: texts.get(name, float) for name in needed}
    try:
        table = pd.read_csv(path, usecols=needed, dtype=types)
    except (OSError, EOFError, ValueError) as error:
        raise unreadable_table(path, error) from error
    table["month"] = _months(path, table["year"], table["month"])
    table = table.rename(columns={column: name for name, column in VARIABLE_MAP.items()})
    _check_values(path, table)
    _check_sites(path, table)
    kept = [*SITE_COLUMNS, "month", *VARIABLE_MAP]
    return table[kept].sort_values(["site", "month"], ignore_index=True)


def _months(path: Path, year: pd.Series, month: pd.Series) -> pd.Series:
    """First day of each month."""
    wrong = ~(month.isin(range(1, 13)) & (year % 1 == 0) & year.between(1900, 2200))
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise DataError(
            path, "year, month", f"{year[row]:g}, {month[row]:g} in row {row + 2}", "a month"
        )
    return pd.to_datetime({"year": year, "month": month, "day": 1}).astype("datetime64[s]")


def _check_values(path: Path, table: pd.DataFrame) -> None:
    for name, (low, high) in POSSIBLE.items():
        values = table[name].to_numpy()
        wrong = (values < low) | (values > high)
        if wrong.any() or np.isnan(values).all():
            found = out_of_range(values, wrong) if wrong.any() else "no value"
            expected = f"{low:g} to {high:g} {UNITS[name]}, empty where missing"
            raise DataError(
                path, VARIABLE_MAP[name], found, expected, "check the unit and fill value"
            )
    highest = table["SW_IN"].max()
    if highest < MIN_HIGHEST_RADIATION:
        raise DataError(path, VARIABLE_MAP["SW_IN"], f"at most {highest:g}", "W m-2, not MJ m-2")


def _check_sites(path: Path, table: pd.DataFrame) -> None:
    for name in SITE_COLUMNS:
        if table[name].isna().any():
            row = int(table[name].isna().to_numpy().argmax())
            raise DataError(path, name, f"no value in row {row + 2}", "a value in every row")
    twice = table.duplicated(["site", "month"])
    if twice.any():
        repeated = table[twice].iloc[0]
        raise DataError(
            path, repeated["site"], f"{repeated['month']:%Y-%m} twice", "each month once"
        )
    facts = table[list(SITE_COLUMNS)].drop_duplicates()
    moved = facts[facts["site"].duplicated()]
    if len(moved):
        raise DataError(
            path, moved.iloc[0]["site"], "two positions or biomes", "the same in every row"
        )
    if not (table["lat"].between(-90, 90).all() and table["lon"].between(-180, 180).all()):
        raise DataError(path, "lat, lon", "outside -90 to 90, -180 to 180", "degrees")
