"""An output is whole or absent: write beside, then rename."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a place beside ``path`` to write to; rename it when all went well.

    A run that stops half way leaves nothing under the final name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.stem}.partial{path.suffix}")
    remove(beside)
    try:
        yield beside
        remove_torn(beside)
        remove(path)
        beside.rename(path)
    finally:
        remove(beside)


def remove_torn(place: Path) -> None:
    """Remove what zarr was writing, beside its shards, in a process that was killed."""
    for torn in place.rglob("*.partial"):
        torn.unlink()


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
