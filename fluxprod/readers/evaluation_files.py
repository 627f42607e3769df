"""Tables, metrics and figures that evaluate wrote."""

import json
from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError


def _found(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise DataError(folder, pattern, "no file", "the output of evaluate", "run dvc repro")
    return paths


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Read every CSV table of a folder by its name."""
    return {path.stem: pd.read_csv(path) for path in _found(folder, "*.csv")}


def read_images(folder: Path) -> dict[str, bytes]:
    """Read every PNG of a folder by its name."""
    return {path.stem: path.read_bytes() for path in _found(folder, "*.png")}


def read_metrics(path: Path) -> dict:
    """Read ``metrics.json``."""
    (found,) = _found(path.parent, path.name)
    return json.loads(found.read_text(encoding="utf-8"))
