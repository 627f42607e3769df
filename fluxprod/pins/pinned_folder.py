"""The manifest that belongs to a folder of raw files, and whether it lists them."""

from collections.abc import Iterable
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.pins.manifest import read_pins
from fluxprod.pins.pin import Pin
from fluxprod.pins.pinned_files import by_group

UNKNOWN = Pin("", 0)


def manifest_of(folder: Path) -> Path:
    """Path of the manifest of a folder: ``observed.pins.json`` next to ``observed``."""
    return folder.with_name(f"{folder.name}.pins.json")


def are_pinned(folder: Path, names: Iterable[str]) -> bool:
    """Whether the manifest of a folder lists all the given files; hashes are not compared.

    Of a group of files, the manifest states only the number.

    Parameters
    ----------
    folder : Path
        Folder of raw files, ``data/raw/<source>``.
    names : iterable of str
        Paths relative to it.
    """
    try:
        _, pinned = read_pins(manifest_of(folder))
    except DataError:
        return False
    groups = by_group(pinned, dict.fromkeys(names, UNKNOWN))
    return not groups[""] and all(
        len(groups[name]) in (0, group.files) for name, group in pinned.groups.items()
    )
