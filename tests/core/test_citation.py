"""All statements about authors, dates, versions and licences agree."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from fluxprod.core.provenance import Digest, Provenance
from fluxprod.product.datacite import datacite
from fluxprod.product.edition import Edition
from fluxprod.readers.citation import read_citation, read_software
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CITATION, SOFTWARE = read_citation(ROOT / "CITATION.cff"), read_software(ROOT / "CITATION.cff")
MADE_OF = Provenance("observed", {}, {}, Digest("c" * 64, 1))
REGISTERED = datacite(Edition(CITATION, "observed", range(2001, 2009), 2.0, MADE_OF))


@pytest.mark.parametrize("words", [["--validate"], ["--format", "bibtex"]])
def test_citation_is_valid(words):
    program = shutil.which("cffconvert", path=Path(sys.executable).parent)
    done = subprocess.run(
        [program, *words, "--infile", ROOT / "CITATION.cff"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_versions_agree():
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    assert {
        PROJECT["version"],
        params["product"]["version"],
        SOFTWARE.version,
        CITATION.version,
        REGISTERED["version"],
    } == {PROJECT["version"]}


def test_dates_agree():
    assert SOFTWARE.released == CITATION.released
    assert {"date": CITATION.released, "dateType": "Issued"} in REGISTERED["dates"]
    headings = re.findall(r"(?m)^## \[(\d\S*)\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text())
    assert headings[:1] in ([], [(CITATION.version, CITATION.released)])


def test_licences_agree():
    assert PROJECT["license"] == SOFTWARE.license
    assert (ROOT / "LICENSE").read_text().startswith(f"{SOFTWARE.license} License")
    (rights,) = REGISTERED["rightsList"]
    assert (rights["rightsIdentifier"], rights["rightsUri"]) == (
        CITATION.license, CITATION.license_url,
    )  # fmt: skip
    assert f"{CITATION.license}" in (ROOT / "README.md").read_text()


def test_creators_and_titles_agree():
    authors = yaml.safe_load((ROOT / "CITATION.cff").read_text())["authors"]
    names = [
        each.get("name") or f"{each['given-names']} {each['family-names']}" for each in authors
    ]
    assert [author["name"] for author in PROJECT["authors"]] == names
    assert "; ".join(creator["name"] for creator in REGISTERED["creators"]) == CITATION.authors
    assert REGISTERED["titles"] == [{"title": CITATION.title}]
    assert SOFTWARE.title.startswith(PROJECT["name"])
