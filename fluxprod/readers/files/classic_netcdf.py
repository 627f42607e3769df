"""How long a NetCDF file of the classic formats has to be, by its header.

The NetCDF library fills what is missing at the end with zeros, which a packed file turns into
weather; the old Climate Data Store issued such files. Format: Unidata, NetCDF User's Guide,
appendix B (CDF-1, CDF-2 and CDF-5).
"""

import struct
from math import prod
from pathlib import Path
from typing import BinaryIO, NamedTuple

from fluxprod.core.errors import DataError

MAGIC = b"CDF"
LONGEST_NAME = 256
DIMENSION, VARIABLE, ATTRIBUTE = 10, 11, 12  # tags of the lists
BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}  # of each type


class Layout(NamedTuple):
    """Where the values of a variable lie, and whether there are more with each record."""

    begin: int
    size: int
    in_records: bool


class Header:
    """Reads the parts of a header one after the other."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        version = file.read(4)[3]
        self.count = ">q" if version == 5 else ">i"
        self.offset = ">i" if version == 1 else ">q"

    def number(self, form: str) -> int:
        """Read one number."""
        return struct.unpack(form, self.file.read(struct.calcsize(form)))[0]

    def items(self, tag: int) -> range:
        """Begin a list."""
        found, length = self.number(">i"), self.number(self.count)
        if found not in (0, tag) or length < 0 or (length and not found):
            raise ValueError("no list where one has to be")
        return range(length)

    def name(self) -> str:
        """Read a name."""
        length = self.number(self.count)
        if not 0 < length <= LONGEST_NAME:
            raise ValueError("no name where one has to be")
        name = self.file.read(_padded(length))[:length].decode()
        if not name.isprintable():
            raise ValueError("a name that nobody gave")
        return name

    def skip(self, size: int) -> None:
        """Pass over bytes, which end at a multiple of four."""
        size = _padded(size)
        if size < 0 or len(self.file.read(size)) != size:
            raise ValueError("the header breaks off")

    def attributes(self) -> None:
        """Pass over a list of attributes."""
        for _ in self.items(ATTRIBUTE):
            self.name()
            width = BYTES[self.number(">i")]
            self.skip(width * self.number(self.count))

    def variable(self, lengths: list[int]) -> Layout:
        """Read one variable, given the lengths of the dimensions."""
        self.name()
        dimensions = [self.number(self.count) for _ in range(self.number(self.count))]
        if any(not 0 <= dimension < len(lengths) for dimension in dimensions):
            raise ValueError("a dimension that is not there")
        shape = [lengths[dimension] for dimension in dimensions]
        self.attributes()
        width = BYTES[self.number(">i")]
        self.number(self.count)
        in_records = bool(shape) and shape[0] == 0
        size = width * prod(shape[1:] if in_records else shape)
        begin = self.number(self.offset)
        if begin < 0 or 0 in shape[1:]:
            raise ValueError("a variable without a place")
        return Layout(begin, size, in_records)


def _padded(size: int) -> int:
    return -(-size // 4) * 4


def is_classic(path: Path) -> bool:
    """Whether a file starts as one of the classic formats."""
    with path.open("rb") as file:
        start = file.read(4)
    return start[:3] == MAGIC and start[3:] in (b"\x01", b"\x02", b"\x05")


def needed_bytes(path: Path) -> int:
    """Length that a file of a classic format has at least.

    Raises
    ------
    DataError
        If its header is broken.
    """
    try:
        with path.open("rb") as file:
            return _needed(Header(file))
    except (struct.error, ValueError, LookupError, OverflowError, MemoryError) as error:
        raise DataError(
            path, "file", "a broken header", "a NetCDF file", "download it again"
        ) from error


def _needed(header: Header) -> int:
    records = header.number(header.count)  # -1: not known
    lengths = []
    for _ in header.items(DIMENSION):
        header.name()
        lengths.append(header.number(header.count))
    if any(length < 0 for length in lengths) or lengths.count(0) > 1:
        raise ValueError("a dimension of no length")
    header.attributes()
    layouts = [header.variable(lengths) for _ in header.items(VARIABLE)]
    ends = [part.begin + part.size for part in layouts if not part.in_records]
    inside = [part for part in layouts if part.in_records]
    if inside and records > 0:
        alone = len(inside) == 1
        record = sum(part.size if alone else _padded(part.size) for part in inside)
        ends += [part.begin + (records - 1) * record + part.size for part in inside]
    return max(ends, default=0)
