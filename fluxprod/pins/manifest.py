"""SHA-256 of raw files, and how they differ from the committed ones."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from fluxprod.core.errors import DataError
from fluxprod.core.json_file import write_json


class Pin(NamedTuple):
    """What is committed of a file: hash and size [byte]."""

    sha256: str
    size: int


class Differences(NamedTuple):
    """Relative paths that are not as pinned, each sorted."""

    changed: list[str]
    missing: list[str]
    additional: list[str]

    def __str__(self) -> str:
        """Say how many and name the first five of each."""
        parts = [
            f"{len(names)} {kind} ({', '.join(names[:5])}{', ...' if len(names) > 5 else ''})"
            for kind, names in self._asdict().items()
            if names
        ]
        return ", ".join(parts) or "none"


def read_pins(path: Path) -> tuple[dict[str, Any], dict[str, Pin]]:
    """Read a manifest: the parameters that made the files, and the files.

    Raises
    ------
    DataError
        If it is no manifest.
    """
    try:
        content = json.loads(path.read_text())
        return content["params"], {name: Pin(**pin) for name, pin in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            path, "manifest", f"unreadable ({error})", "what fluxprod raw pin writes"
        ) from error


def differences(pinned: dict[str, Pin], found: dict[str, Pin]) -> Differences:
    """Compare files with their pins."""
    both = pinned.keys() & found.keys()
    return Differences(
        sorted(name for name in both if pinned[name] != found[name]),
        sorted(pinned.keys() - found.keys()),
        sorted(found.keys() - pinned.keys()),
    )


def combined(pins: dict[str, Pin]) -> str:
    """One SHA-256 for all files and their names."""
    lines = "".join(f"{pins[name].sha256}  {name}\n" for name in sorted(pins))
    return hashlib.sha256(lines.encode()).hexdigest()


def write_pins(path: Path, params: dict[str, Any], files: dict[str, Any]) -> None:
    """Write a manifest.

    Parameters
    ----------
    path : Path
        ``data/raw/<source>.pins.json``.
    params : dict
        Parameters that made the files; empty for observed ones.
    files : dict of str to tuple (sha256, size)
        By relative path.
    """
    pins = {name: {"sha256": sha256, "size": size} for name, (sha256, size) in files.items()}
    write_json({"params": params, "files": dict(sorted(pins.items()))}, path, indent=1)
