"""A constraint from what earlier stages wrote: bridge, inversions and drivers."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.regions import ABBREVIATIONS, regional_sums
from fluxprod.core.time_axis import MONTHS
from fluxprod.core.units import PG
from fluxprod.core.variables import drivers_in
from fluxprod.networks.constraint.regional_operator import Contributions
from fluxprod.networks.constraint.regional_term import RegionalSource, Sampling, Year, drawn_years
from fluxprod.networks.model.cell_drivers import CellDrivers, stored_cell_drivers

EVERY_CELL = ("sampled", "exact")  # methods of a bridge that lists all cells of its regions


def regional_source(
    bridge: xr.Dataset,
    inversions: xr.Dataset,
    drivers: xr.Dataset,
    *,
    years: Iterable[int],
    n_held_out_years: int,
    sampling: Sampling,
    norm: int,
    annual: bool,
    seed: int,
) -> RegionalSource | None:
    """Put the constraint together; None where the bridge has no contribution, as for EC.

    A region without a contributing cell cannot constrain the network and takes no part.

    Parameters
    ----------
    bridge : Dataset
        ``cell``, ``contribution_region``, ``theta`` [m2] (contribution); ``intercept`` [g d-1]
        (region); ``n_drawn``, the cells of a region that a training step draws, 0 for all.
    inversions : Dataset
        ``NEE`` (member, region, time) [PgC month-1].
    drivers : Dataset
        Driver store of all land cells, opened lazily; only contributing cells are read.
    years : iterable of int
        Of the study; those without drivers or inversions take no part.
    n_held_out_years, sampling, norm, annual, seed
        As in `RegionalSource` and `drawn_years`.
    """
    if bridge.sizes["contribution"] == 0:
        return None
    bridge, contributing = _contributing(bridge, drivers)
    region = np.unique(bridge.contribution_region.values)
    names = [ABBREVIATIONS[number] for number in region]
    here = bridge.contribution_region.values == region[:, None]
    area = regional_sums(drivers.land_area.values, drivers.cell_region.values)
    time = pd.DatetimeIndex(drivers.time.values)
    found = {year: _year(inversions.NEE.sel(region=names), time, year) for year in years}
    usable = {number: year for number, year in found.items() if year}
    if not 0 < n_held_out_years < len(usable):
        raise DataError(
            "params.yaml", "train.n_held_out_years", n_held_out_years, f"1 to {len(usable) - 1}"
        )
    held_out = drawn_years(list(usable), n_held_out_years, seed)
    return RegionalSource(
        regions=tuple(names),
        land_area=area[region],
        drivers=contributing,
        operator=Contributions(
            here * bridge.theta.values / PG,
            bridge.intercept.sel(region=names).values / PG,
            int(bridge.n_drawn),
        ),
        training=tuple(usable[number] for number in usable if number not in held_out),
        held_out=tuple(usable[number] for number in held_out),
        sampling=sampling,
        norm=norm,
        annual=annual,
    )


def _contributing(bridge: xr.Dataset, drivers: xr.Dataset) -> tuple[xr.Dataset, CellDrivers]:
    """Contributions that have drivers, and these, in the networks' order.

    A bridge of every cell goes without those that have none: the product gives them no flux, so
    its totals are of the same cells. A fitted model cannot spare one.
    """
    rows = pd.Index(drivers.cell.values).get_indexer(bridge.cell.values)
    if (rows < 0).any():
        strange = bridge.cell.values[rows < 0][:3]
        raise DataError("bridge", "cell", f"cells {strange}", "cells of the driver store")
    names = drivers_in(drivers)
    found = drivers[names].isel(cell=rows).load()
    gaps = {name: _gaps(found[name]) for name in names}
    whole = ~np.any(list(gaps.values()), axis=0)
    if whole.all():
        return bridge, stored_cell_drivers(found, names)
    if bridge.attrs.get("method") not in EVERY_CELL or not whole.any():
        with_gaps = ", ".join(name for name, cells in gaps.items() if cells.any())
        raise DataError("driver store", with_gaps, "gaps at contributing cells", "none")
    return bridge.isel(contribution=whole), stored_cell_drivers(found.isel(cell=whole), names)


def _gaps(driver: xr.DataArray) -> np.ndarray:
    """Whether each cell has a gap."""
    missing = driver.isnull()
    return missing.any([dim for dim in missing.dims if dim != "cell"]).values


def _year(nee: xr.DataArray, time: pd.DatetimeIndex, year: int) -> Year | None:
    """One year, or None unless it has drivers and, of any member, inversions in every month."""
    days = np.flatnonzero(time.year == year)
    months = nee.sel(time=nee.time.dt.year == year).transpose("member", "region", "time")
    present = months.notnull().any(("member", "region"))
    # some months alone may be drawn for a step: one without inversions would have no loss
    if not len(days) or len(present) != MONTHS or not present.all():
        return None
    return Year(
        days=days,
        month=np.asarray(time.month[days]) - 1,
        month_days=months.time.dt.days_in_month.values.astype(float),
        inversions=months.values,
    )
