"""Every error of a command is one line, whatever stops it."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.as_user import fluxprod, one_line, python, without_rights

ROOT_COMMANDS = [
    ("raw list", "params.yaml: file: found no such file"),
    ("raw check", "params.yaml: file: found no such file"),
    ("raw pin", "params.yaml: file: found no such file"),
    ("raw verify", "params.yaml: file: found no such file"),
    ("raw pin --source observed", "data/raw/observed: folder: found nothing"),
    ("raw verify --source observed", "observed.pins.json: manifest: found no such file"),
    ("raw check elsewhere", "elsewhere: folder: found nothing"),
    ("params check", "params.yaml: file: found no such file"),
    ("params show train", "params.yaml: file: found no such file"),
    ("verify data/product", "manifest.json: file: found no such file"),
    ("release prepare 9.9.9", "git: found no repository, expected a clone"),
    ("release crate", "git: found no repository, expected a clone"),
]


@pytest.mark.parametrize(("command", "why"), ROOT_COMMANDS, ids=[each for each, _ in ROOT_COMMANDS])
def test_outside_of_a_checkout(tmp_path, command, why):
    assert why in one_line(fluxprod(tmp_path, *command.split()))
    assert list(tmp_path.iterdir()) == []


def test_in_a_folder_that_has_gone(tmp_path):
    here = tmp_path / "here"
    here.mkdir()
    program = "import os; os.rmdir(os.getcwd()); from fluxprod.cli.main import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", program, "raw", "list"], cwd=here, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1


def test_without_git_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git: program: found none" in one_line(fluxprod(tmp_path, "release", "crate"))


@pytest.fixture
def observed(tmp_path):
    """Folder of observed raw files in a workspace."""
    folder = tmp_path / "data" / "raw" / "observed"
    (folder / "era5").mkdir(parents=True)
    (folder / "era5" / "a.nc").write_bytes(b"abc")
    return folder


def pin(observed, *words, **options):
    return fluxprod(observed.parents[2], "raw", "pin", "--source", "observed", *words, **options)


def pins(observed):
    return observed.with_name("observed.pins.json")


def test_an_empty_folder_is_not_pinned(observed):
    (observed / "era5" / "a.nc").rename(observed / "era5" / ".hidden")
    assert "data/raw/observed: files: found none, expected files" in one_line(pin(observed))
    assert not pins(observed).exists()


@pytest.mark.parametrize(
    ("target", "why"),
    [("gone.nc", "a link to gone.nc, which does not exist"), ("b.nc", "a link to b.nc, which")],
)
def test_a_link_to_nothing_and_one_to_itself(observed, target, why):
    (observed / "era5" / "b.nc").symlink_to(target)
    assert why in one_line(pin(observed))
    assert not pins(observed).exists()


def test_a_link_to_the_enclosing_folder_adds_nothing(observed):
    (observed / "era5" / "loop").symlink_to("..")
    assert pin(observed)[:2] == (0, "pinned 1 files in data/raw/observed.pins.json\n")


def test_a_name_that_is_not_text(observed):
    with open(bytes(observed) + b"/era5/\xff.nc", "wb"):  # noqa: PTH123 - a path of bytes
        pass
    assert "era5/\\udcff.nc: name: found bytes that are not UTF-8" in one_line(pin(observed))


@pytest.mark.parametrize("command", ["pin", "verify", "check"])
def test_a_pipe_among_raw_files_is_not_opened(observed, command):
    pin(observed)
    shutil.copy("params.yaml", observed.parents[2])
    os.mkfifo(observed / "era5" / "pipe.nc")
    result = fluxprod(observed.parents[2], "raw", command, "--source", "observed")
    assert result[0] == 1
    assert "not a regular file" in result[2] + result[1]


def test_a_file_or_a_folder_without_read_permission(observed):
    rights = without_rights()
    for name in ("era5/a.nc", "era5"):
        (observed / name).chmod(0)
        error = one_line(pin(observed, before=rights))
        assert f"data/raw/observed/{name}" in error
        assert "permission" in error.lower()
        (observed / name).chmod(0o755)
    assert not pins(observed).exists()


def test_a_folder_that_cannot_be_written(observed):
    rights = without_rights()
    observed.parent.chmod(0o555)
    error = one_line(pin(observed, before=rights))
    assert "observed.pins.json" in error or "data/raw: output" in error
    assert "a place that cannot be written (Permission denied)" in error
    observed.parent.chmod(0o755)
    assert list(observed.parent.iterdir()) == [observed]


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "[" * 100_000, "? " * 100_000])
def test_params_nested_too_deeply(tmp_path, text):
    (tmp_path / "params.yaml").write_text(text)
    assert "params.yaml: file: found text that is not YAML" in one_line(
        fluxprod(tmp_path, "params", "check")
    )


def test_pins_nested_too_deeply(observed):
    pins(observed).write_text("[" * 100_000)
    error = one_line(fluxprod(observed.parents[2], "raw", "verify", "--source", "observed"))
    assert "observed.pins.json: manifest: found a file that is not a manifest" in error


@pytest.mark.parametrize("place", ["a file", "no rights"])
def test_a_stage_whose_output_cannot_be_written(observed, place):
    shutil.copy("params.yaml", observed.parents[2])
    pin(observed)
    rights = without_rights() if place == "no rights" else []
    out = observed.parents[2] / "out"
    if place == "a file":
        out.write_text("")
    else:
        out.mkdir(mode=0o555)
    error = one_line(
        python(
            observed.parents[2],
            "fluxprod.stages.verify_raw",
            *("--raw", "data/raw/observed/era5", "--pins", "data/raw/observed.pins.json"),
            *("--report", out / "era5.json"),
            before=rights,
        )
    )
    assert error.startswith(f"verify_raw: {out}")
    assert "a place that cannot be written" in error
