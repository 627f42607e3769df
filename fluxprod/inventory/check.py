"""Check of a folder of raw files: what each file holds, and whether a run could start."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fluxprod.inventory.comparison import mark_left_alone
from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.inventory.folder import mark_duplicates, mark_unused
from fluxprod.inventory.found_before import found_before
from fluxprod.inventory.needs import RunNeeds
from fluxprod.inventory.raw_files import Follow, RawFiles
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.status import SourceStatus
from fluxprod.readers.files.folder import no_files, raw_files

USUAL_MIN_QC = 0.75  # share of good half hours that the literature asks of a valid day
SCHEMA = 1  # version of the JSON form


@dataclass(frozen=True)
class FolderCheck:
    """Result of the check of one folder or file.

    Parameters
    ----------
    path : Path
        The folder or file.
    world : str, optional
        World whose years are wanted; None if the files are only listed.
    files : list of RawRecord
        One per file or tower table, sorted by path.
    sources : list of SourceStatus
        One per data set of the list; empty if the files are only listed.
    """

    path: Path
    world: str | None
    files: list[RawRecord]
    sources: list[SourceStatus]

    @property
    def ready(self) -> bool:
        """Whether a run could start, or, if the files are only listed, all are readable."""
        if self.sources:
            return all(status.ready for status in self.sources)
        return bool(self.files) and all(record.readable for record in self.files)

    def as_json(self) -> dict[str, Any]:
        """All results in a form for `json.dumps`."""
        return {
            "schema": SCHEMA,
            "path": str(self.path),
            "world": self.world,
            "ready": self.ready,
            "sources": [asdict(status) for status in self.sources],
            "files": [asdict(record) for record in self.files],
        }


def in_silence(items: Iterable[Any], task: str, total: int) -> Iterable[Any]:
    """Iterate without showing any progress."""
    return items


def check_folder(
    path: Path,
    world: str = "",
    needs: RunNeeds | None = None,
    *,
    min_qc: float | None = None,
    scan: bool = True,
    follow: Follow = in_silence,
    answers: Path | None = None,
) -> FolderCheck:
    """Describe all files of a folder and compare them with what a run needs.

    Parameters
    ----------
    path : Path
        Folder of raw files with one subfolder per source, or any other folder or file.
    world : str
        World that ``needs`` belongs to.
    needs : RunNeeds, optional
        What a run of this world needs; without it the files are only listed.
    min_qc : float, optional
        Share of good half hours that a valid day of NEE needs; by default that of ``needs``,
        or 0.75 without ``needs`` [1].
    scan : bool
        Whether to search the values for steps without any; otherwise only names and headers
        are read.
    follow : callable
        Passes on an iterable while it shows its progress, given a task and a length.
    answers : Path, optional
        Sqlite file that keeps what is found for the next call; files that have not changed are
        then not read again.

    Raises
    ------
    DataError
        If ``path`` does not exist.
    """
    if min_qc is None:
        min_qc = USUAL_MIN_QC if needs is None else needs.min_qc
    root = path if path.is_dir() else path.parent
    with found_before(answers) as known:
        listed = RawFiles(root, raw_files(path), no_files(path), min_qc, scan)
        records = listed.records(known, follow)
        mark_duplicates(records)
        if needs is None:
            return FolderCheck(path, None, records, [])
        mark_unused(records, needs.years)
        compared = [
            listed.compared(dataset, records, needs, known)
            for dataset in follow(RAW_LIST, "comparing", len(RAW_LIST))
        ]
    mark_left_alone(records, compared)
    return FolderCheck(path, world, records, [comparison.status for comparison in compared])
