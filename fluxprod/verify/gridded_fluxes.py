"""Checks of gridded fluxes, each read once: range, land, members and the copy in the store."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.netcdf_file import NetcdfFile, error_text
from fluxprod.verify.report import FileReport
from fluxprod.verify.values.blocks import blocks, values_of
from fluxprod.verify.values.comparison import CopyAgrees, MembersAgree
from fluxprod.verify.values.flux_values import (
    BlockCheck,
    Presence,
    Range,
    Sums,
    land_weight,
    region_weight,
)
from fluxprod.verify.values.metadata import stated_cells_without_flux
from fluxprod.verify.values.structure import MODELS, flux_names
from fluxprod.verify.values.time_steps import step_days
from fluxprod.verify.values.totals import daily_faults, grid_totals

Totals = dict[str, np.ndarray]  # totals by flux [Pg]
SUMMED = {"daily": land_weight, "monthly": region_weight, "monthly-members": region_weight}


class ReportedCheck(NamedTuple):
    """A check of one flux and where its faults are reported.

    Parameters
    ----------
    report : FileReport
        Report that takes the faults.
    label : str
        Name of the check in the report.
    subject : str
        What every fault is about: the flux, and for the store also group and years.
    check : BlockCheck
        The check itself.
    """

    report: FileReport
    label: str
    subject: str
    check: BlockCheck


class StoreCopy(NamedTuple):
    """What the zarr store holds of one NetCDF file.

    Parameters
    ----------
    report : FileReport
        Report of the store.
    subject : str
        Group and years, for faults.
    data : Dataset
        The group, restricted to the time steps of the file.
    whole : bool
        Whether to compare all values, or only the first block of each flux.
    """

    report: FileReport
    subject: str
    data: xr.Dataset
    whole: bool


def flux_totals(
    file: NetcdfFile,
    monthly: NetcdfFile | None,
    copy: StoreCopy | None,
    advance: Callable[[float], None],
) -> dict[str, np.ndarray]:
    """Check all fluxes of a gridded file and sum those that can be read.

    Parameters
    ----------
    file : NetcdfFile
        Gridded file.
    monthly : NetcdfFile, optional
        Monthly file, with which mean and spread of members are compared.
    copy : StoreCopy, optional
        Copy with which the values are compared.
    advance : callable
        Takes the share of the file that was read since it was last called [1].

    Returns
    -------
    dict of str to ndarray, shape (time, ..., row)
        Totals by flux [Pg]. The rows are the 18 regions, unassigned land and the globe; daily
        files have only the globe.
    """
    names = flux_names(file.name.content)
    totals = {}
    for name in names:
        sums = Sums(SUMMED[file.name.content](file.data))
        reported = list(_checks(file, name, monthly, copy))
        checks = [sums, *(each.check for each in reported)]
        read = _run(file, name, checks, lambda share: advance(share / len(names)))
        for each in reported:
            each.report.add(each.label, (f"{each.subject}: {text}" for text in each.check.faults()))
        if read and file.comparable and name in MODELS:
            totals[name] = grid_totals(sums.total(), step_days(file.data))
    return totals


def _checks(
    file: NetcdfFile, name: str, monthly: NetcdfFile | None, copy: StoreCopy | None
) -> Iterator[ReportedCheck]:
    land = file.data.land_fraction.values > 0
    without = stated_cells_without_flux(file.data)
    yield ReportedCheck(file.report, "ranges", name, Range(name))
    if not _is_spread_of_one(file.data, name):
        yield ReportedCheck(file.report, "land cells", name, Presence(land, without))
    if file.name.content == "monthly-members" and monthly is not None:
        agree = MembersAgree(file.data[name], monthly.data[name], monthly.data[f"{name}_spread"])
        yield ReportedCheck(file.report, "mean and spread of members", name, agree)
    if copy is not None and name in copy.data:
        copied = CopyAgrees(copy.data[name], whole=copy.whole)
        yield ReportedCheck(copy.report, "values", f"{copy.subject}: {name}", copied)


def _is_spread_of_one(data: xr.Dataset, name: str) -> bool:
    """Whether a flux is the spread of a single member, which has no values."""
    model = name.removesuffix("_spread")
    return model != name and int(data[f"{model}_members"]) == 1


def _run(
    file: NetcdfFile, name: str, checks: list[BlockCheck], advance: Callable[[float], None]
) -> bool:
    """Read a flux block by block for all checks; return whether all of it could be read."""
    field = file.data[name]
    try:
        for block in blocks(field):
            values = values_of(field, block)
            for check in checks:
                check.add(block, values)
            advance(values.size / field.size)
    except DataError as error:
        file.report.faults.append(f"{name}: {error_text(error)}")
        return False
    return True


def check_daily_fluxes(
    file: NetcdfFile, days: dict[str, np.ndarray], monthly: dict[str, np.ndarray]
) -> None:
    """Compare the global totals of a daily file, summed by month, with the monthly file.

    Parameters
    ----------
    file : NetcdfFile
        Daily file of one year.
    days : dict of str to ndarray, shape (day, 1)
        Its global totals by flux [Pg].
    monthly : dict of str to ndarray, shape (12, 20)
        Totals of the monthly file by flux, for the same year [Pg].
    """
    month = pd.DatetimeIndex(file.data.time.values).month.to_numpy() - 1
    for name in days.keys() & monthly.keys():
        faults = daily_faults(name, days[name][:, 0], month, monthly[name][:, -1])
        file.report.add("global totals", faults)
