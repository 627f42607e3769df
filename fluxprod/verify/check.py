"""All checks of a folder of product files: of each file, and between files."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from fluxprod.verify.content_checks import ProductFolder, check_contents
from fluxprod.verify.files.checksums import checksum_faults, kind_faults, unlisted
from fluxprod.verify.files.manifest import ProductManifest
from fluxprod.verify.report import FileReport


class Advance(NamedTuple):
    """Functions that report progress.

    Parameters
    ----------
    hashed : callable
        Takes the number of bytes that were hashed since it was last called.
    checked : callable
        Takes the number of bytes whose contents were checked since it was last called.
    """

    hashed: Callable[[float], None]
    checked: Callable[[float], None]


def check_product(
    path: Path, manifest: ProductManifest, advance: Advance, *, partial: bool
) -> list[FileReport]:
    """Check all files and report on each, those that the manifest lists and any others.

    Parameters
    ----------
    path : Path
        The folder.
    manifest : ProductManifest
        Its manifest.
    advance : Advance
        Functions that report progress.
    partial : bool
        Whether files may be absent.

    Returns
    -------
    list of FileReport
        One per file.
    """
    reports = {name: FileReport(name, entry.size) for name, entry in manifest.files.items()}
    present = {
        name: report
        for name, report in reports.items()
        if _check_bytes(path / name, report, manifest, advance.hashed, partial=partial)
    }
    check_contents(ProductFolder(path, manifest, present, advance.checked))
    return [*reports.values(), *_unlisted_reports(path, unlisted(path, manifest))]


def _check_bytes(
    path: Path,
    report: FileReport,
    manifest: ProductManifest,
    advance: Callable[[float], None],
    *,
    partial: bool,
) -> bool:
    """Check that a file is there and has the right bytes; return whether it can be opened."""
    entry = manifest.files[report.name]
    if not _exists(path):
        report.absent = True
        if not partial:
            report.faults.append("absent")
        return False
    if not report.add("kind", kind_faults(path, entry)):
        return False
    report.add("SHA-256", checksum_faults(path, entry, advance))
    return True


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name that is too long for any file
        return False


def _unlisted_reports(path: Path, names: Iterable[str]) -> list[FileReport]:
    return [FileReport(name, (path / name).lstat().st_size, listed=False) for name in names]
