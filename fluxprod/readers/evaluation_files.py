"""Tables, metrics and figures written by the stage evaluate."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from fluxprod.core.errors import DataError


def _found(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise DataError(folder, pattern, "no file", "the output of evaluate", "run dvc repro")
    return paths


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Read all CSV tables of a folder, by name without suffix."""
    return {path.stem: pd.read_csv(path) for path in _found(folder, "*.csv")}


def read_images(folder: Path) -> dict[str, bytes]:
    """Read all PNG figures of a folder as bytes, by name without suffix."""
    return {path.stem: path.read_bytes() for path in _found(folder, "*.png")}


def read_metrics(path: Path) -> dict[str, Any]:
    """Read ``metrics.json``."""
    (found,) = _found(path.parent, path.name)
    metrics: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return metrics
