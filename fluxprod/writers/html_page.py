"""HTML pages."""

from pathlib import Path

from fluxprod.core.atomic_output import atomic_output


def write_page(text: str, path: Path) -> None:
    """Write a page in UTF-8."""
    with atomic_output(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
