"""Comparison of size and SHA-256 of product files with the manifest."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from fluxprod.core.constants import CITATION_FILE, MANIFEST_FILE, PROVENANCE_FILE
from fluxprod.pins.pin import Pin, combined
from fluxprod.verify.files.kind import obstacle, obstacles_inside
from fluxprod.verify.files.manifest import Entry, ProductManifest

BLOCK = 1 << 20  # bytes read at once
SHOWN = 3  # names that a message shows
# files of a release that describe the others; the manifest does not list them
NOT_LISTED = {MANIFEST_FILE, CITATION_FILE, PROVENANCE_FILE, "ro-crate-metadata.json"}


def unlisted(folder: Path, manifest: ProductManifest) -> list[str]:
    """Names in the folder that the manifest does not list, without hidden ones."""
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    return sorted(names - manifest.files.keys() - NOT_LISTED)


def absent_parts(store: Path, entry: Entry) -> list[str]:
    """Parts of a zarr store that do not exist; empty for a file, which has no parts."""
    return [name for name in entry.parts or {} if not (store / name).is_file()]


def kind_faults(path: Path, entry: Entry) -> list[str]:
    """Check that an entry of the manifest is a file or a folder, and safe to open.

    Parameters
    ----------
    path : Path
        File or store, which exists.
    entry : Entry
        Its entry in the manifest.

    Returns
    -------
    list of str
        Differences.
    """
    expected = "a file" if entry.parts is None else "a folder"
    if found := obstacle(path):
        return [f"found {found}, expected {expected}"]
    if path.is_dir() != (entry.parts is not None):
        return [f"found {'a folder' if path.is_dir() else 'a file'}, expected {expected}"]
    inside = [] if entry.parts is None else list(obstacles_inside(path))
    return [f"neither files nor folders: {_some(inside)}"] if inside else []


def checksum_faults(path: Path, entry: Entry, advance: Callable[[float], None]) -> list[str]:
    """Compare a file or store with its entry in the manifest.

    Parameters
    ----------
    path : Path
        File or store, which exists.
    entry : Entry
        Its entry in the manifest.
    advance : callable
        Takes the number of bytes that were read since it was last called.

    Returns
    -------
    list of str
        Differences.
    """
    if entry.parts is None:
        return _file_faults(path, Pin(entry.sha256, entry.size), advance)
    return [*_entry_faults(entry, entry.parts), *_part_faults(path, entry.parts, advance)]


def _file_faults(path: Path, listed: Pin, advance: Callable[[float], None]) -> list[str]:
    try:
        size = path.stat().st_size
        if size != listed.size:
            return [f"size: found {size} bytes, manifest {listed.size}"]
        found = _sha256(path, advance)
    except OSError as error:
        return [f"unreadable ({error.strerror})"]
    if found != listed.sha256:
        return [f"SHA-256: found {found[:12]}..., manifest {listed.sha256[:12]}..."]
    return []


def _entry_faults(entry: Entry, parts: dict[str, Pin]) -> list[str]:
    """Compare SHA-256 and size of a store with those of the parts that the manifest lists."""
    size = sum(part.size for part in parts.values())
    faults = []
    if combined(parts) != entry.sha256:
        faults.append("SHA-256 of the store in the manifest is not that of its listed parts")
    if size != entry.size:
        faults.append(f"size of the store in the manifest: {entry.size} bytes, of its parts {size}")
    return faults


def _part_faults(
    store: Path, parts: dict[str, Pin], advance: Callable[[float], None]
) -> Iterator[str]:
    present = {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()}
    if absent := sorted(parts.keys() - present):
        yield f"absent: {_some(absent)}"
    if additional := sorted(present - parts.keys()):
        yield f"not in the manifest: {_some(additional)}"
    changed = [
        f"{name} ({fault})"
        for name in sorted(parts.keys() & present)
        for fault in _file_faults(store / name, parts[name], advance)
    ]
    if changed:
        yield f"changed: {_some(changed)}"


def _some(names: Collection[str]) -> str:
    """The first names, after their number if there are several."""
    shown = ", ".join(list(names)[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    return f"{len(names)} parts: {shown}" if len(names) > 1 else shown


def _sha256(path: Path, advance: Callable[[float], None]) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            advance(len(block))
    return digest.hexdigest()
