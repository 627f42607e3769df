"""``manifest.json`` of a product folder: what each file is, with size and SHA-256."""

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from fluxprod.core.errors import DataError
from fluxprod.pins.manifest import Pin

MANIFEST = "manifest.json"
HEADER = ("title", "version", "world", "doi")
SHA256 = re.compile("[0-9a-f]{64}")


class Entry(NamedTuple):
    """A file, or a zarr store with its parts by their path inside it: SHA-256, size [byte]."""

    sha256: str
    size: int
    parts: dict[str, Pin] | None
    description: str = ""


class ProductManifest(NamedTuple):
    """What was published, and its files by name."""

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
        If there is none, or if it is not what the product stage writes.
    """
    path = folder / MANIFEST
    if not path.is_file():
        advice = "give the folder that holds it; it is published beside the files"
        raise DataError(path, "file", "nothing", "the manifest of the product", advice)
    try:
        return _manifest(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            path,
            "manifest",
            f"{type(error).__name__}: {error}",
            "title, version, world, doi and files (name, sha256, size, description)",
            "download it again",
        ) from error


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
        raise ValueError(f"size {size!r} is no number of bytes")
    return sha256, size


def _relative(name: str) -> str:
    """Refuse a path that could leave the folder."""
    parts = PurePosixPath(_text(name)).parts
    if not parts or name != "/".join(parts) or ".." in parts or parts[0] == "/" or "\0" in name:
        raise ValueError(f"name {name!r} is no relative path")
    return name


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
