"""A forward run of which only monthly totals and the members' mean are kept."""

from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.evaluation.totals import member_totals
from fluxprod.params import Compute, Forward, World
from fluxprod.readers.interim import open_interim
from fluxprod.stages import forward
from fluxprod.writers.interim import write_interim
from fluxprod.writers.whole_file import remove


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
    """``NEE`` (member, region, time) [PgC month-1] and ``NEE_mean`` (time, cell) [g m-2 d-1]."""
    monthly = store.NEE_month.load()
    totals = member_totals(monthly, store.land_area.values, store.cell_region.values)
    mean = monthly.mean("member").transpose("month", "cell")
    time = pd.DatetimeIndex(store.month.values)
    return xr.Dataset(
        {
            "NEE": totals.assign_attrs(units="Pg month-1"),
            "NEE_mean": (("time", "cell"), mean.values, {"units": "g m-2 d-1"}),
        },
        coords={"time": time, "cell": store.cell.values},
    )
