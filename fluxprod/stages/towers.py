"""Screen the daily records of all towers, and assign sites to folds."""

from pathlib import Path

import pandas as pd
from rich.progress import track

from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import daily_axis
from fluxprod.core.world import World
from fluxprod.readers.towers.sites import count_towers, read_towers
from fluxprod.stages._run import run
from fluxprod.towers.folds import folds_by_site
from fluxprod.towers.screening import screened
from fluxprod.towers.screening_table import screening_row, screening_summary, screening_table
from fluxprod.towers.settings import TowerSettings
from fluxprod.towers.table import RECORDED, tower_table
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.interim import write_interim


def main(
    *,
    fluxnet: Path,
    lathuile: Path,
    towers: Path,
    screening: Path,
    world: World,
    params: TowerSettings,
) -> None:
    period = slice(f"{world.first_year}-01-01", f"{world.last_year}-12-31")
    kept, facts, rows = {}, {}, []
    records, sites = read_towers(fluxnet, lathuile), count_towers(fluxnet, lathuile)
    for site, record, fact in track(records, description="towers", total=sites):
        record, count = screened(record.sel(time=period), params)
        row = screening_row(site, str(fact["source"]), count, params.min_days)
        rows.append(row)
        if row["used"] == "yes":
            kept[site], facts[site] = record[[name for name in RECORDED if name in record]], fact
    table = screening_table(rows)
    # written before any error is raised, because it explains the error
    write_table(table, screening)
    print(f"towers: {screening_summary(table)}", flush=True)
    used = with_folds(pd.DataFrame.from_dict(facts, orient="index").sort_index(), fluxnet, params)
    write_interim(tower_table(kept, used, daily_axis(world.first_year, world.last_year)), towers)


def with_folds(sites: pd.DataFrame, fluxnet: Path, params: TowerSettings) -> pd.DataFrame:
    """Add a column with the fold of each site.

    Parameters
    ----------
    sites : DataFrame
        ``lat``, ``lon``, ``igbp`` and ``source``, indexed by site.
    fluxnet : Path
        Folder of towers, which errors name.
    params : TowerSettings
        Settings of the towers.

    Raises
    ------
    DataError
        If there are fewer sites, or fewer groups of neighbouring sites, than folds.
    """
    if len(sites) < params.n_folds:
        raise DataError(
            fluxnet, "NEE", f"{len(sites)} sites with at least {params.min_days} valid days",
            f"at least {params.n_folds}",
            "see the table of --screening for the rule that removed the days, or add files",
        )  # fmt: skip
    try:
        fold = folds_by_site(
            sites.lat.to_numpy(),
            sites.lon.to_numpy(),
            params.n_folds,
            neighbour_distance=params.neighbour_distance,
            igbp=sites.igbp.to_numpy(),
        )
    except ValueError as error:
        raise DataError(
            fluxnet, "folds", error, "at least one group for each fold", "lower towers.n_folds"
        ) from error
    return sites.assign(fold=fold)


if __name__ == "__main__":
    run(main)
