"""Reports of what was checked in each file of a product, and what was found."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from fluxprod.verify.files.manifest import ProductManifest

SCHEMA = 1  # version of the JSON form
Status = Literal["ok", "WRONG", "absent", "other"]


@dataclass
class FileReport:
    """Findings about one file of the product.

    Parameters
    ----------
    name : str
        Name in the folder.
    size : int
        Size in the manifest, or of the file if it is not listed [byte].
    absent : bool
        Whether the file does not exist, which by itself is no fault.
    listed : bool
        Whether the manifest lists the file; other files in the folder are no fault.
    checked : list of str
        Checks that were made.
    faults : list of str
        What is wrong.
    unchecked : list of str
        What could not be checked, and why.
    """

    name: str
    size: int
    absent: bool = False
    listed: bool = True
    checked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """Status in one word: faults first, then whether the file is listed and exists."""
        if self.faults:
            return "WRONG"
        if not self.listed:
            return "other"
        return "absent" if self.absent else "ok"

    def add(self, check: str, faults: Iterable[str]) -> bool:
        """Record a check and its faults.

        Parameters
        ----------
        check : str
            Name of the check.
        faults : iterable of str
            Faults that it found.

        Returns
        -------
        bool
            Whether there were no faults.
        """
        if check not in self.checked:
            self.checked.append(check)
        found = list(faults)
        self.faults += found
        return not found


def reports_as_json(
    folder: Path, manifest: ProductManifest, reports: list[FileReport], *, partial: bool
) -> dict[str, Any]:
    """All reports in a form for `json.dumps`.

    Parameters
    ----------
    folder : Path
        Folder of the product.
    manifest : ProductManifest
        Its manifest.
    reports : list of FileReport
        Reports of its files.
    partial : bool
        Whether files were allowed to be absent.
    """
    return {
        "schema": SCHEMA,
        "path": str(folder),
        "title": manifest.title,
        "version": manifest.version,
        "world": manifest.world,
        "partial": partial,
        "ok": not any(report.faults for report in reports),
        "files": [{"status": report.status, **asdict(report)} for report in reports],
    }
