"""A forward run of which only monthly totals and the members' mean are kept."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.atomic_output import remove
from fluxprod.evaluation.run.cell_years import cell_years
from fluxprod.evaluation.run.totals import member_totals
from fluxprod.params import Compute, Forward, World
from fluxprod.readers.interim import open_interim
from fluxprod.stages import forward
from fluxprod.writers.interim import write_interim


def main(
    *,
    networks: Path,
    drivers: Path,
    totals: Path,
    checkpoints: Path,
    world: World,
    params: Forward,
    compute: Compute,
) -> None:
    nee = checkpoints / "nee.zarr"  # where what was made outlasts an interruption
    forward.main(
        networks=networks, drivers=drivers, nee=nee, world=world, params=params, compute=compute
    )
    with open_interim(nee) as store:
        write_interim(monthly_summary(store), totals)
    remove(nee)


def monthly_summary(store: xr.Dataset) -> xr.Dataset:
    """Totals of regions by member, and of cells what the members have in common.

    Returns
    -------
    Dataset
        ``NEE`` (member, region, time) [PgC month-1], ``NEE_mean`` (time, cell) [g m-2 d-1], and the
        members' mean and spread of annual NEE, ``NEE_year_mean`` and ``NEE_year_spread``
        (cell, year) [g m-2 yr-1].
    """
    monthly = store.NEE_month.load()
    totals = member_totals(monthly, store.land_area.values, store.cell_region.values)
    mean = monthly.mean("member").transpose("month", "cell")
    time = pd.DatetimeIndex(store.month.values)
    of_years = dict(zip(("NEE_year_mean", "NEE_year_spread"), cell_years(monthly)))
    return xr.Dataset(
        {
            "NEE": totals.assign_attrs(units="Pg month-1"),
            "NEE_mean": (("time", "cell"), mean.values, {"units": "g m-2 d-1"}),
            **{
                name: (("cell", "year"), values, {"units": "g m-2 yr-1"})
                for name, values in of_years.items()
            },
        },
        coords={"time": time, "cell": store.cell.values, "year": np.unique(time.year)},
    )
