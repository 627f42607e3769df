"""Fluxes on the grid, read once: ranges, land, members, and their copy in the store."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.opened import Opened, fault
from fluxprod.verify.report import FileReport
from fluxprod.verify.values.blocks import blocks, values_of
from fluxprod.verify.values.comparison import Copied, MembersAgree
from fluxprod.verify.values.flux_values import (
    Check,
    Presence,
    Range,
    Sums,
    land_weight,
    region_weight,
)
from fluxprod.verify.values.labels import land_cells_without_flux
from fluxprod.verify.values.structure import MODELS, fluxes
from fluxprod.verify.values.time_steps import step_days
from fluxprod.verify.values.totals import daily_faults, grid_totals

Totals = dict[str, np.ndarray]  # by flux [Pg]
SUMMED = {"daily": land_weight, "monthly": region_weight, "monthly-members": region_weight}


class Task(NamedTuple):
    """A check of one flux: where it is reported, under which name and of what."""

    report: FileReport
    label: str
    subject: str
    check: Check


class Copy(NamedTuple):
    """A group of the store, of the time steps of one file.

    Parameters
    ----------
    report : FileReport
        Of the store.
    subject : str
        Group and years.
    data : Dataset
    whole : bool
        Whether to compare all values, or the first block of each flux.
    """

    report: FileReport
    subject: str
    data: xr.Dataset
    whole: bool


def flux_totals(
    file: Opened, monthly: Opened | None, copy: Copy | None, advance: Callable[[float], None]
) -> dict[str, np.ndarray]:
    """Check all fluxes of a file; give the totals of those that can be read.

    Parameters
    ----------
    file : Opened
        On the grid.
    monthly : Opened, optional
        Beside which members are held.
    copy : Copy, optional
        Beside which values are held.
    advance : callable
        Takes the share of the file that was read since it was last called.

    Returns
    -------
    dict of ndarray
        By flux, shape (time, ..., row) [Pg]: rows are the 18 regions, unassigned and the globe; of
        daily files the globe alone.
    """
    names = fluxes(file.name.content)
    totals = {}
    for name in names:
        sums = Sums(SUMMED[file.name.content](file.data))
        tasks = list(_tasks(file, name, monthly, copy))
        checks = [sums, *(task.check for task in tasks)]
        read = _run(file, name, checks, lambda share: advance(share / len(names)))
        for task in tasks:
            task.report.add(task.label, (f"{task.subject}: {text}" for text in task.check.faults()))
        if read and file.comparable and name in MODELS:
            totals[name] = grid_totals(sums.total(), step_days(file.data))
    return totals


def _tasks(file: Opened, name: str, monthly: Opened | None, copy: Copy | None) -> Iterator[Task]:
    land = file.data.land_fraction.values > 0
    without = land_cells_without_flux(file.data)
    yield Task(file.report, "ranges", name, Range(name))
    if not _is_spread_of_one(file.data, name):
        yield Task(file.report, "land cells", name, Presence(land, without))
    if file.name.content == "monthly-members" and monthly is not None:
        agree = MembersAgree(file.data[name], monthly.data[name], monthly.data[f"{name}_spread"])
        yield Task(file.report, "mean and spread of members", name, agree)
    if copy is not None and name in copy.data:
        copied = Copied(copy.data[name], whole=copy.whole)
        yield Task(copy.report, "values", f"{copy.subject}: {name}", copied)


def _is_spread_of_one(data: xr.Dataset, name: str) -> bool:
    """Whether a flux is a spread that one member does not have."""
    model = name.removesuffix("_spread")
    return model != name and int(data[f"{model}_members"]) == 1


def _run(file: Opened, name: str, checks: list[Check], advance: Callable[[float], None]) -> bool:
    """Read a flux block by block; whether all of it could be read."""
    field = file.data[name]
    try:
        for block in blocks(field):
            values = values_of(field, block)
            for check in checks:
                check.add(block, values)
            advance(values.size / field.size)
    except DataError as error:
        file.report.faults.append(f"{name}: {fault(error)}")
        return False
    return True


def check_daily_fluxes(
    file: Opened, days: dict[str, np.ndarray], monthly: dict[str, np.ndarray]
) -> None:
    """Hold a daily file's totals of the globe beside those of the months of its year.

    Parameters
    ----------
    file : Opened
        A year of days.
    days : dict of ndarray, shape (day, 1)
        By flux [Pg].
    monthly : dict of ndarray, shape (12, 20)
        By flux, of the same year [Pg].
    """
    month = pd.DatetimeIndex(file.data.time.values).month.to_numpy() - 1
    for name in days.keys() & monthly.keys():
        faults = daily_faults(name, days[name][:, 0], month, monthly[name][:, -1])
        file.report.add("global totals", faults)
