"""The manifest that belongs to a folder of raw files, and whether it lists them."""

from collections.abc import Iterable
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.pins.manifest import read_pins


def manifest_of(folder: Path) -> Path:
    """Path of the manifest of a folder: ``observed.pins.json`` next to ``observed``."""
    return folder.with_name(f"{folder.name}.pins.json")


def are_pinned(folder: Path, names: Iterable[str]) -> bool:
    """Whether the manifest of a folder lists all the given files; hashes are not compared.

    Parameters
    ----------
    folder : Path
        Folder of raw files, ``data/raw/<source>``.
    names : iterable of str
        Paths relative to it.
    """
    try:
        _, pins = read_pins(manifest_of(folder))
    except DataError:
        return False
    return set(names) <= set(pins)
