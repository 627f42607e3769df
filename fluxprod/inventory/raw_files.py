"""Files of a folder; of those that have not changed, what was found before is not read again."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fluxprod.inventory.comparison import Comparison, compare_dataset, folders_of
from fluxprod.inventory.dataset import RawDataset
from fluxprod.inventory.folder import raw_records
from fluxprod.inventory.found_before import FoundBefore
from fluxprod.inventory.needs import RunNeeds
from fluxprod.inventory.record import NO_FILE, RawRecord
from fluxprod.inventory.status import SourceStatus

Follow = Callable[[Iterable[Any], str, int], Iterable[Any]]


@dataclass(frozen=True)
class RawFiles:
    """Files of a folder.

    Parameters
    ----------
    root : Path
        Folder to which names are relative.
    files : sequence of Path
        All files.
    faults : mapping of Path to str
        Entries that are no files, each with the reason.
    min_qc : float
        Share of good half hours that a valid day needs [1].
    scan : bool
        Whether to read values too, to find steps without any.
    """

    root: Path
    files: Sequence[Path]
    faults: Mapping[Path, str]
    min_qc: float
    scan: bool

    @cached_property
    def states(self) -> dict[str, str]:
        """Size [byte], times of modification and change [ns] and inode of each file, by name."""
        return {self._name(path): _state(path) for path in self.files}

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def records(self, known: FoundBefore, follow: Follow) -> list[RawRecord]:
        """Describe all files; those that could be read before and have not changed, from memory.

        Parameters
        ----------
        known : FoundBefore
            What was found before.
        follow : callable
            Passes on an iterable while it shows its progress, given a task and a length.

        Returns
        -------
        list of RawRecord
            Sorted by path.
        """
        records = [
            record
            for path in follow(self.files, "reading", len(self.files))
            for record in self._of_file(path, known)
        ]
        for path, fault in self.faults.items():
            records.append(RawRecord(self._name(path), NO_FILE, problems=[fault], readable=False))
        return sorted(records, key=lambda record: record.path)

    def _of_file(self, path: Path, known: FoundBefore) -> list[RawRecord]:
        name = self._name(path)
        question = f"{path.absolute()}\n{name}\n{self.min_qc}\n{self.scan}"
        state = self.states[name]
        answer = known.get(question, state)
        if answer is not None:
            return [RawRecord(**fields) for fields in json.loads(answer)]
        records = raw_records(path, name, min_qc=self.min_qc, scan=self.scan)
        if all(record.readable for record in records):  # a disk may have failed for a moment
            known.put(question, state, json.dumps([asdict(record) for record in records]))
        return records

    def compared(
        self,
        dataset: RawDataset,
        records: Sequence[RawRecord],
        needs: RunNeeds,
        known: FoundBefore,
    ) -> Comparison:
        """Compare with what a run needs of a data set, or remember it if no file has changed.

        Parameters
        ----------
        dataset : RawDataset
            Data set of the list.
        records : sequence of RawRecord
            Records of all files.
        needs : RunNeeds
            What the run needs.
        known : FoundBefore
            What was found before.
        """
        folders = folders_of(dataset)
        ours = [record for record in records if record.path.partition("/")[0] in folders]
        if not all(record.readable for record in ours):
            return compare_dataset(dataset, self.root, ours, needs)
        question = f"{self.root.absolute()}\n{dataset.key}\n{self.min_qc}\n{self.scan}"
        state = _digest([*self._states_in(folders), repr(needs)])
        answer = known.get(question, state)
        if answer is not None:
            status, read = json.loads(answer)
            return Comparison(SourceStatus(**status), read)
        found = compare_dataset(dataset, self.root, ours, needs)
        known.put(question, state, json.dumps([asdict(found.status), found.read]))
        return found

    def _states_in(self, folders: Sequence[str]) -> Iterator[str]:
        for folder in folders:
            yield f"{folder} {(self.root / folder).is_dir()}"
        for name, state in self.states.items():
            if name.partition("/")[0] in folders:
                yield f"{name} {state}"


def _state(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
