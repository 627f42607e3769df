"""Form of the tables of regional totals, in CSV and in NetCDF."""

import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.verify.values.time_steps import time_edges

ROWS = (*ABBREVIATIONS, "unassigned", "GLOBAL")
NUMBERS = [*range(len(ABBREVIATIONS)), -1, len(ABBREVIATIONS)]  # region_number of each row
# model in the CSV table, by variable of the NetCDF file
SOURCES = {"nee": "EC-ATM", "nee_ec": "EC", "inversions": "inversions"}
PERIODS = {"regional-monthly": ("month", "%Y-%m"), "regional-annual": ("year", "%Y")}
ENDINGS = {"nee": "", "spread": "_spread", "members": "_members"}  # of NetCDF variables, by column


def table_fields(table: pd.DataFrame, content: str, years: range) -> xr.Dataset:
    """Bring a CSV table of regional totals into the form of its NetCDF file.

    Parameters
    ----------
    table : DataFrame
        Table with one line per model, period and region.
    content : str
        ``regional-monthly`` or ``regional-annual``.
    years : range
        Years that the table covers.

    Returns
    -------
    Dataset, dims (time, region)
        Totals and their spread [Pg], and numbers of members [1].

    Raises
    ------
    DataError
        If a column is missing or not numeric, or if a combination of model, period and region is
        missing, repeated or unknown.
    """
    period, shape = PERIODS[content]
    columns = {"nee": f"nee_PgC_per_{period}", "spread": f"spread_PgC_per_{period}"}
    columns["members"] = "members"
    expected = [period, "region", "model", *columns.values()]
    if list(table.columns) != expected:
        raise DataError(content, "columns", ", ".join(map(str, table.columns)), ", ".join(expected))
    for column in columns.values():
        if table[column].dtype.kind not in "fi":
            raise DataError(content, column, f"values of type {table[column].dtype}", "numbers")
    times = time_edges(content, years)[:-1].strftime(shape)
    index = pd.MultiIndex.from_product([SOURCES.values(), times, ROWS])
    keys = ["model", period, "region"]
    lines = table.astype({key: str for key in keys}).set_index(keys)
    if not lines.index.is_unique or set(lines.index) != set(index):
        other = len(set(lines.index) ^ set(index)) or len(lines) - len(index)
        found = f"{other} missing, repeated or unknown"
        raise DataError(content, "lines", found, "each model, period and region once")
    fields = {}
    for name, model in SOURCES.items():
        of_model = lines.loc[index].loc[model]
        for column, heading in columns.items():
            values = of_model[heading].to_numpy().reshape(len(times), len(ROWS))
            fields[f"{name}{ENDINGS[column]}"] = (("time", "region"), values)
    return xr.Dataset(fields)


def region_faults(regional: xr.Dataset) -> list[str]:
    """Check that the rows of a NetCDF file are all regions in the right order."""
    names = regional.get("region_name")
    faults = []
    if regional.region_number.values.tolist() != NUMBERS:
        faults.append("region_number: not 0 to 17, -1 and 18")
    if names is None or _texts(names) != list(ROWS):
        faults.append(f"region_name: not {ROWS[0]} to {', '.join(ROWS[-3:])}")
    return faults


def _texts(names: xr.DataArray) -> list[str]:
    """Names as text; bytes that are not text are replaced."""
    each = names.values.ravel().tolist()
    return [n.decode(errors="replace") if isinstance(n, bytes) else str(n) for n in each]
