"""Whether the towers of a folder are enough for a run."""

from collections.abc import Sequence
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.inventory.needs import Wanted
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.status import SourceStatus
from fluxprod.readers.towers.sites import facts_of, find_tower_files, fluxnet_sites, lathuile_sites

NAMED = 3


def compare_towers(
    status: SourceStatus, root: Path, records: Sequence[RawRecord], wanted: Wanted
) -> None:
    """Complete the status of ``fluxnet`` or ``lathuile``: years, sites, site tables.

    Parameters
    ----------
    status : SourceStatus
        To complete.
    root : Path
        Folder of both.
    records : sequence of RawRecord
        Of its towers.
    wanted : Wanted
    """
    status.first_year, status.last_year = wanted.years[0], wanted.years[-1]
    status.years = [y for y in wanted.years if any(_holds(record, y) for record in records)]
    try:
        fluxnet = find_tower_files(root / "fluxnet")
        lathuile = find_tower_files(root / "lathuile")
        older = [site for site in lathuile if site not in fluxnet]
        sites = list(fluxnet) if status.key == "fluxnet" else older
        if sites:
            _check_facts(root, status.key, sites)
    except DataError as error:
        status.add_fault(str(error))
        return
    if status.key == "fluxnet":
        _check_number(status, len(fluxnet) + len(older), records, wanted)
    elif not older:
        status.status = "not needed"


def _check_number(
    status: SourceStatus, n_sites: int, records: Sequence[RawRecord], wanted: Wanted
) -> None:
    """Folds need sites; how many days of each pass the screening is told by the stage alone."""
    short = [record for record in records if (record.valid_nee_days or 0) < wanted.min_days]
    short = [record for record in short if record.kind == "fluxnet" and record.readable]
    enough = n_sites - len(short)
    if enough < wanted.min_sites:
        status.status = "incomplete" if n_sites else "missing"
        found = f"{enough} sites with {wanted.min_days} good days of NEE"
        status.problems.append(f"found {found}, expected at least {wanted.min_sites}")
    elif not status.files:
        status.status = "not needed"


def _holds(record: RawRecord, year: int) -> bool:
    return record.first_date is not None and record.overlaps(range(year, year + 1))


def _check_facts(root: Path, key: str, sites: Sequence[str]) -> None:
    """Raise a DataError that names towers without position or biome."""
    path = root / key
    known = fluxnet_sites(path) if key == "fluxnet" else lathuile_sites(path)
    faults = []
    for site in sites:
        try:
            facts_of(path, known, site)
        except DataError as error:
            faults.append(f"{site} {error.found}")
    if faults:
        some = ", ".join(faults[:NAMED]) + (", ..." if len(faults) > NAMED else "")
        action = "complete the site table or remove the files of the sites"
        raise DataError(path, "sites", some, "position and biome of each", action)
