"""Daily records of all towers, quality-screened, with folds by site."""

from pathlib import Path

import pandas as pd
from rich.progress import track

from fluxprod.errors import DataError
from fluxprod.params import Towers, World
from fluxprod.readers.towers import read_towers
from fluxprod.stages._run import run
from fluxprod.time_axis import daily_axis
from fluxprod.towers.folds import folds_by_site
from fluxprod.towers.screening import RULES, Screening, screened
from fluxprod.towers.table import tower_table
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.interim import write_interim


def main(
    *,
    fluxnet: Path,
    lathuile: Path,
    towers: Path,
    screening: Path,
    world: World,
    params: Towers,
) -> None:
    period = slice(f"{world.first_year}-01-01", f"{world.last_year}-12-31")
    limits = screening_of(params)
    kept, facts, rows = {}, {}, []
    for site, record, fact in track(list(read_towers(fluxnet, lathuile)), description="towers"):
        record, days = screened(record.sel(time=period), limits)
        used = days["kept"] >= params.min_days
        rows.append({"site": site, "source": fact["source"], **days, "used": used})
        if used:
            kept[site], facts[site] = record, fact
    removed = pd.DataFrame(rows, columns=["site", "source", "days", *RULES, "kept", "used"])
    say(removed)
    if len(kept) < params.n_folds:
        raise DataError(
            fluxnet, "NEE", f"{len(kept)} sites with {params.min_days} valid days",
            f"at least {params.n_folds}", "lower towers.min_qc or add files",
        )  # fmt: skip
    sites = pd.DataFrame.from_dict(facts, orient="index").sort_index()
    try:
        sites["fold"] = folds_by_site(
            sites.lat.to_numpy(),
            sites.lon.to_numpy(),
            params.n_folds,
            neighbour_distance=params.neighbour_distance,
            igbp=sites.igbp.to_numpy(),
        )
    except ValueError as error:
        raise DataError(
            fluxnet, "folds", error, "a group a fold", "lower towers.n_folds"
        ) from error
    write_interim(tower_table(kept, sites, daily_axis(world.first_year, world.last_year)), towers)
    write_table(removed.sort_values("site"), screening)


def screening_of(params: Towers) -> Screening:
    """Limits of the rules, as ``params.yaml`` has them."""
    return Screening(**{name: getattr(params, name) for name in Screening._fields})


def say(removed: pd.DataFrame) -> None:
    """One line on what was removed from how many sites."""
    total = removed[["days", *RULES, "kept"]].sum()
    rules = ", ".join(f"{total[name]} by {name}" for name in RULES)
    left_out = f"{(~removed.used.astype(bool)).sum()} of {len(removed)} sites left out"
    print(f"towers: {total.days} days with NEE, removed {rules}; {left_out}", flush=True)


if __name__ == "__main__":
    run(main)
