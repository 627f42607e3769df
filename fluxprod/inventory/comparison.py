"""Comparison of a folder of raw files with the list of data sets that a run needs."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fluxprod.inventory.coverage import spanned_years
from fluxprod.inventory.dataset import RawDataset
from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.inventory.needs import RunNeeds, checks_by_variable
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.sites import compare_towers
from fluxprod.inventory.status import SourceStatus
from fluxprod.readers.inversions.gfas import FIRST_YEAR as FIRST_GFAS_YEAR
from fluxprod.readers.modis.composites import PRODUCTS

FOLDERS = tuple(dict.fromkeys(dataset.folder for dataset in RAW_LIST))
TOWERS = ("fluxnet", "lathuile")
STOPS_IF_EMPTY = {"era5", "gfas", "fluxcom"}  # a run stops at a day without values
OPENS_ALL = {"era5", "gfas"}  # their readers open every file, whatever its years
NAMED = 3  # files that a problem names


def is_raw_root(path: Path) -> bool:
    """Whether a folder contains at least one of the subfolders for raw files."""
    return any((path / name).is_dir() for name in FOLDERS)


def compare_folder(
    root: Path, records: Sequence[RawRecord], needs: RunNeeds
) -> Iterator[SourceStatus]:
    """Compare a folder of raw files with the list of data sets.

    Parameters
    ----------
    root : Path
        ``data/raw/<source>``.
    records : sequence of RawRecord
        Records of all its files, with paths relative to it.
    needs : RunNeeds
        What the run needs.

    Yields
    ------
    SourceStatus
        One per data set, in the order of the list.
    """
    for dataset in RAW_LIST:
        ours = [record for record in records if _belongs(record, dataset)]
        status = SourceStatus(dataset.key, dataset.folder, required=not dataset.optional)
        status.files = sum(record.readable for record in ours)
        if not (root / dataset.folder).is_dir():
            status.status = "missing"
            empty = "; it may stay empty" if dataset.optional else ""
            status.problems.append(f"found no folder {root / dataset.folder}; create it{empty}")
        elif dataset.key in TOWERS:
            compare_towers(status, root, ours, needs)
        elif dataset.key == "rivers" and not needs.rivers:
            status.status, status.required = "not needed", False
        else:
            status.compare(checks_by_variable(dataset.key, root, needs), needs.years)
            _count_years_of_readable_files(status, ours, needs.years)
        _add_faults(status, ours, needs.years)
        yield status


def _belongs(record: RawRecord, dataset: RawDataset) -> bool:
    """Whether a file is of a data set, by its folder and, for MODIS, by its product."""
    folder, _, name = record.path.partition("/")
    if folder != dataset.folder:
        return False
    if folder != "modis":
        return record.kind == folder or not record.readable
    of_key = PRODUCTS.get(dataset.key, ())
    products = {product for form in of_key for product in form.names} or {dataset.key}
    return name.rpartition("/")[2].split(".")[0] in products


def _count_years_of_readable_files(
    status: SourceStatus, records: Sequence[RawRecord], years: range
) -> None:
    """Restore the years that are present although the reader stopped at a broken file."""
    if status.key not in OPENS_ALL or all(record.readable for record in records):
        return
    status.years = spanned_years(status.key, records, years)
    if status.key == "gfas":
        status.years += [year for year in years if year < FIRST_GFAS_YEAR]
    status.years = sorted(set(status.years))
    status.missing_years = [year for year in years if year not in status.years]
    status.missing_variables = []


def _add_faults(status: SourceStatus, records: Sequence[RawRecord], years: range) -> None:
    """Add unreadable files and days without values, which stop a run that covers their years."""
    used = [record for record in records if record.overlaps(years)]
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


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
