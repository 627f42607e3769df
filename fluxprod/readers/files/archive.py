"""Zip archives read in place: what they hold, one member as a stream or as a file of the cache.

An archive comes from elsewhere. Names that lead out of a folder, links, encrypted members and
archives that expand beyond ``MAX_EXPANDED`` or ``MAX_RATIO`` are refused before a byte of them is
unpacked, and no member gives more bytes than the archive's directory states.
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
from typing import BinaryIO, NamedTuple, cast

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError

MAX_EXPANDED = 64 * 2**30  # byte; a year of hourly ERA5 of one variable is 36 GB
MAX_RATIO = 250.0  # expanded to packed; tower tables reach 30, deflate at most 1032
SMALL = 2**28  # byte; below this no ratio does harm
CACHE = "FLUXPROD_CACHE"  # environment variable that names the cache folder
BLOCK = 2**20  # byte

ENCRYPTED = 0x1  # bit of the general purpose flag, APPNOTE.TXT 4.4.4
LEADS_OUT = re.compile(r"^/|^[A-Za-z]:|\\|\0|(^|/)\.\.(/|$)")
# what zipfile makes of broken archives
BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, ValueError, LookupError, NotImplementedError, RuntimeError, OverflowError),
)


class ArchiveMember(NamedTuple):
    """A file in an archive: its name and its size when unpacked [byte]."""

    name: str
    size: int


def members(path: Path) -> list[ArchiveMember]:
    """List the files of an archive, sorted by name; folders are left out.

    Raises
    ------
    DataError
        If the archive is broken or not to be trusted: a name with ``..``, an absolute one or one
        with a backslash, a name given twice, a link, an encrypted member, or more bytes than
        ``MAX_EXPANDED`` or ``MAX_RATIO`` allow.
    """
    with _opened(path) as archive:
        return sorted(
            ArchiveMember(info.filename, info.file_size) for info in _files(path, archive)
        )


def open_member(path: Path, name: str) -> BinaryIO:
    """Open a member for reading; its faults, also those met while reading, are DataErrors.

    Raises
    ------
    DataError
        If the archive is broken or not to be trusted, or has no such member.
    """
    return cast(BinaryIO, io.BufferedReader(_MemberStream(path, name), BLOCK))


@contextmanager
def extracted(path: Path, name: str) -> Iterator[Path]:
    """Give a member as a file of the cache folder, for libraries that read no stream.

    The folder is ``$FLUXPROD_CACHE``, else ``fluxprod`` in the user's cache. A member is unpacked
    once as long as path, size and modification time of the archive are the same.

    Raises
    ------
    DataError
        As of `open_member`, or if the cache cannot be written.
    """
    place = _cached(path, name)
    if not place.is_file():
        with open_member(path, name) as stream:
            size = next(member.size for member in members(path) if member.name == name)
            _unpack(stream, size, place)
    yield place


class _MemberStream(io.RawIOBase):
    """Bytes of a member, counted against the stated size."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__()
        self.label = path / name
        self.resources = ExitStack()
        try:
            archive = self.resources.enter_context(_opened(path))
            sizes = {info.filename: info.file_size for info in _files(path, archive)}
            if name not in sizes:
                raise DataError(path, name, f"no such member, but {sorted(sizes)[:4]}", "it")
            self.left = sizes[name]
            with _faults(self.label, "archive"):
                self.stream = self.resources.enter_context(archive.open(name))
        except DataError:
            self.close()
            raise

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        with _faults(self.label, "archive"):
            data = self.stream.read(len(buffer))
        self.left -= len(data)
        if self.left < 0 or (not data and self.left > 0 and len(buffer)):
            more = "more" if self.left < 0 else "less"
            raise DataError(self.label, "archive", f"{more} bytes than stated", "a whole archive")
        buffer[: len(data)] = data
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
    """Turn what zipfile raises into one line."""
    try:
        yield
    except BROKEN as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(
            path, variable, f"unreadable ({reason})", "a whole zip archive", "get it again"
        ) from error


def repacked(label: Path, content: bytes, most: int) -> io.BytesIO:
    """Copy an archive in memory, for libraries that believe the sizes which it states.

    Parameters
    ----------
    label : Path
        What errors name.
    content : bytes
    most : int
        Size of all that is unpacked [byte].

    Returns
    -------
    BytesIO
        The same files, of no more bytes than were stated.

    Raises
    ------
    DataError
        If it is not to be trusted, as of `members`, or if more than ``most`` would be unpacked.
    zipfile.BadZipFile
        If it is none, or broken: callers know what it should be.
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
    """Entries that are files, if the archive can be trusted."""
    files = _trusted(path, archive)
    expanded = sum(info.file_size for info in files)
    _check_expansion(path, path.stat().st_size, expanded, MAX_EXPANDED)
    return files


def _trusted(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Entries that are files, if all names and kinds can be trusted."""
    entries = archive.infolist()
    for info in entries:
        fault = _fault(info)
        if fault:
            name = info.orig_filename.encode("unicode_escape").decode("ascii")
            raise DataError(path, name, fault, "a plain file under a relative name", "refused")
    files = [info for info in entries if not info.is_dir()]
    names = [info.filename for info in files]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise DataError(path, "archive", f"{twice[:3]} more than once", "each name once")
    return files


def _fault(info: zipfile.ZipInfo) -> str:
    """Why an entry is refused; empty if it is not."""
    if LEADS_OUT.search(info.orig_filename):
        return "a name that leads out of a folder"
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
    """Place of a member in the cache; the suffix stays, because libraries look at it."""
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(path, "file", error.strerror, "an archive") from error
    key = f"{path.resolve()}\n{status.st_mtime_ns}\n{status.st_size}\n{name}"
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return _cache_folder() / "members" / f"{digest}{PurePosixPath(name).suffix}"


def _cache_folder() -> Path:
    if own := os.environ.get(CACHE):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "fluxprod"


def _unpack(stream: BinaryIO, size: int, place: Path) -> None:
    """Write whole or not at all; processes that unpack the same do not meet."""
    own = place.with_name(f"{place.stem}.{os.getpid()}{place.suffix}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(place.parent).free
        if size > free:
            raise OSError(f"{free / 2**30:.1f} GiB free for {size / 2**30:.1f} GiB")
        with atomic_output(own) as beside, beside.open("wb") as file:
            shutil.copyfileobj(stream, file, BLOCK)
        own.replace(place)
    except OSError as error:
        reason = error.strerror or error
        action = f"set {CACHE} to a folder with room"
        raise DataError(place, "cache", reason, "room to unpack", action) from error
