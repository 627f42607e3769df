"""Minimum length of a NetCDF file in a classic format, derived from its header.

The NetCDF library fills missing bytes at the end of a file with zeros, which packing turns into
plausible weather; the old Climate Data Store issued packed files in these formats. Format: Unidata,
NetCDF User's Guide, appendix B (CDF-1, CDF-2 and CDF-5).
"""

import struct
from math import prod
from pathlib import Path
from typing import BinaryIO, NamedTuple

from fluxprod.core.errors import DataError

MAGIC = b"CDF"
LONGEST_NAME = 256
DIMENSION, VARIABLE, ATTRIBUTE = 10, 11, 12  # tags that start the lists of a header
BYTES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 4,
    6: 8,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 8,
}  # size of a value, by number of the type


class Extent(NamedTuple):
    """Location of a variable's values [byte], and whether they repeat with each record."""

    begin: int
    size: int
    in_records: bool


class Header:
    """Sequential reader of the parts of a header."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        version = file.read(4)[3]
        self.count = ">q" if version == 5 else ">i"
        self.offset = ">i" if version == 1 else ">q"

    def number(self, form: str) -> int:
        """Read one integer; ``form`` is its format for `struct.unpack`."""
        value: int = struct.unpack(form, self.file.read(struct.calcsize(form)))[0]
        return value

    def items(self, tag: int) -> range:
        """Read the start of a list with this tag and return the positions of its items."""
        found, length = self.number(">i"), self.number(self.count)
        if found not in (0, tag) or length < 0 or (length and not found):
            raise ValueError("missing list")
        return range(length)

    def name(self) -> str:
        """Read a name, which is padded to a multiple of four bytes."""
        length = self.number(self.count)
        if not 0 < length <= LONGEST_NAME:
            raise ValueError("missing name")
        name = self.file.read(_padded(length))[:length].decode()
        if not name.isprintable():
            raise ValueError("a name with control characters")
        return name

    def skip(self, size: int) -> None:
        """Skip bytes, including their padding to a multiple of four."""
        size = _padded(size)
        if size < 0 or len(self.file.read(size)) != size:
            raise ValueError("truncated header")

    def attributes(self) -> None:
        """Skip a list of attributes."""
        for _ in self.items(ATTRIBUTE):
            self.name()
            width = BYTES[self.number(">i")]
            self.skip(width * self.number(self.count))

    def variable(self, lengths: list[int]) -> Extent:
        """Read one variable; ``lengths`` are those of all dimensions of the file."""
        self.name()
        dimensions = [self.number(self.count) for _ in range(self.number(self.count))]
        if any(not 0 <= dimension < len(lengths) for dimension in dimensions):
            raise ValueError("a dimension that is not defined")
        shape = [lengths[dimension] for dimension in dimensions]
        self.attributes()
        width = BYTES[self.number(">i")]
        self.number(self.count)
        in_records = bool(shape) and shape[0] == 0
        size = width * prod(shape[1:] if in_records else shape)
        begin = self.number(self.offset)
        if begin < 0 or 0 in shape[1:]:
            raise ValueError("a variable without a valid position")
        return Extent(begin, size, in_records)


def _padded(size: int) -> int:
    return -(-size // 4) * 4


def is_classic(path: Path) -> bool:
    """Whether a file starts with the signature of a classic format."""
    with path.open("rb") as file:
        start = file.read(4)
    return start[:3] == MAGIC and start[3:] in (b"\x01", b"\x02", b"\x05")


def needed_bytes(path: Path) -> int:
    """Minimum length of a complete file in a classic format [byte].

    Raises
    ------
    DataError
        If the header is corrupt.
    """
    try:
        with path.open("rb") as file:
            return _needed(Header(file))
    except (struct.error, ValueError, LookupError, OverflowError, MemoryError) as error:
        raise DataError(
            path, "file", "a corrupt header", "a NetCDF file", "download it again"
        ) from error


def _needed(header: Header) -> int:
    records = header.number(header.count)  # -1 if unknown
    lengths = []
    for _ in header.items(DIMENSION):
        header.name()
        lengths.append(header.number(header.count))
    if any(length < 0 for length in lengths) or lengths.count(0) > 1:
        raise ValueError("a dimension of invalid length")
    header.attributes()
    extents = [header.variable(lengths) for _ in header.items(VARIABLE)]
    ends = [part.begin + part.size for part in extents if not part.in_records]
    inside = [part for part in extents if part.in_records]
    if inside and records > 0:
        alone = len(inside) == 1
        record = sum(part.size if alone else _padded(part.size) for part in inside)
        ends += [part.begin + (records - 1) * record + part.size for part in inside]
    return max(ends, default=0)
