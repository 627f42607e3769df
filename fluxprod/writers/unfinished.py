"""Outputs made in parts: complete parts survive an interruption, and the next run resumes.

The output grows in a hidden folder next to its final place, out of reach of DVC, which removes the
outputs of a stage before running it. A marker file records the digest of each complete part.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fluxprod.core.atomic_output import (
    LOCK,
    exclusive,
    remove,
    remove_quietly,
    remove_unfinished_shards,
)
from fluxprod.core.disk_full_errors import disk_full_errors

DIGITS = 16  # of the digest, in the name of the folder


@contextmanager
def unfinished(path: Path, made_of: str) -> Iterator[Path]:
    """Yield a path that survives interruptions, and rename it to ``path`` if the block succeeds.

    Parameters
    ----------
    path : Path
        Final place of the output, a file or a folder.
    made_of : str
        Hexadecimal digest of everything that determines the result; unfinished outputs with another
        digest are removed.

    Yields
    ------
    Path
        Where to write the output.

    Raises
    ------
    DataError
        If another run is writing the same output, or if the disk is full.
    """
    with exclusive(path.with_name(f".{path.name}.unfinished")) as folder:
        ours = folder / made_of[:DIGITS]
        for other in set(folder.iterdir()) - {ours, folder / LOCK}:
            remove_quietly(other)
        place = ours / path.name
        with disk_full_errors(path):
            ours.mkdir(exist_ok=True)
            yield place
        remove_unfinished_shards(place)
        remove(path)
        place.rename(path)
        remove_quietly(folder)


def mark_whole(place: Path, part: str, files: Iterable[Path]) -> None:
    """Mark a part as complete, with the present content of its files."""
    mark = _mark(place, part)
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(content_digest(files, place))


def is_whole(place: Path, part: str, files: Iterable[Path]) -> bool:
    """Whether a part was marked as complete and its files have not changed since."""
    mark = _mark(place, part)
    return mark.is_file() and mark.read_text() == content_digest(files, place)


def _mark(place: Path, part: str) -> Path:
    return place.parent / "whole" / part


def content_digest(files: Iterable[Path], root: Path) -> str:
    """SHA-256 of the names of files, relative to a folder, and of their content, if they exist."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(root)} ".encode())
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
