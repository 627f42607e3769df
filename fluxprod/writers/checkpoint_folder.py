"""Where a training keeps its state: an npz archive a fold, outside the outs that DVC removes."""

import os
import shutil
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fluxprod.core.disk_full_errors import disk_full_errors
from fluxprod.core.errors import DataError


@dataclass(frozen=True)
class CheckpointFolder:
    """One file a fold, as `fluxprod.networks.training.checkpoints.Checkpoints` asks.

    Parameters
    ----------
    folder : Path
    fingerprint : str
        Of all that decides the result; the state of another run is left aside.
    """

    folder: Path
    fingerprint: str

    def load(self, fold: int) -> dict[str, np.ndarray] | None:
        """State of a fold; None, and a line on stderr, where the file is not to be gone on from."""
        path = self._path(fold)
        if not path.exists():
            return None
        try:
            return read_checkpoint(path, self._run(fold))
        except DataError as error:
            print(error, file=sys.stderr, flush=True)
            return None

    def save(self, fold: int, arrays: dict[str, np.ndarray]) -> None:
        """Keep the state of a fold."""
        write_checkpoint(self._path(fold), self._run(fold), arrays)

    def remove(self) -> None:
        """Forget all states: their run has ended."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, fold: int) -> Path:
        return self.folder / f"fold_{fold}.npz"

    def _run(self, fold: int) -> str:
        return f"{self.fingerprint} fold {fold}"


def read_checkpoint(path: Path, run: str) -> dict[str, np.ndarray]:
    """Read the arrays that `write_checkpoint` wrote.

    Parameters
    ----------
    path : Path
    run : str
        Whose state it has to be.

    Raises
    ------
    DataError
        If it is unreadable, holds anything but arrays of numbers and text, or is of another run.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()  # checksums first: a broken header asks for any size
        if damaged:
            raise ValueError(f"{damaged} is damaged")
        with np.load(path, allow_pickle=False) as archive:
            arrays = dict(archive)
        if strange := [name for name, array in arrays.items() if not isinstance(array, np.ndarray)]:
            raise ValueError(f"{strange} is no array")  # numpy gives the bytes of what it knows not
        found = arrays.pop("run").item()
    except Exception as error:  # a broken archive makes zipfile and numpy raise nearly anything
        raise DataError(
            path, "file", f"unreadable ({error})", "a checkpoint", "training starts anew"
        ) from error
    if found != run:
        raise DataError(
            path, "run", "that of other data, settings, code or versions", "that of this run",
            "training starts anew",
        )  # fmt: skip
    return arrays


def write_checkpoint(path: Path, run: str, arrays: dict[str, np.ndarray]) -> None:
    """Write the state of a run in place of the last one; at any moment one of the two is there.

    Parameters
    ----------
    path : Path
        An npz file.
    run : str
        Whose state it is.
    arrays : dict of ndarray
        Of numbers or text.

    Raises
    ------
    DataError
        If the disk is full.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")  # two runs at once: each its own
    try:
        with disk_full_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                np.savez(file, allow_pickle=False, run=np.array(run), **arrays)
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
