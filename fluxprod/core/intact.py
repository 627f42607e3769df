"""How a file between stages shows that it is as its stage wrote it.

Single files end in a line with the SHA-256 of what precedes it (HDF5 ignores what follows the end
of a file), JSON files contain the SHA-256 of the rest of their content, and the root of a zarr
store lists the SHA-256 of the metadata of its arrays; their chunks carry CRC-32C.
"""

import hashlib
import json
from typing import Any

import netCDF4
import numpy as np

LINE, LENGTH = b"# sha256 %s\n", 74  # format, and length with 64 hexadecimal digits [byte]
KEY = "checksum"  # of the rest of a JSON file
METADATA = "sha256_of_zarr_json"  # attribute of a store: the digest of each array's zarr.json


def digest(content: bytes | memoryview) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def last_line(content: bytes) -> bytes:
    """Line to append to a file with this content."""
    return LINE % digest(content).encode()


def content_of(file: bytes, *, required: bool = False) -> memoryview:
    """Return the content of a file without its last line, if that is a checksum.

    Parameters
    ----------
    file : bytes
        The whole file.
    required : bool
        Whether there must be a checksum, as in text, which may end anywhere.

    Raises
    ------
    ValueError
        If the content has another checksum, or none although it is required.
    """
    content, line = memoryview(file)[:-LENGTH], file[-LENGTH:]
    if not line.startswith(LINE[:9]):
        if required:
            raise ValueError("the last line is not the SHA-256 of the content")
        return memoryview(file)
    if line != LINE % digest(content).encode():
        raise ValueError("the content does not have the SHA-256 of its last line")
    return content


def with_checksum(content: dict[str, Any]) -> dict[str, Any]:
    """Add the SHA-256 of a dictionary, as JSON with sorted keys, to the dictionary."""
    text = json.dumps(content, sort_keys=True, allow_nan=False)
    return {**content, KEY: digest(text.encode())}


def without_checksum(content: dict[str, Any]) -> dict[str, Any]:
    """Remove the checksum, if there is one, from the dictionary of a JSON file.

    Raises
    ------
    ValueError
        If the rest of the content has another checksum.
    """
    rest = {key: value for key, value in content.items() if key != KEY}
    if KEY in content and content != with_checksum(rest):
        raise ValueError("the content does not have the SHA-256 that it states")
    return rest


def unwritten(dtype: np.dtype) -> Any:
    """Value that marks what was never written and is never data; None for types without one.

    It is the default fill value of the NetCDF library, for example -32767 for 16-bit integers and
    9.97e36 for floats. Data that are missing are marked by another value.
    """
    value = netCDF4.default_fillvals.get(dtype.str[1:])
    return None if value is None or dtype.kind not in "iuf" else dtype.type(value)
