"""DataCite metadata against the schema of the DataCite registry, as JSON and as XML."""

import dataclasses
import warnings
from pathlib import Path

import pytest
from lxml import etree

from fluxprod.core.citation import Person
from fluxprod.core.provenance import Digest, Provenance
from fluxprod.inventory.datasets import input_dois
from fluxprod.product.datacite import datacite
from fluxprod.product.edition import Edition
from fluxprod.readers.citation import read_citation
from fluxprod.stages.provenance import RAW

with warnings.catch_warnings():
    # the schema follows a draft that this jsonschema does not support; it is read as draft 7
    warnings.filterwarnings("ignore", "The metaschema specified", DeprecationWarning)
    from datacite import schema45

CITATION = read_citation(Path(__file__).parents[2] / "CITATION.cff")
CURIE = Person("Curie", "Marie", "", "https://orcid.org/0000-0002-1825-0097", "Sorbonne")
FULL = dataclasses.replace(
    CITATION, doi="10.5281/zenodo.1234", creators=(CURIE, *CITATION.creators), funding="ERC"
)
MADE_OF = Provenance("synthetic", {}, {}, Digest("c" * 64, 1))
KERNEL = "{http://datacite.org/schema/kernel-4}"


def metadata(citation, world="synthetic", **dois):
    return datacite(Edition(citation, world, range(2001, 2009), 2.0, MADE_OF), **dois)


def faults(content):
    return [error.message for error in schema45.validator.iter_errors(content)]


@pytest.mark.parametrize("world", ["synthetic", "observed"])
@pytest.mark.parametrize("citation", [CITATION, FULL], ids=["ours", "full"])
def test_metadata_is_valid(citation, world):
    inputs, papers = input_dois(RAW)
    assert faults(metadata(citation, world, inputs=inputs, papers=papers)) == []


@pytest.mark.parametrize("key", ["creators", "titles", "publisher", "publicationYear", "types"])
def test_the_schema_reports_a_missing_key(key):
    content = metadata(CITATION)
    del content[key]
    assert faults(content)


def test_the_schema_reports_an_unknown_relation():
    content = metadata(CITATION)
    content["relatedIdentifiers"][0]["relationType"] = "IsMadeBy"
    assert faults(content)


def test_every_key_of_a_creator_is_known():
    """Draft 7 does not check this: the schema forbids unknown keys by a later keyword."""
    known = schema45.validator.schema["definitions"]["person"]["properties"]
    for creator in metadata(FULL)["creators"]:
        assert creator.keys() <= known.keys()


def test_the_registry_reads_the_intended_metadata():
    """Checked in the XML that the registry receives, as converted by the datacite library."""
    root = etree.fromstring(schema45.tostring(metadata(FULL)).encode())
    assert root.findtext(f"{KERNEL}identifier") == "10.5281/zenodo.1234"
    creator, group = root.find(f"{KERNEL}creators")
    assert creator.findtext(f"{KERNEL}creatorName") == "Curie, Marie"
    assert creator.findtext(f"{KERNEL}affiliation") == "Sorbonne"
    assert creator.find(f"{KERNEL}nameIdentifier").get("nameIdentifierScheme") == "ORCID"
    assert group.find(f"{KERNEL}creatorName").get("nameType") == "Organizational"
    dates = {date.get("dateType"): date.text for date in root.find(f"{KERNEL}dates")}
    assert dates == {"Issued": CITATION.released, "Valid": "2001-01-01/2008-12-31"}
    (rights,) = root.find(f"{KERNEL}rightsList")
    assert rights.get("rightsURI") == "https://creativecommons.org/licenses/by/4.0/"
    assert rights.get("rightsIdentifier") == "CC-BY-4.0"
    assert root.findtext(f".//{KERNEL}funderName") == "ERC"
    assert root.findtext(f"{KERNEL}version") == CITATION.version


def test_a_synthetic_earth_says_so():
    synthetic, observed = metadata(CITATION), metadata(CITATION, "observed")
    assert "SYNTHETIC" in synthetic["descriptions"][0]["description"]
    assert "synthetic" not in str(observed).lower()


def test_absent_doi_and_funding_are_left_out():
    content = metadata(dataclasses.replace(CITATION, doi="", funding="none"))
    assert "doi" not in content
    assert content["fundingReferences"] == []


def test_relations():
    content = metadata(CITATION, inputs=["10.1/data"], papers=["10.1/paper", "10.1/data"])
    relations = {
        each["relatedIdentifier"]: each["relationType"] for each in content["relatedIdentifiers"]
    }
    assert relations["10.5194/acp-24-2555-2024"] == "IsDocumentedBy"
    assert relations["10.1/data"] == "IsDerivedFrom"
    assert relations["10.1/paper"] == "Cites"
    assert relations["10.5194/bg-17-1343-2020"] == "Cites"
    assert len(relations) == len(content["relatedIdentifiers"])


def test_inputs_are_data_and_papers_of_the_sources():
    inputs, papers = input_dois(("era5", "gfas"))
    assert inputs == ("10.24381/cds.4991cf48", "10.24381/cds.adbb2d47")
    assert papers == ("10.1002/qj.3803", "10.5194/bg-9-527-2012")
    assert "10.18160/gcp-2022" not in input_dois(RAW)[0]  # of the budget
