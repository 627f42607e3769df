import errno
import os
from pathlib import Path

import pytest
import yaml

from fluxprod.core.errors import DataError
from fluxprod.networks.settings import ForwardSettings
from fluxprod.params import read_params
from fluxprod.stages._run import run
from tests.conftest import ROOT


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    params = read_params(ROOT / "params.yaml")
    params["forward"]["block"] = 12
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(monkeypatch, main, *flags):
    monkeypatch.setattr("sys.argv", ["stage", *flags])
    run(main)


def test_flags_and_parameters_reach_the_stage(workspace, monkeypatch, capsys):
    def main(*, source: Path, target: Path, model: str, params: ForwardSettings) -> None:
        target.write_text(f"{source} {model} {params.block}")

    call(monkeypatch, main, "--source", "a.nc", "--target", "b.txt", "--model", "ec")
    assert (workspace / "b.txt").read_text() == "a.nc ec 12"
    line = capsys.readouterr().out
    assert line.startswith("test_run: ")
    assert line.endswith("s, wrote b.txt\n")


def test_bad_input_is_one_line_and_status_1(workspace, monkeypatch):
    def main(*, source: Path) -> None:
        raise DataError(source, "NEE", "K", "g m-2 d-1", "convert it")

    with pytest.raises(
        SystemExit, match=r"^test_run: a.nc: NEE: found K, expected g m-2 d-1; conv"
    ):
        call(monkeypatch, main, "--source", "a.nc")


def test_a_full_disk_is_one_line_whoever_met_it(workspace, monkeypatch):
    def main(*, source: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "b.txt")

    with pytest.raises(SystemExit, match=r"^test_run: b.txt: disk: found no space left on device"):
        call(monkeypatch, main, "--source", "a.nc")


def test_a_missing_flag_is_named(workspace, monkeypatch, capsys):
    def main(*, source: Path) -> None: ...

    with pytest.raises(SystemExit):
        call(monkeypatch, main)
    assert "--source" in capsys.readouterr().err


def test_a_flag_with_a_default_may_be_left_out(workspace, monkeypatch):
    def main(*, target: Path, only: str = "all") -> None:
        target.write_text(only)

    call(monkeypatch, main, "--target", "b.txt")
    assert (workspace / "b.txt").read_text() == "all"
    call(monkeypatch, main, "--target", "b.txt", "--only", "31")
    assert (workspace / "b.txt").read_text() == "31"
