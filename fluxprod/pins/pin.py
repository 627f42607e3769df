"""Hash and size of a file."""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple


class Pin(NamedTuple):
    """Hash and size [byte] of a file, as a committed manifest lists them."""

    sha256: str
    size: int


def combined(pins: Mapping[str, Pin]) -> str:
    """Combine the hashes and names of all files into one SHA-256, in the form of sha256sum."""
    lines = "".join(f"{pins[name].sha256}  {name}\n" for name in sorted(pins))
    return hashlib.sha256(lines.encode()).hexdigest()
