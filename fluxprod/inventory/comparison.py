"""Comparison of a folder of raw files with the list of data sets that a run needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fluxprod.inventory.coverage import spanned_years
from fluxprod.inventory.dataset import RawDataset
from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.inventory.files_read import files_read
from fluxprod.inventory.left_alone import UNREAD, reason_to_leave
from fluxprod.inventory.needs import OPTIONAL, RunNeeds, checks_by_variable
from fluxprod.inventory.record import NO_FILE, RawRecord
from fluxprod.inventory.sites import compare_towers
from fluxprod.inventory.status import SourceStatus
from fluxprod.readers.modis.composites import PRODUCTS

FOLDERS = tuple(dict.fromkeys(dataset.folder for dataset in RAW_LIST))
TOWERS = ("fluxnet", "lathuile")
STOPS_IF_EMPTY = {"era5", "gfas", "fluxcom"}  # a run stops at a day without values
OPENS_ALL = {"era5", "gfas"}  # their readers open every file, whatever its years
NAMED = 3  # files that a problem names


@dataclass
class Comparison:
    """Status of a data set, and the files that a run reads for it.

    Parameters
    ----------
    status : SourceStatus
    read : list of str, optional
        Paths of the files, sorted; None if a fault keeps the reader from choosing them.
    """

    status: SourceStatus
    read: list[str] | None = field(default_factory=list)


def is_raw_root(path: Path) -> bool:
    """Whether a folder contains at least one of the subfolders for raw files."""
    return any((path / name).is_dir() for name in FOLDERS)


def folders_of(dataset: RawDataset) -> tuple[str, ...]:
    """Folders on which the comparison of a data set depends."""
    if dataset.key == "rivers":  # which may come with the inversions
        return "rivers", "inversions"
    return TOWERS if dataset.key in TOWERS else (dataset.folder,)


def compare_dataset(
    dataset: RawDataset, root: Path, records: Sequence[RawRecord], needs: RunNeeds
) -> Comparison:
    """Compare a folder of raw files with what a run needs of a data set.

    Parameters
    ----------
    dataset : RawDataset
        Data set of the list.
    root : Path
        ``data/raw/<source>``.
    records : sequence of RawRecord
        Records of all files in `folders_of` the data set, with paths relative to ``root``.
    needs : RunNeeds
        What the run needs.
    """
    ours = [record for record in records if _belongs(record, dataset)]
    status = SourceStatus(dataset.key, dataset.folder, required=not dataset.optional)
    status.files = sum(record.readable for record in ours)
    checks = checks_by_variable(dataset.key, root, needs)
    if not (root / dataset.folder).is_dir():
        status.status = "missing"
        empty = "; it may stay empty" if dataset.optional else ""
        status.problems.append(f"found no folder {root / dataset.folder}; create it{empty}")
        if dataset.key not in TOWERS:
            needed = [name for name in checks if name not in OPTIONAL]
            status.set_years(dict.fromkeys(needed, ()), needs.years)
        return Comparison(status)
    if dataset.key in TOWERS:
        compare_towers(status, root, records, needs)
    elif dataset.key == "rivers" and not needs.rivers:
        status.status, status.required = "not needed", False
        return Comparison(status)
    else:
        status.compare(checks, needs.years)
        _count_years_of_readable_files(status, ours, needs.years)
    read = files_read(dataset.key, root, needs)
    _add_faults(status, ours, needs.years, read)
    return Comparison(status, None if read is None else sorted(read))


def _belongs(record: RawRecord, dataset: RawDataset) -> bool:
    """Whether a file is of a data set, by its folder and, for MODIS, by its product."""
    folder, _, name = record.path.partition("/")
    if folder != dataset.folder:
        return False
    if folder != "modis":
        return record.kind == folder or not record.readable
    if record.left_alone and record.kind != "modis":
        return False
    of_key = PRODUCTS.get(dataset.key, ())
    products = {product for form in of_key for product in form.names} or {dataset.key}
    return name.rpartition("/")[2].split(".")[0] in products


def _count_years_of_readable_files(
    status: SourceStatus, records: Sequence[RawRecord], years: range
) -> None:
    """Restore the years that are present although the reader stopped at a broken file."""
    if status.key in OPENS_ALL and not all(record.readable for record in records):
        status.set_years(spanned_years(status.key, records, years), years)


def _add_faults(
    status: SourceStatus, records: Sequence[RawRecord], years: range, read: set[str] | None
) -> None:
    """Add unreadable files and days without values, which stop a run that reads them."""
    used = [record for record in records if record.overlaps(years) and _stops(record, read)]
    told = " ".join(status.problems)
    broken = [record.path for record in used if not record.readable]
    if broken := [path for path in broken if path.rpartition("/")[2] not in told]:
        status.add_fault(f"{len(broken)} unreadable: {_some(broken)}")
    empty = [
        f"{record.path} {step}"
        for record in used
        if status.key in STOPS_IF_EMPTY
        for step in record.empty_steps
        if not step[:4].isdigit() or int(step[:4]) in years
    ]
    if empty:
        status.add_fault(f"{len(empty)} days without values: {_some(empty)}")


def _stops(record: RawRecord, read: set[str] | None) -> bool:
    """Whether a fault of a file stops a run, or hides a tower from it."""
    return read is None or record.path in read or record.kind in (NO_FILE, "fluxnet")


def mark_left_alone(records: Iterable[RawRecord], compared: Sequence[Comparison]) -> None:
    """State the reason why files that no data set reads are left alone.

    Parameters
    ----------
    records : iterable of RawRecord
        Records of all files.
    compared : sequence of Comparison
        Comparisons of all data sets; files are judged where all readers could choose theirs.
    """
    read = {path for comparison in compared for path in comparison.read or ()}
    unsure = {comparison.status.folder for comparison in compared if comparison.read is None}
    for record in records:
        folder = record.path.partition("/")[0]
        if record.path in read and (record.left_alone or "").startswith(UNREAD):
            record.left_alone = None
        if record.left_alone or record.path in read or folder in unsure:
            continue
        hidden = not record.readable and record.kind in (NO_FILE, "fluxnet")
        if not hidden and record.kind != "site table":
            record.left_alone = reason_to_leave(record, FOLDERS)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
