"""``manifest.json`` of a product folder: description, size and SHA-256 of each file."""

import json
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from fluxprod.core.constants import MANIFEST_FILE
from fluxprod.core.errors import DataError
from fluxprod.core.json_file import parsed_json
from fluxprod.pins.manifest import checked_sum, shortened
from fluxprod.pins.pin import Pin
from fluxprod.verify.files.kind import obstacle

HEADER = ("title", "version", "world", "doi")
# A product has one daily file a year, and its store thousands of parts; a manifest with more than
# this was not written by fluxprod, and would take hours to check.
MOST_FILES = 10_000
LARGEST = 2**26  # byte


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
        found = (path.exists() and obstacle(path)) or "no such file"
        advice = "name the folder that holds it; it is published together with the files"
        raise DataError(path, "file", found, "the manifest of the product", advice)
    try:
        return _manifest(parsed_json(_text_of(path)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            path,
            "manifest",
            _in_words(error),
            "title, version, world, doi and files (name, sha256, size, description)",
            "download it again",
        ) from error


def _text_of(path: Path) -> str:
    if (size := path.stat().st_size) > LARGEST:
        raise ValueError(f"{size} bytes, more than {LARGEST}")
    return path.read_text(encoding="utf-8")


def _in_words(error: Exception) -> str:
    """What was found instead of a manifest."""
    if isinstance(error, json.JSONDecodeError | UnicodeError | RecursionError):
        return "a file that is not JSON"
    if isinstance(error, OSError):
        return f"a file that cannot be read ({error.strerror})"
    if isinstance(error, KeyError):
        return f"no entry {error}"
    if isinstance(error, ValueError):  # raised here, or about JSON
        return str(error)
    return "JSON of another structure"


def _manifest(content: Any) -> ProductManifest:
    files: dict[str, Entry] = {}
    if len(content["files"]) > MOST_FILES:
        raise ValueError(f"{len(content['files'])} files, more than {MOST_FILES}")
    for item in content["files"]:
        name = _relative(item["name"])
        if "/" in name or name in files:
            raise ValueError(f"name {shortened(name)} is listed twice or lies in a folder")
        files[name] = _entry(item)
    title, version, world, doi = (_text(content[key]) for key in HEADER)
    return ProductManifest(title, version, world, doi, files)


def _entry(item: dict[str, Any]) -> Entry:
    parts = item.get("parts")
    if parts is not None:
        parts = {_relative(name): Pin(*checked_sum(part)) for name, part in parts.items()}
    return Entry(*checked_sum(item), parts, _text(item["description"]))


def _relative(name: str) -> str:
    """Check that a path cannot lead out of the folder."""
    parts = PurePosixPath(_text(name)).parts
    if not parts or name != "/".join(parts) or ".." in parts or parts[0] == "/" or "\0" in name:
        raise ValueError(f"name {shortened(name)} is not a relative path")
    name.encode()  # halves of characters, which JSON can hold, name no file
    return name


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{shortened(value)} is not text")
    return value
