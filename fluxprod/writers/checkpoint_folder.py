"""Checkpoints of a training run: one npz archive per fold, outside the outs that DVC removes."""

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
    """One file per fold; implements `fluxprod.networks.training.checkpoints.Checkpoints`.

    Parameters
    ----------
    folder : Path
        Folder of the checkpoints.
    fingerprint : str
        Digest of everything that determines the result; states with another one are ignored.
    """

    folder: Path
    fingerprint: str

    def load(self, fold: int) -> dict[str, np.ndarray] | None:
        """State of a fold; None if there is none, or (with a line on stderr) if it is unusable."""
        path = self._path(fold)
        if not path.exists():
            return None
        try:
            return read_checkpoint(path, self._run(fold))
        except DataError as error:
            print(error, file=sys.stderr, flush=True)
            return None

    def save(self, fold: int, arrays: dict[str, np.ndarray]) -> None:
        """Save the state of a fold."""
        write_checkpoint(self._path(fold), self._run(fold), arrays)

    def remove(self) -> None:
        """Remove all states once the run is complete."""
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
        An npz file.
    run : str
        Identifier of the run to which the state must belong.

    Returns
    -------
    dict of ndarray
        Arrays of the state by name.

    Raises
    ------
    DataError
        If the file is unreadable, if it contains anything other than arrays of numbers and text, or
        if it belongs to another run.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            # checksums first, as a corrupt header may request any amount of memory
            damaged = archive.testzip()
        if damaged:
            raise ValueError(f"{damaged} is damaged")
        with np.load(path, allow_pickle=False) as archive:
            arrays = dict(archive)
        if strange := [name for name, array in arrays.items() if not isinstance(array, np.ndarray)]:
            # numpy returns raw bytes for members that it does not recognise
            raise ValueError(f"members that are not arrays: {', '.join(strange)}")
        found = arrays.pop("run").item()
    except Exception as error:  # zipfile and numpy raise almost any error for a corrupt archive
        raise DataError(
            path, "file", f"an unreadable file ({error})", "a checkpoint", "training starts again"
        ) from error
    if found != run:
        raise DataError(
            path, "run", "a state made with other data, settings, code or versions",
            "a state of this run", "training starts again",
        )  # fmt: skip
    return arrays


def write_checkpoint(path: Path, run: str, arrays: dict[str, np.ndarray]) -> None:
    """Replace the saved state of a run; at any moment either the old or the new one exists.

    Parameters
    ----------
    path : Path
        An npz file.
    run : str
        Identifier of the run to which the state belongs.
    arrays : dict of ndarray
        Arrays of numbers or text, by name.

    Raises
    ------
    DataError
        If the disk is full.
    """
    # the process number keeps two simultaneous runs apart
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with disk_full_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                np.savez(file, allow_pickle=False, run=np.array(run), **arrays)
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
