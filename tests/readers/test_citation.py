"""CITATION.cff as people might write it."""

from pathlib import Path

import pytest
import yaml

from fluxprod.core.errors import DataError
from fluxprod.readers.citation import read_citation

ROOT = Path(__file__).parents[2]
OURS = yaml.safe_load((ROOT / "CITATION.cff").read_text())


def citation(folder, top=(), **product):
    content = {**OURS, **dict(top), "preferred-citation": {**OURS["preferred-citation"]}}
    for key, value in product.items():
        content["preferred-citation"][key.replace("_", "-")] = value
    path = folder / "CITATION.cff"
    path.write_text(yaml.safe_dump(content))
    return path


def test_the_product_is_read(tmp_path):
    person = {
        "family-names": "Curie",
        "given-names": "Marie",
        "orcid": "https://orcid.org/0000-0002-1825-0097",
        "affiliation": "Sorbonne",
    }
    authors = [person, {"name": "Radium Institute"}]
    path = citation(tmp_path, authors=authors, doi="10.5281/zenodo.1234", version="2.3.4")
    found = read_citation(path)
    assert found.authors == "Curie, Marie; Radium Institute"
    assert found.creators[0].orcid.endswith("0097")
    assert found.creators[0].affiliation == "Sorbonne"
    assert found.doi_url == "https://doi.org/10.5281/zenodo.1234"
    assert found.version == "2.3.4"
    assert found.license == "CC-BY-4.0"
    assert found.text.startswith("Curie, Marie; Radium Institute (20")
    assert found.references[0].doi == "10.5194/acp-24-2555-2024"
    assert str(found.references[0]).endswith(", https://doi.org/10.5194/acp-24-2555-2024")


def test_a_missing_doi_is_empty(tmp_path):
    found = read_citation(citation(tmp_path, doi=None, url="https://example.org"))
    assert found.doi_url == ""
    assert found.text.endswith(" https://example.org")


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("title", None, "title: found nothing, expected text"),
        ("version", 1.0, "version: found 1.0, expected text"),
        ("date_released", "spring", "date-released: found 'spring', expected a date"),
        ("date_released", None, "date-released: found nothing"),
        ("doi", "https://doi.org/10.5281/zenodo.1", "doi: found 'https://doi.org"),
        ("authors", [], r"authors: found \[\], expected a list"),
        ("authors", ["Curie"], "authors: found 'Curie', expected a person"),
        ("authors", [{"family-names": "Curie"}], "given-names: found nothing"),
        ("authors", [{"name": "A", "orcid": "0000"}], "orcid: found '0000'"),
        ("contact", [{"name": "A"}], "email: found nothing"),
        ("contact", ["A"], "contact: found 'A'"),
        ("publisher", None, "name: found nothing"),
        ("keywords", "carbon", "keywords: found 'carbon', expected a list"),
        ("license", "", "license: found ''"),
    ],
)
def test_faults_are_named(tmp_path, key, value, found):
    path = citation(tmp_path, **{key: value})
    with pytest.raises(DataError, match=f"CITATION.cff: {found}"):
        read_citation(path)


@pytest.mark.parametrize("content", ["", "a: [", "- 1", "preferred-citation: none"])
def test_other_content_is_refused(tmp_path, content):
    path = tmp_path / "CITATION.cff"
    path.write_text(content)
    with pytest.raises(DataError, match="CITATION.cff: "):
        read_citation(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="CITATION.cff: file: "):
        read_citation(tmp_path / "CITATION.cff")
