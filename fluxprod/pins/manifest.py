"""Manifests with the SHA-256 of raw files, which are committed."""

import re
from pathlib import Path
from typing import Any

from fluxprod.core.errors import DataError
from fluxprod.core.json_file import parsed_json, write_json
from fluxprod.pins.pin import Pin
from fluxprod.pins.pinned_files import PinnedFiles, PinnedGroup, summarised

WRITTEN = "a manifest written by fluxprod raw pin"
ADVICE = "restore it with git, or run fluxprod raw pin"
SHA256 = re.compile("[0-9a-f]{64}")
LARGEST = 2**63 - 1  # byte; no file system holds a larger file


def read_pins(path: Path) -> tuple[dict[str, Any], PinnedFiles]:
    """Read a manifest: the parameters that the files were made with, and the pins of the files.

    Raises
    ------
    DataError
        If the file cannot be read or is not a manifest.
    """
    try:
        content = parsed_json(path.read_text(encoding="utf-8"))
        return dict(content["params"]), _pinned(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        found = read_fault(error, "a file that is not a manifest")
        raise DataError(path, "manifest", found, WRITTEN, ADVICE) from error


def _pinned(content: dict[str, Any]) -> PinnedFiles:
    files = {name: Pin(*checked_sum(pin)) for name, pin in content["files"].items()}
    groups = {
        name: PinnedGroup(*checked_sum(group), checked_number(group["files"]))
        for name, group in content.get("groups", {}).items()
    }
    if not all(name.endswith("*") for name in groups):
        raise ValueError("a group without *")
    return PinnedFiles(files, {name.removesuffix("*"): group for name, group in groups.items()})


def checked_sum(entry: Any) -> tuple[str, int]:
    """SHA-256 and size [byte] of an entry of a manifest.

    Raises
    ------
    ValueError
        If one of them cannot be that of a file.
    """
    sha256, size = entry["sha256"], entry["size"]
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise ValueError(f"sha256 {shortened(sha256)} is not 64 hexadecimal digits")
    return sha256, checked_number(size)


def checked_number(value: Any) -> int:
    """A number of bytes or files in a manifest.

    Raises
    ------
    ValueError
        If it is not a whole number, is negative, or is larger than that of any disk.
    """
    if type(value) is not int or not 0 <= value <= LARGEST:  # True is an int, too
        raise ValueError(f"size {shortened(value)} is not a number of bytes")
    return value


def shortened(value: object) -> str:
    """At most 60 characters of a value from a broken file."""
    if not isinstance(value, str | int | float | None):
        return f"a {type(value).__name__}"
    text = repr(value[:100] if isinstance(value, str) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."


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


def write_pins(path: Path, params: dict[str, Any], pins: dict[str, Pin]) -> PinnedFiles:
    """Write a manifest, in which large folders are pinned by groups of files.

    Parameters
    ----------
    path : Path
        ``data/raw/<source>.pins.json``.
    params : dict
        Parameters that the files were made with; empty for observed data.
    pins : dict of str to Pin
        Hash and size [byte] of each file by its relative path.

    Returns
    -------
    PinnedFiles
        What was written.
    """
    pinned = summarised(pins)
    content: dict[str, Any] = {"params": params}
    content["files"] = {name: pin._asdict() for name, pin in pinned.files.items()}
    if pinned.groups:
        content["groups"] = {f"{name}*": group._asdict() for name, group in pinned.groups.items()}
    write_json(content, path, indent=1)
    return pinned
