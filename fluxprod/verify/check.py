"""Everything that is checked of a folder of product files, file by file and between them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from fluxprod.verify.contents import Folder, check_contents
from fluxprod.verify.files.checksums import checksum_faults, unlisted
from fluxprod.verify.files.manifest import ProductManifest
from fluxprod.verify.report import FileReport


class Advance(NamedTuple):
    """Takes bytes that were hashed, and bytes of files whose fields were checked, as they are."""

    hashed: Callable[[float], None]
    checked: Callable[[float], None]


def check_product(
    path: Path, manifest: ProductManifest, advance: Advance, *, partial: bool
) -> list[FileReport]:
    """One report a file: of all that are listed, and of those that are not.

    Parameters
    ----------
    path : Path
        The folder.
    manifest : ProductManifest
    advance : Advance
    partial : bool
        Whether files may be absent.
    """
    reports = {name: FileReport(name, entry.size) for name, entry in manifest.files.items()}
    for name, report in reports.items():
        _check_bytes(path / name, report, manifest, advance.hashed, partial=partial)
    there = {name: report for name, report in reports.items() if not report.absent}
    check_contents(Folder(path, manifest, there, advance.checked))
    return [*reports.values(), *_strangers(path, unlisted(path, manifest))]


def _check_bytes(
    path: Path,
    report: FileReport,
    manifest: ProductManifest,
    advance: Callable[[float], None],
    *,
    partial: bool,
) -> None:
    entry = manifest.files[report.name]
    if not path.exists():
        report.absent = True
        if not partial:
            report.faults.append("absent")
        return
    report.add("SHA-256", checksum_faults(path, entry, advance))


def _strangers(path: Path, names: Iterable[str]) -> list[FileReport]:
    return [FileReport(name, (path / name).lstat().st_size, listed=False) for name in names]
