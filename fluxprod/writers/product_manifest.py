"""What is in a folder of product files, with checksums."""

import hashlib
from pathlib import Path

from fluxprod.writers.json_file import write_json

BLOCK = 1 << 20  # bytes read at once


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def write_manifest(folder: Path, descriptions: dict[str, str], header: dict[str, str]) -> None:
    """Write ``manifest.json``: name, SHA-256, size [byte] and description of each file.

    Parameters
    ----------
    folder : Path
        Holds exactly the files that are described.
    descriptions : dict
        What each file is, by its name.
    header : dict
        What the whole is.
    """
    files = [
        {
            "name": name,
            "sha256": sha256(folder / name),
            "size": (folder / name).stat().st_size,
            "description": description,
        }
        for name, description in sorted(descriptions.items())
    ]
    write_json({**header, "files": files}, folder / "manifest.json")
