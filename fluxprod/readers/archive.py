"""Zip archives read in place: nothing is unpacked beside raw files, and no archive is trusted.

A path may lead into an archive: ``download.zip/FLX_..._DD_2001-2004_1-4.csv``. Text is read as a
stream. Libraries that want a file of their own get one in a cache folder: ``$FLUXPROD_CACHE``, else
``fluxprod`` in the user's cache.
"""

import gzip
import hashlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from fluxprod.errors import DataError
from fluxprod.writers.whole_file import whole

MAX_EXPANDED = 64 * 2**30  # byte, of all members; a year of hourly global ERA5 is smaller
MAX_RATIO = 250  # expanded to packed; tables reach 20, mostly empty grids 100, zip bombs 1,000
MIN_JUDGED = 2**20  # byte expanded, below which a ratio says nothing
ENCRYPTED = 0x1  # of a member's flag bits
# what zipfile makes of archives that are broken, and of members that are
BROKEN = (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, LookupError)
BREAKS_OFF = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


class Member(NamedTuple):
    """A file in an archive: its name there and its expanded size [byte]."""

    name: str
    size: int


def is_archive(path: Path) -> bool:
    """Whether a file starts as a zip archive does, whatever its name says."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def members(path: Path) -> list[Member]:
    """Files of an archive, in its order, when all of them are safe to read.

    Raises
    ------
    DataError
        If the archive is broken, or a member is absolute, climbs out of the archive, is a link,
        encrypted or there twice, or the whole expands beyond ``MAX_EXPANDED`` or ``MAX_RATIO``.
    """
    with _opened_archive(path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
    for info in infos:
        if fault := _fault(info):
            raise DataError(path, f"member {info.filename!r}", fault, "a plain file inside")
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(path, f"member {twice!r}", "there twice", "each member once")
    expanded = sum(info.file_size for info in infos)
    packed = max(sum(info.compress_size for info in infos), 1)
    if expanded > MAX_EXPANDED or expanded > max(MIN_JUDGED, MAX_RATIO * packed):
        found = f"{expanded / 2**30:.1f} GiB from {packed / 2**20:.1f} MiB"
        expected = f"at most {MAX_EXPANDED / 2**30:.0f} GiB and {MAX_RATIO} times its size"
        raise DataError(path, "expanded size", found, expected, "get it again from its provider")
    return [Member(info.filename, info.file_size) for info in infos]


def _fault(info: zipfile.ZipInfo) -> str | None:
    name = PurePosixPath(info.filename)
    if name.is_absolute() or info.filename[1:2] == ":":
        return "an absolute path"
    if "\\" in info.orig_filename or "\0" in info.orig_filename:
        return "a path of another system"
    if ".." in name.parts:
        return "a path that climbs out of the archive"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link"
    if info.flag_bits & ENCRYPTED:
        return "encrypted"
    return None


@contextmanager
def _opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise unreadable(path, error) from error
    with archive:
        try:
            yield archive
        except BREAKS_OFF as error:
            raise unreadable(path, error) from error


def unreadable(path: Path, error: BaseException) -> DataError:
    """Error of an archive, or a member, that breaks off."""
    text = str(error).splitlines()
    reason = text[0] if text else type(error).__name__
    return DataError(path, "archive", f"unreadable ({reason})", "a whole zip", "get it again")


@contextmanager
def open_member(path: Path, name: str) -> Iterator[BinaryIO]:
    """Open a member as a stream; its checksum is compared when it has been read to its end.

    Raises
    ------
    DataError
        If there is none of that name or it breaks off.
    """
    if name not in {member.name for member in members(path)}:
        raise DataError(path, f"member {name!r}", "nothing", "a member of that name")
    with _opened_archive(path) as archive, archive.open(name) as stream:
        yield stream  # type: ignore[misc]  # IO[bytes]


@contextmanager
def extracted(path: Path, name: str) -> Iterator[Path]:
    """Give the path of a member's copy in the cache folder, made at the first use.

    Raises
    ------
    DataError
        If the archive is broken, or there is not enough room for the member.
    """
    status = path.stat()
    identity = f"{path.resolve()} {status.st_size} {status.st_mtime_ns} {name}"
    folder = cache_folder() / hashlib.sha256(identity.encode()).hexdigest()[:32]
    copy = folder / PurePosixPath(name).name
    if not copy.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with open_member(path, name) as stream:
            size = next(member.size for member in members(path) if member.name == name)
            free = shutil.disk_usage(folder).free
            if size > free:
                found = f"{free / 2**30:.1f} GiB free"
                action = "set FLUXPROD_CACHE to a folder with room"
                raise DataError(folder, "cache", found, f"{size / 2**30:.1f} GiB", action)
            with whole(copy) as beside, beside.open("wb") as file:
                shutil.copyfileobj(stream, file, 2**20)
    yield copy


def cache_folder() -> Path:
    """Folder for what libraries cannot read inside an archive."""
    if named := os.environ.get("FLUXPROD_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fluxprod"


def split(path: Path) -> tuple[Path, str] | None:
    """Archive and member of a path that leads into an archive, else None."""
    for archive in path.parents:
        if archive.is_file():
            return archive, path.relative_to(archive).as_posix()
    return None


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, gzipped or not, or a member of an archive, as a stream of its content.

    Raises
    ------
    DataError
        If an archive on the way is broken. Other faults are the caller's to name.
    """
    inside = split(path)
    with open_member(*inside) if inside else path.open("rb") as stream:
        if path.suffix != ".gz":
            yield stream
        else:
            with gzip.open(stream) as content:
                yield content  # type: ignore[misc]  # a BufferedIOBase
