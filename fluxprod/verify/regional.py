"""Tables of regional totals: complete, closed, and the same as the grid gives."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.files.file_name import FileName
from fluxprod.verify.files.published import read_published_table
from fluxprod.verify.gridded import Totals
from fluxprod.verify.opened import fault
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


class Table(NamedTuple):
    """Regional totals of one file, dims (time, region) [Pg]."""

    name: FileName
    report: FileReport
    data: xr.Dataset


def read_table(path: Path, name: FileName, report: FileReport) -> Table | None:
    """Read a CSV table; None if it is none."""
    try:
        fields = table_fields(read_published_table(path), name.content, name.years)
    except DataError as error:
        report.faults.append(fault(error))
        return None
    report.add("lines", [])
    return Table(name, report, fields)


def check_table(table: Table, monthly: Totals, members: Totals) -> None:
    """Check one table by itself and beside the totals over the grid.

    Parameters
    ----------
    table : Table
    monthly : dict of ndarray, shape (month, 20)
        By flux, of the monthly file [Pg].
    members : dict of ndarray, shape (month, member, 20)
        By flux, of the members' file [Pg].
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


def check_between(tables: Iterable[Table]) -> None:
    """Hold years beside months, and CSV beside NetCDF."""
    by_kind = {(table.name.content, table.name.ending): table for table in tables}
    for (content, ending), table in by_kind.items():
        netcdf = by_kind.get((content, "nc"))
        if ending == "csv" and netcdf:
            table.report.add("same as NetCDF", table_faults(table.data, netcdf.data))
        months = by_kind.get(("regional-monthly", ending))
        if content == "regional-annual" and months:
            table.report.add("sums of months", annual_faults(table.data, months.data))
