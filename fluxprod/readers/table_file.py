"""A table's content, wherever it lies: a file, gzipped or not, or in a zip archive.

A path may lead into an archive: ``download.zip/FLX_..._DD_2001-2004_1-4.csv``.
"""

import gzip
import zlib
from pathlib import Path

from fluxprod.errors import DataError
from fluxprod.readers.archive import open_member

BROKEN = (OSError, EOFError, zlib.error)  # what files and gzip make of broken content


def archive_and_member(path: Path) -> tuple[Path, str] | None:
    """Archive and member of a path that leads into an archive, else None."""
    for archive in path.parents:
        if archive.is_file():
            return archive, path.relative_to(archive).as_posix()
    return None


def read_content(path: Path) -> bytes:
    """Read all of a table.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    inside = archive_and_member(path)
    try:
        with open_member(*inside) if inside else path.open("rb") as stream:
            content = stream.read()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except BROKEN as error:
        text = str(error).splitlines()
        reason = text[0] if text else type(error).__name__
        raise DataError(
            path, "file", f"unreadable ({reason})", "a whole table", "get it again"
        ) from error
