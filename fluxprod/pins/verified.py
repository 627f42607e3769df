"""Reports of verify_raw on the folders of raw files."""

import json
from pathlib import Path
from typing import Any

from fluxprod.core.errors import DataError
from fluxprod.core.intact import without_checksum
from fluxprod.pins.manifest import read_fault


def read_verified(folder: Path, sources: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Read the combined SHA-256 and the number of files of each source.

    Parameters
    ----------
    folder : Path
        Folder with one JSON report per source.
    sources : tuple of str
        Names of the sources, such as ``era5``.

    Returns
    -------
    dict of str to dict
        ``sha256`` and ``files`` of each source.

    Raises
    ------
    DataError
        If a report is missing or cannot be read.
    """
    return {source: _report(folder / f"{source}.json") for source in sources}


def _report(path: Path) -> dict[str, Any]:
    try:
        content = without_checksum(json.loads(path.read_text(encoding="utf-8")))
        return {"sha256": str(content["sha256"]), "files": int(content["files"])}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        found = read_fault(error, "a file that is not a report")
        raise DataError(path, "file", found, "the report of verify_raw", "run dvc repro") from error
