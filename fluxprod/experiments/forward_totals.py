"""Run the networks, and keep only monthly totals and the mean of the members."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.atomic_output import remove
from fluxprod.core.world import World
from fluxprod.evaluation.run.cell_years import cell_years
from fluxprod.evaluation.run.totals import member_totals
from fluxprod.networks.settings import ForwardSettings
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
    params: ForwardSettings,
    compute: ComputeSettings,
) -> None:
    nee = checkpoints / "nee.zarr"  # kept after an interruption, so that the next run resumes
    forward.main(
        networks=networks, drivers=drivers, nee=nee, world=world, params=params, compute=compute
    )
    with open_interim(nee) as store:
        write_interim(monthly_summary(store), totals)
    remove(nee)


def monthly_summary(store: xr.Dataset) -> xr.Dataset:
    """Summarise a forward run: regional totals by member, and means over members by cell.

    Parameters
    ----------
    store : Dataset
        Output of the forward stage.

    Returns
    -------
    Dataset
        ``NEE`` (member, region, time) [PgC month-1]; ``NEE_mean`` (time, cell) [g m-2 d-1]; and the
        mean and spread over members of annual NEE, ``NEE_year_mean`` and ``NEE_year_spread``
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
