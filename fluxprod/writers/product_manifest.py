"""The manifest of a folder of product files, with checksums."""

import hashlib
from pathlib import Path
from typing import Any

from fluxprod.core.constants import MANIFEST_FILE
from fluxprod.core.json_file import write_json

BLOCK = 1 << 20  # byte, read at once


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def entry(path: Path) -> dict[str, Any]:
    """SHA-256 and size of a file or a folder; for a folder, also those of each file in it [byte].

    The SHA-256 of a folder is that of the lines ``<sha256>  <path in the folder>``, sorted by path,
    as ``sha256sum`` prints them.
    """
    if not path.is_dir():
        return {"sha256": sha256(path), "size": path.stat().st_size}
    files = {file.relative_to(path).as_posix(): file for file in path.rglob("*") if file.is_file()}
    parts = {name: entry(files[name]) for name in sorted(files)}
    lines = "".join(f"{part['sha256']}  {name}\n" for name, part in parts.items())
    return {
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "size": sum(part["size"] for part in parts.values()),
        "parts": parts,
    }


def write_manifest(folder: Path, descriptions: dict[str, str], header: dict[str, Any]) -> None:
    """Write ``manifest.json``: the name, SHA-256, size [byte] and description of each file.

    Parameters
    ----------
    folder : Path
        Folder that contains the described files and stores, and nothing else.
    descriptions : dict of str
        Description of each file or store, by name.
    header : dict
        Description of the product as a whole.
    """
    files = [
        {"name": name, "description": description, **entry(folder / name)}
        for name, description in sorted(descriptions.items())
    ]
    write_json({**header, "files": files}, folder / MANIFEST_FILE)
