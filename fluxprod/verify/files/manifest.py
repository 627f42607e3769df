"""``manifest.json`` of a product folder: description, size and SHA-256 of each file."""

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from fluxprod.core.constants import MANIFEST_FILE
from fluxprod.core.errors import DataError
from fluxprod.pins.manifest import Pin

HEADER = ("title", "version", "world", "doi")
SHA256 = re.compile("[0-9a-f]{64}")


class Entry(NamedTuple):
    """A file or a zarr store in the manifest.

    Parameters
    ----------
    sha256 : str
        SHA-256 of the file, or over the lines of all parts of a store.
    size : int
        Size of the file, or sum over all parts of a store [byte].
    parts : dict of str to Pin, optional
        SHA-256 and size of the parts of a store, by their path inside it; None for a file.
    description : str
        What the file holds.
    """

    sha256: str
    size: int
    parts: dict[str, Pin] | None
    description: str = ""


class ProductManifest(NamedTuple):
    """Contents of a manifest.

    Parameters
    ----------
    title : str
        Title of the product.
    version : str
        Its version.
    world : str
        ``observed`` or ``synthetic``.
    doi : str
        Its DOI; empty if none was assigned.
    files : dict of str to Entry
        Entries of the files by name.
    """

    title: str
    version: str
    world: str
    doi: str
    files: dict[str, Entry]


def read_product_manifest(folder: Path) -> ProductManifest:
    """Read the manifest of a folder of product files.

    Raises
    ------
    DataError
        If there is no manifest, or if it does not have the form that the product stage writes.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        advice = "name the folder that holds it; it is published together with the files"
        raise DataError(path, "file", "no such file", "the manifest of the product", advice)
    try:
        return _manifest(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            path,
            "manifest",
            _in_words(error),
            "title, version, world, doi and files (name, sha256, size, description)",
            "download it again",
        ) from error


def _in_words(error: Exception) -> str:
    """What was found instead of a manifest."""
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError):
        return "a file that is not JSON"
    if isinstance(error, OSError):
        return f"a file that cannot be read ({error.strerror})"
    if isinstance(error, KeyError):
        return f"no entry {error}"
    if isinstance(error, ValueError):  # raised below
        return str(error)
    return "JSON of another structure"


def _manifest(content: Any) -> ProductManifest:
    files: dict[str, Entry] = {}
    for item in content["files"]:
        name = _relative(item["name"])
        if "/" in name or name in files:
            raise ValueError(f"name {name!r} is listed twice or lies in a folder")
        files[name] = _entry(item)
    title, version, world, doi = (_text(content[key]) for key in HEADER)
    return ProductManifest(title, version, world, doi, files)


def _entry(item: dict[str, Any]) -> Entry:
    parts = item.get("parts")
    if parts is not None:
        parts = {_relative(name): Pin(*_sum(part)) for name, part in parts.items()}
    return Entry(*_sum(item), parts, _text(item["description"]))


def _sum(item: dict[str, Any]) -> tuple[str, int]:
    sha256, size = item["sha256"], item["size"]
    if not SHA256.fullmatch(sha256):
        raise ValueError(f"sha256 {sha256!r} is not 64 hexadecimal digits")
    if type(size) is not int or size < 0:
        raise ValueError(f"size {size!r} is not a number of bytes")
    return sha256, size


def _relative(name: str) -> str:
    """Check that a path cannot lead out of the folder."""
    parts = PurePosixPath(_text(name)).parts
    if not parts or name != "/".join(parts) or ".." in parts or parts[0] == "/" or "\0" in name:
        raise ValueError(f"name {name!r} is not a relative path")
    return name


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text")
    return value
