"""Zip archives read in place: their contents, and members as streams or as files in a cache.

Archives come from outside and are not trusted. Names that point outside a folder, links,
encrypted members and archives that expand beyond ``MAX_EXPANDED`` or ``MAX_RATIO`` are refused
before anything is unpacked, and no member yields more bytes than the archive's directory states.
"""

import hashlib
import io
import lzma
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.readers.files.netcdf import fault, reason
from fluxprod.readers.files.web_page import web_page_fault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_EXPANDED = 64 * 2**30  # byte; a year of hourly ERA5 of one variable is 36 GB
MAX_RATIO = 250.0  # expanded to compressed size; tower tables reach 30, deflate at most 1032
SMALL = 2**28  # byte; below this size any ratio is harmless
CACHE = "FLUXPROD_CACHE"  # environment variable that names the cache folder
BLOCK = 2**20  # byte
LONGEST_NAME = 100  # characters that a message shows

ENCRYPTED = 0x1  # bit of the general purpose flag, APPNOTE.TXT 4.4.4
LEADS_OUT = re.compile(r"^/|^[A-Za-z]:|\\|\0|(^|/)\.\.(/|$)")
# what zipfile raises for corrupt archives
BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, ValueError, LookupError, NotImplementedError, RuntimeError, OverflowError),
)


class ArchiveMember(NamedTuple):
    """Name and unpacked size [byte] of a file in an archive."""

    name: str
    size: int


def members(path: Path) -> list[ArchiveMember]:
    """List the files of an archive, sorted by name, without folders.

    Raises
    ------
    DataError
        If the archive is corrupt or cannot be trusted: if a name is absolute or repeated or
        contains ``..`` or a backslash, if there is a link or an encrypted member, or if the
        archive expands beyond ``MAX_EXPANDED`` or ``MAX_RATIO``.
    """
    with _opened(path) as archive:
        return sorted(
            ArchiveMember(info.filename, info.file_size) for info in _files(path, archive)
        )


def open_member(path: Path, name: str) -> BinaryIO:
    """Open a member as a stream; faults raise a DataError, also later, while it is read.

    Raises
    ------
    DataError
        If the archive is corrupt or cannot be trusted, or has no such member.
    """
    return cast(BinaryIO, io.BufferedReader(_MemberStream(path, name), BLOCK))


@contextmanager
def extracted(path: Path, name: str) -> Iterator[Path]:
    """Provide a member as a file in the cache folder, for libraries that cannot read streams.

    The folder is ``$FLUXPROD_CACHE`` or, by default, ``fluxprod`` in the user's cache. A member is
    unpacked again only if the path, size or modification time of the archive changes.

    Yields
    ------
    Path

    Raises
    ------
    DataError
        As in `open_member`, or if the cache cannot be written.
    """
    place = _cached(path, name)
    if not place.is_file():
        with open_member(path, name) as stream:
            size = next(member.size for member in members(path) if member.name == name)
            _unpack(stream, size, place)
    yield place


