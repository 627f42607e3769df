"""Whether all that says version, date and DOI of a release says the same."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from fluxprod.core.errors import DataError
from fluxprod.params_file import read_params
from fluxprod.product.datacite import DATACITE
from fluxprod.readers.citation import read_citation, read_software
from fluxprod.release.crate import CITED
from fluxprod.release.version import CHANGES
from fluxprod.verify.files.manifest import MANIFEST, read_product_manifest

SLOT = re.compile(r"\bexample\.(org|com|net)\b")  # of RFC 2606: nobody has filled it in


def check_agreement(root: Path, product: Path) -> None:
    """Compare all files that describe a release with CITATION.cff.

    Raises
    ------
    DataError
        That names the first file that says something else.
    """
    cited, software = read_citation(root / CITED), read_software(root / CITED)
    made = read_product_manifest(product)
    registered = _json(product / DATACITE)
    heading = f"## {cited.version} ({cited.released})"
    changes = (root / CHANGES).read_text(encoding="utf-8")
    said: list[tuple[Path, str, Any, Any]] = [
        (root / CITED, "version of the software", software.version, cited.version),
        (root / CITED, "date-released of the software", software.released, cited.released),
        (root / "pyproject.toml", "version", _project(root)["version"], cited.version),
        (root / "pyproject.toml", "license", _project(root)["license"], software.license),
        (root / "params.yaml", "product.version", _params(root)["version"], cited.version),
        (root / CHANGES, "first heading", _first_heading(changes), heading),
        (product / MANIFEST, "version", made.version, cited.version),
        (product / MANIFEST, "doi", made.doi, cited.doi),
        (product / DATACITE, "version", registered.get("version"), cited.version),
        (product / DATACITE, "doi", registered.get("doi", ""), cited.doi),
    ]
    for path, name, found, expected in said:
        if found != expected:
            raise DataError(path, name, found, f"{expected}, as {CITED} says")


def check_slots(citation: Path, world: str) -> None:
    """Refuse a release for the real Earth as long as nobody can be written to."""
    cited, software = read_citation(citation), read_software(citation)
    slots = {"email": cited.email, "url": cited.url, "url of the software": software.url}
    for name, value in slots.items():
        if world == "observed" and SLOT.search(value):
            raise DataError(citation, name, value, "an address that exists", "fill it in")


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DataError(path, "file", error, "JSON", "run dvc repro product") from error


def _project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _params(root: Path) -> dict[str, Any]:
    return read_params(root / "params.yaml")["product"]


def _first_heading(text: str) -> str:
    return next((line for line in text.splitlines() if line.startswith("## ")), "nothing")
