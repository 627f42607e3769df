"""Read the raw files that take seconds, so that their faults stop a run before its long stages.

These are towers, inversions, rivers, the budget and the regions; of GFAS and FLUXCOM, whose values
take minutes, the headers are read. All faults are reported at once.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fluxprod.core.errors import DataError, DataErrors
from fluxprod.core.json_file import write_json
from fluxprod.core.world import World
from fluxprod.inventory.needs import RunNeeds, checks_by_variable
from fluxprod.inversions.settings import InversionSettings
from fluxprod.readers.inversions.ensemble import FLUX_VARIABLES
from fluxprod.readers.modis.steps import Outage
from fluxprod.readers.towers.good_days import good_days_by_site
from fluxprod.stages._run import run
from fluxprod.towers.settings import TowerSettings

QUICK = ("inversions", "rivers", "gfas", "fluxcom", "budget", "regions")  # besides towers


def main(
    *,
    raw: Path,
    checked: Path,
    world: World,
    towers: TowerSettings,
    inversions: InversionSettings,
) -> None:
    needs = run_needs(world, towers, inversions)
    faults = [*tower_faults(raw, needs), *quick_faults(raw, needs)]
    if faults:
        raise DataErrors(faults)
    # nothing that changes with the files: the long stages wait for it, but do not depend on them
    write_json({"years": [needs.years[0], needs.years[-1]], "read": ["towers", *QUICK]}, checked)


def run_needs(
    world: World,
    towers: TowerSettings,
    inversions: InversionSettings,
    outages: Iterable[Outage] = (),
) -> RunNeeds:
    """Collect the parameters that decide which raw files a run needs.

    Parameters
    ----------
    world : World
    towers : TowerSettings
    inversions : InversionSettings
    outages : iterable of (Timestamp, Timestamp)
        First and last day of each period without MODIS data.
    """
    return RunNeeds(
        years=world.years,
        outages=tuple(outages),
        members=tuple(inversions.members),
        inversion_variable=FLUX_VARIABLES[inversions.rivers],
        rivers=inversions.rivers == "separate",
        min_sites=towers.n_folds,
        min_days=towers.min_days,
        min_qc=towers.min_qc,
    )


def tower_faults(raw: Path, needs: RunNeeds) -> list[DataError]:
    """Read all towers and return what would stop a run, including too few of them.

    Parameters
    ----------
    raw : Path
        Folder of raw files, ``data/raw/<source>``.
    needs : RunNeeds
        What the run needs.
    """
    fluxnet = raw / "fluxnet"
    try:
        days = good_days_by_site(fluxnet, raw / "lathuile", needs.years, needs.min_qc)
    except DataError as error:
        return error.faults
    enough = sum(n >= needs.min_days for n in days.values())
    if enough >= needs.min_sites:
        return []
    period = f"in {needs.years[0]} to {needs.years[-1]}"
    found = f"{enough} sites with at least {needs.min_days} good days {period}"
    return [DataError(fluxnet, "NEE", found, f"at least {needs.min_sites}", "add towers")]


def quick_faults(raw: Path, needs: RunNeeds) -> Iterator[DataError]:
    """Read the other files that take seconds and yield what would stop a run.

    Parameters
    ----------
    raw : Path
        Folder of raw files, ``data/raw/<source>``.
    needs : RunNeeds
        What the run needs.
    """
    for key in QUICK:
        if key == "rivers" and not needs.rivers:
            continue
        for check in checks_by_variable(key, raw, needs).values():
            try:
                check(needs.years)
            except DataError as error:
                yield from error.faults


if __name__ == "__main__":
    run(main)
