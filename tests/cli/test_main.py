import importlib.metadata
import os
import subprocess
import sys

import pytest
import yaml

from tests.conftest import ROOT


def test_doctor_names_versions_and_device(run):
    result = run("doctor")
    assert result.exit_code == 0
    for word in ("torch", "device", "threads", "free disk", "free memory", "GiB"):
        assert word in result.stdout


@pytest.mark.parametrize(
    ("device", "found"),
    [
        ("cuda", "found no CUDA device, expected a CUDA device"),
        ("tpu", "found 'tpu', expected auto, cpu or cuda"),
    ],
)
def test_doctor_ends_where_the_device_is_not_there(run, monkeypatch, tmp_path, device, found):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert run("doctor").exit_code == 0  # no params.yaml asks for one
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["compute"]["device"] = device
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    result = run("doctor")
    assert result.exit_code == 1
    assert f"error: params.yaml: compute.device: {found}" in result.stderr
    assert "torch" in result.stdout


def test_doctor_names_every_fault_of_the_parameters(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["compute"]["threads"] = 0
    params["towers"]["min_qc"] = 75.0
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    result = run("doctor")
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert [line.split(": found")[0] for line in lines] == [
        "error: params.yaml: compute.threads",
        "error: params.yaml: towers.min_qc",
    ]


def test_doctor_ignores_parameters_of_something_else(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text("source: ours\n")
    assert run("doctor").exit_code == 0


@pytest.mark.parametrize("text", ["", "- 1\n"])
def test_doctor_names_a_file_that_holds_no_parameters(run, monkeypatch, tmp_path, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(text)
    result = run("doctor")
    assert result.exit_code == 1
    assert "error: params.yaml: file: found" in result.stderr
    assert "torch" in result.stdout


COMMANDS = [
    "doctor", "params", "params check", "params show", "verify",
    "raw", "raw list", "raw check", "raw pin", "raw verify",
    "release", "release prepare", "release crate", "benchmark", "benchmark published",
    "benchmark carbonfluxbench", "benchmark fluxtrapolation",
]  # fmt: skip


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_teaches_by_examples(run, command, option):
    result = run(*command.split(), option)
    assert result.exit_code == 0
    assert f"fluxprod {command}" in result.stdout.partition("For example")[2]
    assert "\\b" not in result.stdout


def test_version(run):
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout == f"fluxprod {importlib.metadata.version('fluxprod')}\n"


HEAVY = ("torch", "xarray", "matplotlib", "numba", "pandas", "netCDF4", "numpy", "rocrate")
PROGRAM = """
import sys
from fluxprod.cli.main import app
try:
    app()
finally:
    print([name for name in {heavy} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words", [["--version"], *([*command.split(), "--help"] for command in ["", *COMMANDS])]
)
def test_help_and_version_wait_for_no_heavy_library(words):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(heavy=HEAVY), *words], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_completion_waits_for_no_heavy_library():
    asked = {
        "_FLUXPROD_COMPLETE": "complete_bash",
        "COMP_WORDS": "fluxprod raw ",
        "COMP_CWORD": "2",
    }
    program = PROGRAM.format(heavy=HEAVY).replace("app()", "app(prog_name='fluxprod')")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, **asked}
    )
    assert done.stdout.split() == ["list", "check", "pin", "verify"]
    assert done.stderr == "[]\n"
