"""Comparison of the towers of a folder with the number that a run needs."""

from collections.abc import Sequence
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.inventory.needs import RunNeeds
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.status import SourceStatus
from fluxprod.readers.towers.sites import facts_of, find_tower_files, fluxnet_sites, lathuile_sites

NAMED = 3  # sites that a problem names


def compare_towers(
    status: SourceStatus, root: Path, records: Sequence[RawRecord], needs: RunNeeds
) -> None:
    """Complete the status of ``fluxnet`` or ``lathuile`` from years, sites and site tables.

    Parameters
    ----------
    status : SourceStatus
        Status to complete.
    root : Path
        Folder that holds both ``fluxnet`` and ``lathuile``.
    records : sequence of RawRecord
        Records of its towers.
    needs : RunNeeds
        What the run needs.
    """
    status.first_year, status.last_year = needs.years[0], needs.years[-1]
    status.years = [y for y in needs.years if any(_holds(record, y) for record in records)]
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
        _check_number(status, len(fluxnet) + len(older), records, needs)
    elif not older:
        status.status = "not needed"


def _check_number(
    status: SourceStatus, n_sites: int, records: Sequence[RawRecord], needs: RunNeeds
) -> None:
    """See that the folds have enough sites; only the stage knows which days pass its screening."""
    short = [record for record in records if (record.valid_nee_days or 0) < needs.min_days]
    short = [record for record in short if record.kind == "fluxnet" and record.readable]
    enough = n_sites - len(short)
    if enough < needs.min_sites:
        status.status = "incomplete" if n_sites else "missing"
        found = f"{enough} sites with {needs.min_days} good days of NEE"
        status.problems.append(f"found {found}, expected at least {needs.min_sites}")
    elif not status.files:
        status.status = "not needed"


def _holds(record: RawRecord, year: int) -> bool:
    return record.first_date is not None and record.overlaps(range(year, year + 1))


def _check_facts(root: Path, key: str, sites: Sequence[str]) -> None:
    """Raise a DataError that names the towers without coordinates or plant functional type."""
    path = root / key
    known = fluxnet_sites(path) if key == "fluxnet" else lathuile_sites(path)
    faults = []
    for site in sites:
        try:
            facts_of(path, known, site)
        except DataError as error:
            faults.append(f"{site}: {error.found}")
    if faults:
        some = ", ".join(faults[:NAMED]) + (", ..." if len(faults) > NAMED else "")
        action = "complete the site table or remove the files of the sites"
        raise DataError(path, "sites", some, "coordinates and IGBP class of each", action)
