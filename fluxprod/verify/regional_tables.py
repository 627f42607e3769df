"""Checks of tables of regional totals, alone and against the gridded fluxes."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.files.file_name import FileName
from fluxprod.verify.files.published import read_published_table
from fluxprod.verify.gridded_fluxes import Totals
from fluxprod.verify.netcdf_file import error_text
from fluxprod.verify.report import FileReport
from fluxprod.verify.values.regional_table import table_fields
from fluxprod.verify.values.totals import (
    annual_faults,
    closure_faults,
    grid_faults,
    member_faults,
    missing_faults,
    table_faults,
)


class RegionalTable(NamedTuple):
    """Regional totals of one file.

    Parameters
    ----------
    name : FileName
        What the name of the file states.
    report : FileReport
        Report of the file.
    data : Dataset, dims (time, region)
        Totals and their spread [Pg], and numbers of members [1].
    """

    name: FileName
    report: FileReport
    data: xr.Dataset


def read_table(path: Path, name: FileName, report: FileReport) -> RegionalTable | None:
    """Read a CSV table.

    Parameters
    ----------
    path : Path
        The file.
    name : FileName
        What its name states.
    report : FileReport
        Report of the file, which takes the faults.

    Returns
    -------
    RegionalTable or None
        None if the file cannot be read or is not such a table.
    """
    try:
        fields = table_fields(read_published_table(path), name.content, name.years)
    except DataError as error:
        report.faults.append(error_text(error))
        return None
    report.add("lines", [])
    return RegionalTable(name, report, fields)


def check_table(table: RegionalTable, monthly: Totals, members: Totals) -> None:
    """Check one table alone and against the totals of the gridded fluxes.

    Parameters
    ----------
    table : RegionalTable
        Table to check.
    monthly : dict of str to ndarray, shape (month, 20)
        Totals of the monthly file by flux; empty without a sound file [Pg].
    members : dict of str to ndarray, shape (month, member, 20)
        Totals of the members' file by flux; empty without a sound file [Pg].
    """
    report = table.report
    report.add("no value missing", missing_faults(table.data))
    report.add("regions sum to the globe", closure_faults(table.data))
    for name, totals in monthly.items():
        report.add("totals of the grid", grid_faults(table.data, name, totals))
    for name, totals in members.items():
        report.add("spread of members", member_faults(table.data, name, totals))
    if not monthly:
        report.unchecked.append("totals of the grid (no sound monthly file)")
    if not members:
        report.unchecked.append("spread of members (no sound members' file)")


def check_tables_agree(tables: Iterable[RegionalTable]) -> None:
    """Compare years with the sums of their months, and CSV with NetCDF."""
    by_kind = {(table.name.content, table.name.ending): table for table in tables}
    for (content, ending), table in by_kind.items():
        netcdf = by_kind.get((content, "nc"))
        if ending == "csv" and netcdf:
            table.report.add("same as NetCDF", table_faults(table.data, netcdf.data))
        months = by_kind.get(("regional-monthly", ending))
        if content == "regional-annual" and months:
            table.report.add("sums of months", annual_faults(table.data, months.data))
