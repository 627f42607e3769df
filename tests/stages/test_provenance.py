"""The provenance of the product, against sha256sum and the graph of DVC."""

import json
import subprocess

import networkx
import pytest
from dvc.repo import Repo

from fluxprod.core.errors import DataError
from fluxprod.experiments.steps import blocks_of
from fluxprod.params import read_params
from fluxprod.pins.verified import read_verified
from fluxprod.readers.provenance import read_provenance
from fluxprod.stages import provenance
from tests.test_architecture import ROOT


def written(folder, source="synthetic"):
    verified = folder / "verified"
    verified.mkdir(exist_ok=True)
    for number, name in enumerate(provenance.RAW):
        report = {"sha256": f"{number:064x}", "files": number}
        (verified / f"{name}.json").write_text(json.dumps(report))
    blocks = blocks_of(provenance.main, read_params() | {"source": source})
    path = folder / "provenance.json"
    provenance.main(verified=verified, provenance=path, source=source, **blocks)
    return path


def test_code_digest_is_that_of_sha256sum():
    files = provenance.code_files()
    lines = subprocess.run(["sha256sum", *map(str, files)], capture_output=True, check=True).stdout
    total = subprocess.run(["sha256sum"], input=lines, capture_output=True, check=True).stdout
    assert provenance.code_digest(files)["sha256"] == total.decode().split()[0]


def test_a_changed_byte_and_a_new_name_change_the_digest(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    first = provenance.code_digest([tmp_path / "a.py"])
    (tmp_path / "b.py").write_text("x = 1\n")
    assert provenance.code_digest([tmp_path / "b.py"]) != first
    (tmp_path / "a.py").write_text("x = 2\n")
    assert provenance.code_digest([tmp_path / "a.py"]) != first


def test_stages_are_all_those_up_to_the_product():
    with Repo(ROOT) as repo:
        names = {stage: stage.addressing.split("@")[0] for stage in repo.index.stages}
        (product,) = [stage for stage, name in names.items() if name == "product"]
        before = {names[stage] for stage in networkx.descendants(repo.index.graph, product)}
        raw = {
            stage.addressing.split("@")[1]
            for stage in networkx.descendants(repo.index.graph, product)
            if names[stage] == "verify_raw"
        }
    assert set(provenance.STAGES) == (before | {"product"}) - {"synthesize", "provenance"}
    assert set(provenance.RAW) == raw - {"budget"}  # which nothing is made of


def test_blocks_are_those_of_the_stages_before_the_product():
    """Every block that a stage up to the product reads is recorded."""
    asked = set(blocks_of(provenance.main, read_params()))
    with Repo(ROOT) as repo:
        (product,) = [s for s in repo.index.stages if s.addressing == "product"]
        blocks = {
            key.split(".")[0]
            for stage in networkx.descendants(repo.index.graph, product)
            for dep in stage.deps
            for key in getattr(dep, "params", [])
        }
    assert {"world" if name == "worlds" else name for name in blocks - {"source"}} == asked


def test_what_is_written_is_read(tmp_path):
    found = read_provenance(written(tmp_path))
    assert found.world == "synthetic"
    params = read_params() | {"source": "synthetic"}
    assert found.params["train"] == params["train"]
    assert found.params["world"] == params["worlds"]["synthetic"]
    assert found.params["synthesize"] == params["synthesize"]
    assert found.raw["era5"] == ("0" * 64, 0)
    assert found.raw["fluxcom"] == (f"{1:064x}", 1)
    assert found.code.files == len(provenance.code_files())


def test_observed_has_no_seed(tmp_path):
    found = read_provenance(written(tmp_path, "observed"))
    assert "synthesize" not in found.params
    assert found.params["world"]["resolution"] == 0.5


def test_twice_gives_the_same_bytes(tmp_path):
    first = written(tmp_path).read_bytes()
    assert written(tmp_path).read_bytes() == first
    assert str(ROOT).encode() not in first


def test_faults_are_named(tmp_path):
    with pytest.raises(DataError, match=r"era5.json: file: .*report of verify_raw"):
        read_verified(tmp_path, ("era5",))
    path = tmp_path / "provenance.json"
    for content in ("{}", "[1]", "", '{"world": "x", "params": {}, "raw": {"a": 1}, "code": {}}'):
        path.write_text(content)
        with pytest.raises(DataError, match=r"provenance.json: file: .*dvc repro provenance"):
            read_provenance(path)