class _MemberStream(io.RawIOBase):
    """Content of a member, whose length is checked against the stated size."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__()
        self.label = path / name
        self.resources = ExitStack()
        try:
            archive = self.resources.enter_context(_opened(path))
            sizes = {info.filename: info.file_size for info in _files(path, archive)}
            if name not in sizes:
                found = f"no such member in {sorted(sizes)[:4]}"
                raise DataError(path, name, found, "this member")
            self.left = sizes[name]
            with _faults(self.label, "archive"):
                self.stream = self.resources.enter_context(archive.open(name))
        except DataError:
            self.close()
            raise

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        target = memoryview(buffer).cast("B")
        with _faults(self.label, "archive"):
            data = self.stream.read(len(target))
        self.left -= len(data)
        if self.left < 0 or (not data and self.left > 0 and len(target)):
            amount = "more" if self.left < 0 else "fewer"
            found = f"{amount} bytes than stated"
            raise DataError(self.label, "archive", found, "a complete archive", "get it again")
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.resources.close()
        super().close()


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with _faults(path, "archive"):
        archive = zipfile.ZipFile(path)
    with archive:
        yield archive


@contextmanager
def _faults(path: Path, variable: str) -> Iterator[None]:
    """Turn the exceptions of zipfile into a DataError."""
    try:
        yield
    except BROKEN as error:
        expected = "a complete zip archive"
        raise (
            web_page_fault(path, expected)
            or DataError(path, variable, fault(error), expected, "get it again")
        ) from error


def repacked(label: Path, content: bytes, most: int) -> io.BytesIO:
    """Copy an archive in memory, for libraries that trust the sizes it states.

    Parameters
    ----------
    label : Path
        File name for error messages.
    content : bytes
        The archive.
    most : int
        Limit of the total unpacked size [byte].

    Returns
    -------
    BytesIO
        An archive of the same files, none longer than stated.

    Raises
    ------
    DataError
        If the archive cannot be trusted (see `members`) or expands to more than ``most``.
    zipfile.BadZipFile
        If the content is not an archive or is corrupt; callers know what it should be.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        files = _trusted(label, old)
        _check_expansion(label, len(content), sum(info.file_size for info in files), most)
        for info in files:
            with old.open(info) as source, new.open(info.filename, "w") as copy:
                shutil.copyfileobj(source, copy, BLOCK)
    target.seek(0)
    return target


def _files(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Entries that are files, after checking names, kinds and sizes."""
    files = _trusted(path, archive)
    expanded = sum(info.file_size for info in files)
    _check_expansion(path, path.stat().st_size, expanded, MAX_EXPANDED)
    return files


def _trusted(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Entries that are files, after checking the names and kinds of all entries."""
    entries = archive.infolist()
    for info in entries:
        found = _threat(info)
        if found:
            name = info.orig_filename.encode("unicode_escape").decode("ascii")[:LONGEST_NAME]
            raise DataError(path, name, found, "a plain file with a relative name", "refused")
    files = [info for info in entries if not info.is_dir()]
    names = [info.filename for info in files]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise DataError(path, "archive", f"{twice[:3]} more than once", "each name once")
    return files


def _threat(info: zipfile.ZipInfo) -> str:
    """Reason for refusing an entry; empty if it is accepted."""
    if LEADS_OUT.search(info.orig_filename):
        return "a name that points outside a folder"
    if not info.filename.isprintable():
        return "a name with control characters"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link"
    if info.flag_bits & ENCRYPTED:
        return "an encrypted member"
    return ""


def _check_expansion(path: Path, packed: int, expanded: int, most: int) -> None:
    ratio = expanded / max(packed, 1)
    if expanded > most or (expanded > SMALL and ratio > MAX_RATIO):
        raise DataError(
            path,
            "archive",
            f"{expanded / 2**30:.3g} GiB when unpacked, {ratio:.0f} times its size",
            f"at most {most / 2**30:.3g} GiB and {MAX_RATIO:.0f} times",
            "refused",
        )


def _cached(path: Path, name: str) -> Path:
    """Path of a member in the cache; the suffix is kept because libraries rely on it."""
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(path, "file", fault(error), "an archive") from error
    key = f"{path.resolve()}\n{status.st_mtime_ns}\n{status.st_size}\n{name}"
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return _cache_folder() / "members" / f"{digest}{PurePosixPath(name).suffix}"


def _cache_folder() -> Path:
    if own := os.environ.get(CACHE):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "fluxprod"


def _unpack(stream: BinaryIO, size: int, place: Path) -> None:
    """Write a member atomically; processes that unpack the same member do not collide."""
    own = place.with_name(f"{place.stem}.{os.getpid()}{place.suffix}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(place.parent).free
        if size > free:
            raise OSError(f"{free / 2**30:.1f} GiB free for {size / 2**30:.1f} GiB")
        with atomic_output(own) as temporary, temporary.open("wb") as file:
            shutil.copyfileobj(stream, file, BLOCK)
        own.replace(place)
    except OSError as error:
        found = f"a folder that cannot be written ({reason(error)})"
        action = f"set {CACHE} to a folder with enough space"
        raise DataError(place, "cache", found, "space to unpack the member", action) from error
