"""Manifests with the SHA-256 of raw files, and how files on disk differ from them."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from fluxprod.core.errors import DataError
from fluxprod.core.json_file import write_json


class Pin(NamedTuple):
    """Hash and size [byte] of a file, as a committed manifest lists them."""

    sha256: str
    size: int


class Differences(NamedTuple):
    """Relative paths of the files that differ from their pins, each list sorted."""

    changed: list[str]
    missing: list[str]
    additional: list[str]

    def __str__(self) -> str:
        """Count the files of each kind and name the first five."""
        parts = [
            f"{len(names)} {kind} ({', '.join(names[:5])}{', ...' if len(names) > 5 else ''})"
            for kind, names in self._asdict().items()
            if names
        ]
        return ", ".join(parts) or "none"


def read_pins(path: Path) -> tuple[dict[str, Any], dict[str, Pin]]:
    """Read a manifest: the parameters that the files were made with, and the pin of each file.

    Raises
    ------
    DataError
        If the file cannot be read or is not a manifest.
    """
    try:
        content = json.loads(path.read_text())
        return content["params"], {name: Pin(**pin) for name, pin in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        found = read_fault(error, "a file that is not a manifest")
        raise DataError(
            path, "manifest", found, "a manifest written by fluxprod raw pin"
        ) from error


def read_fault(error: Exception, wrong_content: str = "an unreadable file") -> str:
    """Say why a file could not be read, for the ``found`` of a `DataError`.

    Parameters
    ----------
    error : Exception
        Raised by opening, reading or parsing the file.
    wrong_content : str
        What to say if the file could be read but not parsed.
    """
    match error:
        case FileNotFoundError():
            return "no such file"
        case PermissionError():
            return "no read permission"
        case IsADirectoryError():
            return "a folder"
        case OSError():
            return f"an unreadable file ({error.strerror})"
        case _:
            return wrong_content


def differences(pinned: dict[str, Pin], found: dict[str, Pin]) -> Differences:
    """Compare the files found on disk with their pins."""
    both = pinned.keys() & found.keys()
    return Differences(
        sorted(name for name in both if pinned[name] != found[name]),
        sorted(pinned.keys() - found.keys()),
        sorted(found.keys() - pinned.keys()),
    )


def combined(pins: dict[str, Pin]) -> str:
    """Combine the hashes and names of all files into one SHA-256, in the form of sha256sum."""
    lines = "".join(f"{pins[name].sha256}  {name}\n" for name in sorted(pins))
    return hashlib.sha256(lines.encode()).hexdigest()


def write_pins(path: Path, params: dict[str, Any], files: dict[str, Any]) -> None:
    """Write a manifest.

    Parameters
    ----------
    path : Path
        ``data/raw/<source>.pins.json``.
    params : dict
        Parameters that the files were made with; empty for observed data.
    files : dict of str to tuple (sha256, size)
        Hash and size [byte] of each file by its relative path.
    """
    pins = {name: {"sha256": sha256, "size": size} for name, (sha256, size) in files.items()}
    write_json({"params": params, "files": dict(sorted(pins.items()))}, path, indent=1)
