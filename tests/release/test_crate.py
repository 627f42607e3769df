"""The RO-Crate of a release, opened again with the library and held against the manifest."""

import hashlib
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from fluxprod.core.errors import DataError
from fluxprod.readers.citation import read_citation, read_software
from fluxprod.readers.provenance import read_provenance
from fluxprod.release import steps as release_steps
from fluxprod.release.crate import NOT_LISTED, Release
from fluxprod.verify.files.checksums import NOT_LISTED as KNOWN_TO_VERIFY
from fluxprod.verify.files.manifest import read_product_manifest
from tests.cli.release_project import MADE_OF, Project

IMAGE = "ghcr.io/fluxprod/fluxprod@sha256:" + "a" * 64


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    made = Project(tmp_path_factory.mktemp("project"))
    made.make()
    made.commit("Run")
    return made


def assembled(project, out, container=""):
    return release_steps.assemble(project.root, project.product, out, container)


@pytest.fixture(scope="module")
def folder(project, tmp_path_factory):
    return assembled(project, tmp_path_factory.mktemp("out"), IMAGE)


@pytest.fixture(scope="module")
def crate(folder):
    return ROCrate(folder)


def test_every_file_is_listed_as_in_the_manifest(crate, folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        described = crate.get(entry["name"])
        assert described["sha256"] == entry["sha256"]
        assert int(described["contentSize"]) == entry["size"]
        assert described["description"].startswith(entry["description"])
    listed = {entity.id.rstrip("/") for entity in crate.data_entities}
    assert listed == {path.name for path in folder.iterdir()} - {"ro-crate-metadata.json"}


def test_checksums_are_those_of_the_bytes(crate, folder):
    for entity in crate.data_entities:
        path = folder / entity.id
        if path.is_file():
            assert entity["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
            assert int(entity["contentSize"]) == path.stat().st_size


def test_media_types(crate):
    types = {Path(entity.id).suffix: entity["encodingFormat"] for entity in crate.data_entities}
    assert types == {
        ".nc": "application/x-netcdf",
        ".csv": "text/csv",
        ".json": "application/json",
        ".cff": "application/yaml",
        ".zarr": "application/vnd.zarr; version=3",
    }


def test_the_root_says_what_citation_says(crate, project):
    citation, root = read_citation(project.root / "CITATION.cff"), crate.root_dataset
    assert root["name"] == f"{citation.title} (synthetic Earth)"
    assert root["datePublished"] == citation.released
    assert root["version"] == citation.version
    assert root["license"].id == citation.license_url
    assert [creator["name"] for creator in root["creator"]] == [citation.authors]
    assert root["temporalCoverage"] == "2001-01-01/2008-12-31"
    assert "identifier" not in root


def test_the_run(crate, project):
    """As Process Run Crate 0.5 requires."""
    assert crate.root_dataset["conformsTo"].id == "https://w3id.org/ro/wfrun/process/0.5"
    run = crate.root_dataset["mentions"]
    assert run.type == "CreateAction"
    assert run["instrument"]["identifier"] == f"swh:1:rev:{project.git('rev-parse', 'HEAD')}"
    assert run["instrument"]["license"].id == "https://spdx.org/licenses/MIT"
    assert MADE_OF["code"]["sha256"] in run["instrument"]["description"]
    inputs = {entity["name"]: entity["sha256"] for entity in run["object"]}
    assert inputs["era5"] == "e" * 64
    assert inputs["modis"] == "d" * 64
    assert "provenance.json" in inputs
    results = {entity.id.rstrip("/") for entity in run["result"]}
    assert results == {path.name for path in project.product.iterdir()}
    image = run["containerImage"]
    assert (image["registry"], image["name"]) == ("ghcr.io", "fluxprod/fluxprod")
    assert image["sha256"] == "a" * 64


def test_every_reference_leads_somewhere(folder):
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    known = {entity["@id"] for entity in graph}
    used = set(re.findall(r'"@id": "([^"]+)"', json.dumps(graph)))
    vocabulary = {
        "https://w3id.org/ro/crate/1.1",
        "https://w3id.org/ro/terms/workflow-run#DockerImage",
    }
    assert used - known == vocabulary


def test_the_same_release_gives_the_same_bytes_and_no_clock(project, folder, tmp_path):
    text = (folder / "ro-crate-metadata.json").read_text()
    again = assembled(project, tmp_path, IMAGE) / "ro-crate-metadata.json"
    assert again.read_text() == text
    released = read_citation(project.root / "CITATION.cff").released
    dates = set(re.findall(r"\d{4}-\d\d-\d\d", text))
    assert dates == {released, "2001-01-01", "2008-12-31"}
    assert not re.search(r"\d\d:\d\d", text)


def test_files_are_hard_links_and_texts_of_people_are_not(project, folder):
    for path in project.product.rglob("*"):
        if path.is_file():
            assert path.samefile(folder / path.relative_to(project.product))
    assert not (project.root / "CITATION.cff").samefile(folder / "CITATION.cff")


def test_where_links_cannot_be_files_are_copied(project, tmp_path, monkeypatch):
    def no_link(source, target):
        raise OSError("another disk")

    monkeypatch.setattr("os.link", no_link)
    copied = assembled(project, tmp_path)
    for path in project.product.rglob("*"):
        if path.is_file():
            assert (copied / path.relative_to(project.product)).read_bytes() == path.read_bytes()


def test_assembled_again_it_holds_nothing_old(project, tmp_path):
    folder = assembled(project, tmp_path)
    (folder / "old.nc").write_text("old")
    assert not (assembled(project, tmp_path) / "old.nc").exists()


def test_no_container_no_image(project, tmp_path):
    run = ROCrate(assembled(project, tmp_path)).root_dataset["mentions"]
    assert "containerImage" not in run


def test_a_dirty_tree_is_refused(project, tmp_path):
    (project.root / "new.txt").write_text("new")
    try:
        with pytest.raises(DataError, match="changes: found new.txt, expected none"):
            assembled(project, tmp_path)
    finally:
        (project.root / "new.txt").unlink()
    assert list(tmp_path.iterdir()) == []


def release_of(project):
    manifest = read_product_manifest(project.product)
    citation = project.root / "CITATION.cff"
    made_of = read_provenance(project.root / "data/interim/synthetic/provenance.json")
    return Release(read_citation(citation), read_software(citation), manifest, made_of, "f" * 40)


def test_another_version_and_a_misspelt_image_are_refused(project):
    release = release_of(project)
    with pytest.raises(DataError, match=r"manifest.json: version: found 0.1.0, expected 9.0.0"):
        replace(release, citation=replace(release.citation, version="9.0.0"))
    with pytest.raises(DataError, match=r"--container-digest: image: found fluxprod:latest"):
        replace(release, container="fluxprod:latest")


def test_an_absent_file_leaves_nothing_half(project, tmp_path):
    product = tmp_path / "product"
    shutil.copytree(project.product, product)
    next(product.glob("*.nc")).unlink()
    with pytest.raises(DataError, match=r"monthly_2001-2008.nc: file: found no such file"):
        release_steps.assemble(project.root, product, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_verify_knows_what_lies_beside_the_product():
    assert set(NOT_LISTED) <= KNOWN_TO_VERIFY
