"""Metrics and manifests."""

import json
from pathlib import Path

from fluxprod.core.atomic_output import whole


def write_json(content: dict, path: Path) -> None:
    """Write a dictionary of rounded numbers and text, in its own order."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    with whole(path) as beside:
        beside.write_text(text + "\n", encoding="utf-8")
