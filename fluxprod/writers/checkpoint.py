"""A checkpoint: the arrays of one training, in an npz archive without pickle."""

import os
from pathlib import Path

import numpy as np

from fluxprod.writers.full_disk import room_for


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
        with room_for(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                np.savez(file, allow_pickle=False, run=np.array(run), **arrays)
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
