"""CITATION.cff, the single source of authors, titles, versions and dates.

Its top level describes the software, and ``preferred-citation`` the data product (Citation File
Format 1.2.0).
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from fluxprod.core.citation import Citation, CitedWork, Person, Software
from fluxprod.core.errors import DataError

PRODUCT = "preferred-citation"
ORCID = r"https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]"
DOI = r"10\.\d{4,9}/\S+"
EXPECTED = "a citation file in YAML"
ADVICE = "fill it in"


def read_citation(path: Path) -> Citation:
    """Read how the product is to be cited.

    Raises
    ------
    DataError
        If the file does not exist or is not YAML, or an entry is missing or malformed.
    """
    content = _content(path)
    product = content.get(PRODUCT)
    if not isinstance(product, dict):
        raise DataError(path, PRODUCT, _kind(product), "a description of the product", ADVICE)
    contact = _first(path, product, "contact")
    return Citation(
        title=_text(path, product, "title"),
        version=_text(path, product, "version"),
        released=_date(path, product),
        doi=_like(path, product, "doi", DOI),
        creators=tuple(_person(path, each) for each in _list(path, product, "authors")),
        email=_text(path, contact, "email"),
        url=_text(path, product, "url"),
        license=_text(path, product, "license"),
        license_url=_text(path, product, "license-url"),
        publisher=_text(path, product.get("publisher") or {}, "name"),
        keywords=tuple(map(str, _list(path, product, "keywords"))),
        abstract=_text(path, product, "abstract"),
        references=tuple(_reference(path, each) for each in _list(path, content, "references")),
    )


def read_software(path: Path) -> Software:
    """Read the description of the software.

    Raises
    ------
    DataError
        As in `read_citation`.
    """
    content = _content(path)
    return Software(
        title=_text(path, content, "title"),
        version=_text(path, content, "version"),
        released=_date(path, content),
        url=_text(path, content, "url"),
        license=_text(path, content, "license"),
    )


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(path, "file", "no such file", EXPECTED) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(path, "file", f"unreadable content ({reason})", EXPECTED) from error
    if not isinstance(content, dict):
        raise DataError(path, "file", _kind(content), "a mapping of keys")
    return content


def _kind(value: object) -> str:
    return "nothing" if value is None else f"{value!r:.60}"


def _text(path: Path, part: dict[str, Any], key: str) -> str:
    value = part.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DataError(path, key, _kind(value), "text", ADVICE)
    return " ".join(value.split())


def _like(path: Path, part: dict[str, Any], key: str, pattern: str) -> str:
    """Text that matches a pattern, or an empty text if the key is absent."""
    value = part.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise DataError(path, key, _kind(value), f"text that matches {pattern}")
    return value


def _date(path: Path, part: dict[str, Any]) -> str:
    value = part.get("date-released")
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise DataError(path, "date-released", _kind(value), "a date YYYY-MM-DD") from error


def _list(path: Path, part: dict[str, Any], key: str) -> list[Any]:
    value = part.get(key)
    if not isinstance(value, list) or not value:
        raise DataError(path, key, _kind(value), "a list", ADVICE)
    return value


def _first(path: Path, part: dict[str, Any], key: str) -> dict[str, Any]:
    first = _list(path, part, key)[0]
    if not isinstance(first, dict):
        raise DataError(path, key, _kind(first), "a mapping of keys")
    return first


def _person(path: Path, entry: Any) -> Person:
    if not isinstance(entry, dict):
        raise DataError(path, "authors", _kind(entry), "a person or a group")
    orcid = _like(path, entry, "orcid", ORCID)
    if "name" in entry:
        return Person(group=_text(path, entry, "name"), orcid=orcid)
    return Person(
        family=_text(path, entry, "family-names"),
        given=_text(path, entry, "given-names"),
        orcid=orcid,
        affiliation=str(entry.get("affiliation") or ""),
    )


def _reference(path: Path, entry: Any) -> CitedWork:
    if not isinstance(entry, dict):
        raise DataError(path, "references", _kind(entry), "a work")
    names = [_person(path, each).name for each in _list(path, entry, "authors")]
    year = f" ({entry['year']})" if "year" in entry else ""
    text = f"{'; '.join(names)}{year}: {_text(path, entry, 'title')}"
    return CitedWork(text, _like(path, entry, "doi", DOI))
