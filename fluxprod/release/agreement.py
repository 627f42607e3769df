"""Whether all files that state version, date and DOI of a release agree."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from fluxprod.core.constants import CITATION_FILE, MANIFEST_FILE, PARAMS_FILE
from fluxprod.core.errors import DataError
from fluxprod.params import read_params
from fluxprod.product.datacite import DATACITE
from fluxprod.readers.citation import read_citation, read_software
from fluxprod.release.version import CHANGES, heading
from fluxprod.verify.files.manifest import read_product_manifest

PLACEHOLDER = re.compile(r"\bexample\.(org|com|net)\b")  # reserved by RFC 2606


def check_agreement(root: Path, product: Path) -> None:
    """Compare all files that describe a release with CITATION.cff.

    Parameters
    ----------
    root : Path
        Root of the repository.
    product : Path
        Folder of the product.

    Raises
    ------
    DataError
        If a file disagrees; the error names the first one.
    """
    cited, software = read_citation(root / CITATION_FILE), read_software(root / CITATION_FILE)
    made = read_product_manifest(product)
    registered = _json(product / DATACITE)
    changes = (root / CHANGES).read_text(encoding="utf-8")
    first = f"{heading(cited.version)}{cited.released}"
    stated: list[tuple[Path, str, Any, Any]] = [
        (root / CITATION_FILE, "version of the software", software.version, cited.version),
        (root / CITATION_FILE, "date-released of the software", software.released, cited.released),
        (root / "pyproject.toml", "version", _project(root)["version"], cited.version),
        (root / "pyproject.toml", "license", _project(root)["license"], software.license),
        (root / PARAMS_FILE, "product.version", _params(root)["version"], cited.version),
        (root / CHANGES, "first heading", _first_heading(changes), first),
        (product / MANIFEST_FILE, "version", made.version, cited.version),
        (product / MANIFEST_FILE, "doi", made.doi, cited.doi),
        (product / DATACITE, "version", registered.get("version"), cited.version),
        (product / DATACITE, "doi", registered.get("doi", ""), cited.doi),
    ]
    for path, name, found, expected in stated:
        if found != expected:
            raise DataError(path, name, found, f"{expected}, as in {CITATION_FILE}")


def check_addresses(citation: Path, world: str) -> None:
    """Refuse a release for the real Earth whose contact addresses are still placeholders.

    Parameters
    ----------
    citation : Path
        The file ``CITATION.cff``.
    world : str
        ``observed`` or ``synthetic``.

    Raises
    ------
    DataError
        If an address of an observed release is a placeholder.
    """
    cited, software = read_citation(citation), read_software(citation)
    addresses = {"email": cited.email, "url": cited.url, "url of the software": software.url}
    for name, value in addresses.items():
        if world == "observed" and PLACEHOLDER.search(value):
            raise DataError(citation, name, value, "an address that exists", "fill it in")


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise DataError(path, "file", "no such file", "JSON", "run dvc repro product") from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        found = "a file that is not a JSON object"
        raise DataError(path, "file", found, "JSON", "run dvc repro product") from error


def _project(root: Path) -> dict[str, Any]:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def _params(root: Path) -> dict[str, Any]:
    product: dict[str, Any] = read_params(root / PARAMS_FILE)["product"]
    return product


def _first_heading(text: str) -> str:
    return next((line for line in text.splitlines() if line.startswith("## ")), "no heading")
