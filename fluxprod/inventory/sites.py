"""Comparison of the towers of a folder with the number that a run needs."""

from collections.abc import Iterable, Sequence
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

    Only the stage ``towers`` knows which days pass its screening.

    Parameters
    ----------
    status : SourceStatus
        Status to complete.
    root : Path
        Folder that holds both ``fluxnet`` and ``lathuile``.
    records : sequence of RawRecord
        Records of the towers in both folders.
    needs : RunNeeds
        What the run needs.
    """
    status.first_year, status.last_year = needs.years[0], needs.years[-1]
    ours = [record for record in records if record.kind == status.key]
    status.years = [year for year in needs.years if any(_holds(record, year) for record in ours)]
    fluxnet, fault = _sites_in(root / "fluxnet")
    lathuile, older_fault = _sites_in(root / "lathuile")
    older = [site for site in lathuile if site not in fluxnet]
    sites = fluxnet if status.key == "fluxnet" else older
    fault = fault if status.key == "fluxnet" else older_fault
    fault = fault or _fault_of_facts(root / status.key, status.key, sites)
    if fault:
        status.add_fault(fault)
    elif status.key == "fluxnet":
        days = _good_days(records, needs.years, "fluxnet", fluxnet)
        days += _good_days(records, needs.years, "lathuile", older)
        _check_number(status, days, needs)
    elif not older:
        status.status = "not needed"


def _good_days(
    records: Iterable[RawRecord], years: range, kind: str, sites: Iterable[str]
) -> list[int]:
    """Days with good NEE in the years, one number per site."""
    days = dict.fromkeys(sites, 0)
    for record in records:
        if record.kind == kind and record.readable and record.site in days:
            by_year = record.valid_nee_days_by_year.items()
            days[record.site] += sum(n for year, n in by_year if int(year) in years)
    return list(days.values())


def _check_number(status: SourceStatus, days: Sequence[int], needs: RunNeeds) -> None:
    """See that the folds have enough sites."""
    enough = sum(n >= needs.min_days for n in days)
    if enough < needs.min_sites:
        status.status = "incomplete" if days else "missing"
        period = f"in {needs.years[0]} to {needs.years[-1]}"
        found = f"{enough} sites with {needs.min_days} good days of NEE {period}"
        status.problems.append(f"found {found}, expected at least {needs.min_sites}")
    elif not status.files:
        status.status = "not needed"


def _holds(record: RawRecord, year: int) -> bool:
    return record.first_date is not None and record.overlaps(range(year, year + 1))


def _sites_in(folder: Path) -> tuple[list[str], str]:
    """Sites with files in a folder, and the fault that keeps them from being found."""
    try:
        return list(find_tower_files(folder)), ""
    except DataError as error:
        return [], str(error)


def _fault_of_facts(folder: Path, key: str, sites: Sequence[str]) -> str:
    """Name the towers without coordinates or plant functional type; empty if there are none."""
    try:
        if sites:
            _check_facts(folder, key, sites)
    except DataError as error:
        return str(error)
    return ""


def _check_facts(path: Path, key: str, sites: Sequence[str]) -> None:
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
