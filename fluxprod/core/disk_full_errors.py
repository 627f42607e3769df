"""A full disk is told in one line: every library has other words for it."""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fluxprod.core.errors import DataError

NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
PROBE = 1 << 16  # byte; a disk that has no room for them is full


@contextmanager
def disk_full_errors(path: Path | None = None) -> Iterator[None]:
    """Turn any error of a writer into one that says so if the disk is full.

    Parameters
    ----------
    path : Path, optional
        Of the output; by default what the error names, or else the working folder.

    Raises
    ------
    DataError
        Names ``path``, and how much is free.
    """
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # HDF5 says "HDF error", and no more
        met = _file_of(error) or path or Path.cwd()
        folder = next(place for place in (met, *met.absolute().parents) if place.is_dir())
        if getattr(error, "errno", None) not in NO_SPACE and _takes_buffer(folder):
            raise
        free = shutil.disk_usage(folder).free / 1e6
        raise DataError(
            path or met, "disk", f"no space left on device ({free:.1f} MB free)",
            "room for the output", "make room, then run again: it goes on",
        ) from error  # fmt: skip


def _file_of(error: Exception) -> Path | None:
    name = getattr(error, "filename", None)  # of some a number
    return Path(name) if isinstance(name, str) else None


def _takes_buffer(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE))
    except OSError as error:
        return error.errno not in NO_SPACE
    return True
