"""The regional constraint, built from files of earlier stages: bridge, inversions and drivers."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.constants import EVERY_CELL_METHODS, PARAMS_FILE
from fluxprod.core.errors import DataError
from fluxprod.core.regions import ABBREVIATIONS, regional_sums
from fluxprod.core.time_axis import MONTHS
from fluxprod.core.units import PG
from fluxprod.core.variables import drivers_in
from fluxprod.networks.constraint.regional_operator import Contributions
from fluxprod.networks.constraint.regional_term import RegionalSource, Year, drawn_years
from fluxprod.networks.model.cell_drivers import CellDrivers, stored_cell_drivers
from fluxprod.networks.settings import ConstraintSettings


def regional_source(
    bridge: xr.Dataset,
    inversions: xr.Dataset,
    drivers: xr.Dataset,
    *,
    years: Iterable[int],
    settings: ConstraintSettings,
) -> RegionalSource:
    """Build the constraint from the outputs of earlier stages.

    On a coarse grid a region may have no land cell: it constrains nothing and is left out. In every
    other region the stage ``bridge`` guarantees at least one contributing cell.

    Parameters
    ----------
    bridge : Dataset
        ``cell``, ``contribution_region`` and ``theta`` [m2] (contribution); ``intercept`` [g d-1]
        (region); ``n_drawn``, the number of cells of a region that a training step draws, 0 for
        all.
    inversions : Dataset
        ``NEE`` (member, region, time) [PgC month-1].
    drivers : Dataset
        Driver store of all land cells, opened lazily; only contributing cells are read.
    years : iterable of int
        Years of the run; those without drivers or inversions are not used.
    settings : ConstraintSettings
        Regions, months, days and held-out years of the constraint.

    Returns
    -------
    RegionalSource
        The term of the loss, as plain arrays.

    Raises
    ------
    DataError
        If no cell contributes, if contributing cells lack drivers, or if no year is left for
        training.
    """
    if not bridge.sizes["contribution"]:
        raise DataError(
            "bridge", "contribution", "no cell in any region", "contributing cells",
            "run dvc repro bridge, or train without regions (--constraint none)",
        )  # fmt: skip
    bridge, contributing = _contributions_with_drivers(bridge, drivers)
    region = np.unique(bridge.contribution_region.values)
    names = [ABBREVIATIONS[number] for number in region]
    in_region = bridge.contribution_region.values == region[:, None]
    area = regional_sums(drivers.land_area.values, drivers.cell_region.values)
    time = pd.DatetimeIndex(drivers.time.values)
    found = {year: _usable_year(inversions.NEE.sel(region=names), time, year) for year in years}
    usable = {number: year for number, year in found.items() if year}
    if settings.n_held_out_years >= len(usable):
        raise DataError(
            PARAMS_FILE, "train.n_held_out_years", settings.n_held_out_years,
            f"fewer than the {len(usable)} years that have drivers and inversions",
        )  # fmt: skip
    held_out = drawn_years(list(usable), settings.n_held_out_years, settings.seed)
    return RegionalSource(
        regions=tuple(names),
        land_area=area[region],
        drivers=contributing,
        operator=Contributions(
            in_region * bridge.theta.values / PG,
            bridge.intercept.sel(region=names).values / PG,
            int(bridge.n_drawn),
        ),
        training=tuple(usable[number] for number in usable if number not in held_out),
        held_out=tuple(usable[number] for number in held_out),
        settings=settings,
    )


def _contributions_with_drivers(
    bridge: xr.Dataset, drivers: xr.Dataset
) -> tuple[xr.Dataset, CellDrivers]:
    """Contributions that have drivers, and these drivers in the networks' order.

    A bridge that uses every cell omits cells without drivers: the product has no flux there either,
    so both totals cover the same cells. A fitted model is valid only with all of its cells.
    """
    rows = pd.Index(drivers.cell.values).get_indexer(bridge.cell.values)
    if (rows < 0).any():
        unknown = bridge.cell.values[rows < 0][:3]
        raise DataError(
            "bridge", "cell", f"cells {unknown}, which the driver store does not hold",
            "cells of the driver store", "run dvc repro",
        )  # fmt: skip
    names = drivers_in(drivers)
    found = drivers[names].isel(cell=rows).load()
    gaps = {name: _has_gaps(found[name]) for name in names}
    complete = ~np.any(list(gaps.values()), axis=0)
    if complete.all():
        return bridge, stored_cell_drivers(found, names)
    if bridge.attrs.get("method") not in EVERY_CELL_METHODS or not complete.any():
        with_gaps = ", ".join(name for name, cells in gaps.items() if cells.any())
        raise DataError("driver store", with_gaps, "gaps at contributing cells", "complete drivers")
    return bridge.isel(contribution=complete), stored_cell_drivers(found.isel(cell=complete), names)


def _has_gaps(driver: xr.DataArray) -> np.ndarray:
    """Whether a driver has a gap in each cell, bool (cell,)."""
    missing = driver.isnull()
    return missing.any([dim for dim in missing.dims if dim != "cell"]).values


def _usable_year(nee: xr.DataArray, time: pd.DatetimeIndex, year: int) -> Year | None:
    """A year with drivers and, in every month, at least one inversion; None for any other year."""
    days = np.flatnonzero(time.year == year)
    months = nee.sel(time=nee.time.dt.year == year).transpose("member", "region", "time")
    present = months.notnull().any(("member", "region"))
    # a step may draw a subset of months: one without any inversion would have no loss
    if not len(days) or len(present) != MONTHS or not present.all():
        return None
    return Year(
        days=days,
        month=np.asarray(time.month[days]) - 1,
        month_days=months.time.dt.days_in_month.values.astype(float),
        inversions=months.values,
    )
