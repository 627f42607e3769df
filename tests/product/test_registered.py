"""datacite.json as one of the product files."""

import json

from fluxprod.product.edition import Edition
from fluxprod.readers.citation import read_citation
from fluxprod.readers.provenance import read_provenance
from fluxprod.stages.product import registered
from tests.conftest import ROOT


def test_it_is_part_of_the_product(folder):
    content = json.loads((folder / "datacite.json").read_text())
    citation = read_citation(ROOT / "CITATION.cff")
    assert content["version"] == citation.version
    assert [creator["name"] for creator in content["creators"]] == [
        person.name for person in citation.creators
    ]
    assert content["rightsList"][0]["rightsIdentifier"] == citation.license
    manifest = json.loads((folder / "manifest.json").read_text())
    assert "datacite.json" in {entry["name"] for entry in manifest["files"]}


def test_input_data_are_cited_only_for_the_observed_world(run):
    made_of = read_provenance(run.folder / "provenance.json")
    citation = read_citation(ROOT / "CITATION.cff")

    def relations(world):
        edition = Edition(citation, world, range(2001, 2004), 6.0, made_of)
        return {related["relationType"] for related in registered(edition)["relatedIdentifiers"]}

    assert "IsDerivedFrom" not in relations("synthetic")
    assert "IsDerivedFrom" in relations("observed")
