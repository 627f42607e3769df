"""A checkpoint: the arrays of one training, in an npz archive without pickle."""

import zipfile
from pathlib import Path

import numpy as np

from fluxprod.errors import DataError


def read_checkpoint(path: Path, run: str) -> dict[str, np.ndarray]:
    """Read the arrays that `writers.checkpoint.write_checkpoint` wrote.

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
