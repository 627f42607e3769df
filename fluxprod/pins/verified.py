"""What verify_raw found in each folder of raw files."""

import json
from pathlib import Path

from fluxprod.core.errors import DataError


def read_verified(folder: Path, sources: tuple[str, ...]) -> dict[str, dict]:
    """Read SHA-256 and number of files of each source.

    Parameters
    ----------
    folder : Path
        Of one JSON file a source.
    sources : tuple of str

    Raises
    ------
    DataError
        If a report is absent or no report.
    """
    return {source: _report(folder / f"{source}.json") for source in sources}


def _report(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {"sha256": str(content["sha256"]), "files": int(content["files"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(path, "file", error, "the report of verify_raw", "run dvc repro") from error
