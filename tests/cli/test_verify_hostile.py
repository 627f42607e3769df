"""Folders that were made to harm whoever checks them: nothing blocks, and nothing is obeyed."""

import hashlib
import json
import os
import socket
import unicodedata

import netCDF4
import pytest

from tests.as_user import fluxprod, one_line

PREFIX = "nee_fluxprod-v1.0.0_6deg"
TABLE = f"{PREFIX}_regional-monthly_2001-2003.csv"
MONTHLY = f"{PREFIX}_monthly_2001-2003.nc"
STORE = f"{PREFIX}_2001-2003.zarr"
EMPTY = hashlib.sha256(b"").hexdigest()
HARM = "\x1b[2J\x07\x9b31m\u202e\u2066\u2028\x7fx"  # clears the screen, rings, turns the text
SHOWN = r"\x1b[2J\x07\x9b31m\u202e\u2066"


def entry(name, content=b"", **more):
    sha256 = hashlib.sha256(content).hexdigest()
    return {"name": name, "sha256": sha256, "size": len(content), "description": "", **more}


def publish(folder, *entries, **header):
    manifest = {"title": "t", "version": "1.0.0", "world": "synthetic", "doi": "", **header}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "files": entries}))


def verify(folder, *words):
    """Lines of the command, without controls, and its status."""
    status, out, errors = fluxprod(folder, "verify", *words, ".")
    assert "Traceback" not in errors
    for text in (out, errors):
        assert not [
            each
            for each in text
            if each != "\n" and unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        ]
    return status, out.splitlines()


@pytest.mark.parametrize("name", [TABLE, MONTHLY, "datacite.json"])
@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_file_is_not_opened(tmp_path, monkeypatch, name, kind):
    monkeypatch.chdir(tmp_path)  # addresses of sockets are short
    if kind == "pipe":
        os.mkfifo(name)
    elif kind == "device":
        os.symlink("/dev/zero", name)  # noqa: PTH211
    else:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(name)
    publish(tmp_path, entry(name))
    status, (line, summary) = verify(tmp_path)
    assert status == 1
    assert line.startswith(f"WRONG  {name}")
    assert f"found a {kind}, expected a file" in line
    assert "1 WRONG" in summary


def test_a_pipe_in_a_store(tmp_path):
    (tmp_path / STORE).mkdir()
    os.mkfifo(tmp_path / STORE / "zarr.json")
    publish(tmp_path, entry(STORE, parts={}))
    status, (line, _) = verify(tmp_path)
    assert status == 1
    assert "neither files nor folders: zarr.json (a pipe)" in line


def test_controls_in_names_titles_and_faults(tmp_path):
    (tmp_path / f"other {HARM}").touch()
    publish(tmp_path, entry(HARM), entry("x" * 300), title=f"title {HARM}", version=HARM)
    status, lines = verify(tmp_path)
    assert status == 1
    text = "\n".join(lines)
    for before in ("WRONG  ", "other  other ", "title "):
        assert before + SHOWN in text
    status, lines = verify(tmp_path, "--json")
    report = json.loads("\n".join(lines))
    assert report["title"] == f"title {HARM}"


def test_controls_in_attributes(tmp_path):
    with netCDF4.Dataset(tmp_path / MONTHLY, "w") as file:
        file.setncattr_string("Conventions", HARM)
        file.createVariable("x", "f4").setncattr_string("units", HARM)
    publish(tmp_path, entry(MONTHLY, (tmp_path / MONTHLY).read_bytes()))
    status, (line, _) = verify(tmp_path)
    assert status == 1
    assert r"\x1b[2J" in line


def test_an_error_shows_controls(tmp_path):
    publish(tmp_path, entry(f"/{HARM}"))
    error = one_line(fluxprod(tmp_path, "verify", "."))
    assert "is not a relative path" in error
    assert "\x1b" not in error
    assert "\u202e" not in error


@pytest.mark.parametrize("size", ["1e300", "-1", "true", '"3"', "1" + "0" * 30, "NaN", "9" * 5000])
def test_absurd_sizes(tmp_path, size):
    publish(tmp_path, entry("x.nc"))
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace('"size": 0', f'"size": {size}'))
    error = one_line(fluxprod(tmp_path, "verify", "."))
    assert "manifest.json: manifest: found" in error
    assert len(error) < 400


def test_millions_of_entries(tmp_path):
    one = json.dumps(entry("x.nc"))
    header = '{"title": "t", "version": "1", "world": "w", "doi": "", "files": ['
    for number, why in ((200_000, "200000 files"), (1_000_000, "bytes, more than")):
        (tmp_path / "manifest.json").write_text(header + ", ".join([one] * number) + "]}")
        assert why in one_line(fluxprod(tmp_path, "verify", "."))


@pytest.mark.parametrize("folder", ["pipe", "file", "absent"])
def test_a_product_that_is_no_folder(tmp_path, folder):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    error = one_line(fluxprod(tmp_path, "verify", folder))
    assert f"{folder}/manifest.json: file: found no such file" in error
