"""``fluxprod params`` checks a file and explains it."""

import json

import pytest
import yaml

from fluxprod.params import BLOCKS, read_params
from tests.conftest import ROOT


@pytest.fixture
def here(tmp_path, monkeypatch):
    params = read_params(ROOT / "params.yaml")

    def write(**changes):
        (tmp_path / "params.yaml").write_text(yaml.safe_dump(params | changes))

    write()
    monkeypatch.chdir(tmp_path)
    return write


def test_a_sound_file_is_said_to_be_sound(run, here):
    result = run("params", "check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "params.yaml: 22 blocks without a fault\n"


def test_every_fault_is_a_line(run, here):
    here(forward={"block": -7}, report={"title": ""}, climat={})
    result = run("params", "check")
    assert result.exit_code == 1
    assert result.stdout == ""
    faults = result.stderr.splitlines()
    assert [line.split(": found")[0] for line in faults] == [
        "error: params.yaml: climat",
        "error: params.yaml: forward.block",
        "error: params.yaml: report.title",
    ]


def test_no_file_is_one_line(run, tmp_path):
    result = run("params", "check", "--file", tmp_path / "none.yaml")
    assert result.exit_code == 1
    assert "none.yaml: file: found no such file, expected a YAML file" in result.stderr


@pytest.mark.parametrize("name", list(BLOCKS))
def test_a_block_is_explained(run, here, name):
    shown = json.loads(run("params", "show", name, "--json").stdout)
    assert [row["parameter"] for row in shown] == list(BLOCKS[name].model_fields)
    assert all(row["meaning"] and row["range"] for row in shown)
    assert run("params", "show", name).exit_code == 0


def test_a_parameter_is_explained_with_unit_range_and_source(run, here):
    rows = json.loads(run("params", "show", "towers", "--json").stdout)
    assert rows[1] == {
        "parameter": "max_abs_nee",
        "value": 40.0,
        "meaning": rows[1]["meaning"],
        "unit": "g m-2 d-1",
        "range": "a number from 0 to 1 000",
        "source": "docs/decisions/0009-screening.md",
    }


def test_blocks_are_listed_and_an_unknown_one_is_named(run, here):
    assert "real_towers" in run("params", "show").stdout
    result = run("params", "show", "brigde")
    assert result.exit_code == 1
    assert "brigde: found no such block, expected one of worlds.synthetic" in result.stderr
