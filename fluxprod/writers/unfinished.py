"""An output made in parts: an interruption leaves those that are whole, the next run goes on.

The output grows in a hidden folder beside its final place, out of reach of DVC, which removes a
stage's outputs before it runs. A mark says of each whole part what its bytes were.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fluxprod.core.atomic_output import LOCK, exclusive, remove, remove_torn, sweep
from fluxprod.core.disk_full_errors import disk_full_errors

DIGITS = 16  # of a digest, in the name of a folder


@contextmanager
def unfinished(path: Path, made_of: str) -> Iterator[Path]:
    """Give a place to write to that outlasts an interruption; rename it when all went well.

    Parameters
    ----------
    path : Path
        Of the output, a file or a folder.
    made_of : str
        Hexadecimal digest of all that decides the result; what another has begun is removed.

    Raises
    ------
    DataError
        If another run is at the same output, or the disk is full.
    """
    with exclusive(path.with_name(f".{path.name}.unfinished")) as folder:
        ours = folder / made_of[:DIGITS]
        for other in set(folder.iterdir()) - {ours, folder / LOCK}:
            sweep(other)
        place = ours / path.name
        with disk_full_errors(path):
            ours.mkdir(exist_ok=True)
            yield place
        remove_torn(place)
        remove(path)
        place.rename(path)
        sweep(folder)


def mark_whole(place: Path, part: str, files: Iterable[Path]) -> None:
    """Say that a part is whole: its files, as they are now."""
    mark = _mark(place, part)
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(content_digest(files, place))


def is_whole(place: Path, part: str, files: Iterable[Path]) -> bool:
    """Whether a part was marked, and its files are the same to the byte."""
    mark = _mark(place, part)
    return mark.is_file() and mark.read_text() == content_digest(files, place)


def _mark(place: Path, part: str) -> Path:
    return place.parent / "whole" / part


def content_digest(files: Iterable[Path], root: Path) -> str:
    """SHA-256 of files and their names under a folder; what is absent counts as no bytes."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(root)} ".encode())
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
