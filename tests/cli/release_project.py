"""A throw-away repository with what a release touches, and a pipeline that takes no time."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import yaml

from fluxprod.core.json_file import write_json
from fluxprod.product.datacite import datacite
from fluxprod.product.edition import Edition
from fluxprod.readers.citation import read_citation
from fluxprod.readers.provenance import read_provenance
from fluxprod.release.pipeline import Pipeline
from fluxprod.writers.product_manifest import write_manifest
from tests.conftest import ROOT

COPIED = ("pyproject.toml", "params.yaml", "CITATION.cff", ".gitignore")
SLOTS = {"email": "fluxprod@example.org", "url": "https://example.org/fluxprod"}
MADE_OF = {
    "world": "synthetic",
    "params": {"world": {"resolution": 2.0, "first_year": 2001, "last_year": 2008}},
    "raw": {"era5": {"sha256": "e" * 64, "files": 24}, "modis": {"sha256": "d" * 64, "files": 9}},
    "code": {"sha256": "c" * 64, "files": 100},
}


def _at_the_start(text):
    """A file of this repository as before its first release: no DOI, no address."""
    text = re.sub(r'(?m)^( *version(?:: | = "))[\d.]+', r"\g<1>0.1.0", text)
    for key, slot in SLOTS.items():
        text = re.sub(rf"(?m)^( *){key}: .*$", rf"\g<1>{key}: {slot}", text)
    return re.sub(r"(?m)^  doi: .*\n", "", text)  # that of the product


class Project:
    """A repository at version 0.1.0, which is not released yet."""

    def __init__(self, root):
        self.root = root
        self.product = root / "data" / "product"
        self.calls = []
        for name in COPIED:
            (root / name).write_text(_at_the_start((ROOT / name).read_text()))
        (root / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n- All.\n")
        (root / "README.md").write_text("dvc get REPO data/product --rev v0.1.0\n")
        (root / "docs").mkdir()
        (root / "docs" / "page.md").write_text("open nee_fluxprod-v0.1.0_2deg.nc\n")
        (root / "dvc.lock").write_text("made: 0\n")
        made_of = root / "data" / "interim" / "synthetic" / "provenance.json"
        write_json(MADE_OF, made_of)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("config", "user.name", "Marie Curie")
        self.git("config", "user.email", "curie@example.org")
        self.commit("First")

    def git(self, *words):
        done = subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "--quiet", "-m", message)

    def set(self, name, old, new):
        path = self.root / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    @property
    def version(self):
        return yaml.safe_load((self.root / "params.yaml").read_text())["product"]["version"]

    def make(self):
        """Write a product as the pipeline lays it out, and what git holds of a run."""
        self.calls.append("make")
        shutil.rmtree(self.product, ignore_errors=True)
        name = f"nee_fluxprod-v{self.version}_2deg"
        store = self.product / f"{name}_2001-2008.zarr"
        (store / "monthly" / "c").mkdir(parents=True)
        (store / "zarr.json").write_text("{}")
        (store / "monthly" / "c" / "0").write_bytes(b"chunk")
        (self.product / f"{name}_monthly_2001-2008.nc").write_bytes(b"fluxes")
        (self.product / f"{name}_regional-monthly_2001-2008.csv").write_text("month,region\n")
        citation = read_citation(self.root / "CITATION.cff")
        made_of = read_provenance(self.root / "data/interim/synthetic/provenance.json")
        edition = Edition(citation, "synthetic", range(2001, 2009), 2.0, made_of)
        write_json(datacite(edition), self.product / "datacite.json")
        described = {path.name: f"what {path.name} is" for path in self.product.iterdir()}
        header = {"title": citation.title, "version": self.version, "world": "synthetic"}
        write_manifest(self.product, described, {**header, "doi": citation.doi})
        (self.root / "dvc.lock").write_text(f"made: {self.version}\n")

    def check(self, product: Path):
        self.calls.append("check")
        assert json.loads((product / "manifest.json").read_text())["version"] == self.version

    @property
    def pipeline(self):
        return Pipeline(self.make, self.check)
