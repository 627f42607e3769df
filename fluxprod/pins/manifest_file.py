"""The committed manifest of raw files, and small JSON reports."""

import json
from pathlib import Path
from typing import Any

from fluxprod.core.atomic_output import whole


def write_pins(path: Path, params: dict[str, Any], files: dict[str, Any]) -> None:
    """Write a manifest.

    Parameters
    ----------
    path : Path
        ``data/raw/<source>.pins.json``.
    params : dict
        Parameters that made the files; empty for observed ones.
    files : dict of str to tuple (sha256, size)
        By relative path.
    """
    pins = {name: {"sha256": sha256, "size": size} for name, (sha256, size) in files.items()}
    write_json(path, {"params": params, "files": dict(sorted(pins.items()))})


def write_json(path: Path, content: Any) -> None:
    """Write JSON that reads well in a diff."""
    with whole(path) as beside:
        beside.write_text(json.dumps(content, indent=1) + "\n")
