"""One clear error for a full disk, which every library reports in its own words."""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fluxprod.core.errors import DataError

NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
PROBE = 1 << 16  # byte; a disk without space for a file of this size counts as full


@contextmanager
def disk_full_errors(path: Path | None = None) -> Iterator[None]:
    """Replace any error raised while the disk is full by one that says so.

    Parameters
    ----------
    path : Path, optional
        Output that is being written; by default the file that the error names or, failing that,
        the working folder.

    Raises
    ------
    DataError
        If the disk is full; it names ``path`` and the free space.
    """
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # HDF5 reports no more than "HDF error"
        place = _file_of(error) or path or Path.cwd()
        folder = next(each for each in (place, *place.absolute().parents) if each.is_dir())
        if getattr(error, "errno", None) not in NO_SPACE and _has_space(folder):
            raise
        free = shutil.disk_usage(folder).free / 1e6
        raise DataError(
            path or place, "disk", f"no space left on device ({free:.1f} MB free)",
            "enough space for the output", "free some space, then run again to resume",
        ) from error  # fmt: skip


def _file_of(error: Exception) -> Path | None:
    name = getattr(error, "filename", None)  # for some errors a file descriptor
    return Path(name) if isinstance(name, str) else None


def _has_space(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE))
    except OSError as error:
        return error.errno not in NO_SPACE
    return True
