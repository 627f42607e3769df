"""Writing JSON files: metrics, manifests and pins."""

import json
from pathlib import Path
from typing import Any

from fluxprod.core.atomic_output import atomic_output


def write_json(content: dict[str, Any], path: Path, *, indent: int = 2) -> None:
    """Write a dictionary of finite numbers and text; its keys keep their order.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    text = json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False)
    with atomic_output(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")
