"""Planted faults of bytes, each found by the command itself."""

import json
import re

from tests.cli.download import (
    ANNUAL,
    DAILY,
    MEMBERS,
    MONTHLY,
    REGIONAL,
    STORE,
    TABLE,
    VERSION,
    lines,
    wrong,
)


def test_an_intact_product(run, published):
    result = run("verify", published)
    assert result.exit_code == 0, result.stdout
    names = [
        entry["name"] for entry in json.loads((published / "manifest.json").read_text())["files"]
    ]
    assert list(lines(result)) == names
    assert {status for status, _ in lines(result).values()} == {"ok"}
    assert "not checked" not in result.stdout
    assert (
        f"{VERSION} (synthetic) in {published}: {len(names)} files right"
        in result.stdout.splitlines()[-1]
    )
    assert len(result.stdout.splitlines()) == len(names) + 1


def test_every_fault_of_bytes_in_one_run(run, published, some):
    folder = some(*(path.name for path in published.iterdir() if path.name != "manifest.json"))
    flip = [MONTHLY, TABLE, REGIONAL, f"{STORE}/monthly/nee/c/0/0/0"]
    for name in flip:
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
    (folder / MEMBERS).unlink()
    (folder / STORE / "regional-annual" / "nee" / "c" / "0" / "0").unlink()
    (folder / DAILY).write_bytes((folder / DAILY).read_bytes()[:-100])
    (folder / "notes.txt").write_text("mine")
    manifest = json.loads((folder / "manifest.json").read_text())
    stale = next(entry for entry in manifest["files"] if entry["name"] == ANNUAL)
    stale["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    result = run("verify", folder)
    assert result.exit_code == 1
    found = {name: text for name, (status, text) in lines(result).items() if status == "WRONG"}
    expected = {
        MONTHLY: r"SHA-256: found \w{12}..., manifest \w{12}...",
        TABLE: r"SHA-256: found",
        REGIONAL: r"SHA-256: found",
        MEMBERS: r"absent$",
        DAILY: r"size: found \d+ bytes, manifest \d+; file: found one that cannot be read, exp",
        ANNUAL: r"SHA-256: found \w{12}..., manifest 000000000000...",
        STORE: r"absent: regional-annual/nee/c/0/0; changed: monthly/nee/c/0/0/0 \(SHA-256: found",
    }
    assert found.keys() == expected.keys()
    for name, text in expected.items():
        assert re.match(text, found[name]), found[name]
    assert lines(result)["notes.txt"] == ("other", "not part of the product")
    assert "7 WRONG, 1 not part of the product" in result.stdout.splitlines()[-1]


def test_one_fault_is_enough(run, some):
    folder = some(TABLE)
    content = (folder / TABLE).read_text()
    (folder / TABLE).write_text(content.replace("USA", "usa", 1))
    assert wrong(run, folder).keys() == {TABLE}


def test_a_part_of_the_product(run, some):
    folder = some(ANNUAL)
    assert wrong(run, folder) == {}
    result = run("verify", "--partial", folder)
    assert lines(result)[MONTHLY] == ("absent", "")
    assert lines(result)[ANNUAL][1].endswith(
        "(not checked: totals of the grid (no sound monthly file); "
        "spread of members (no sound members' file))"
    )
    absent = len(lines(result)) - 1
    assert f"1 files right, {absent} absent and not checked" in result.stdout.splitlines()[-1]
    assert run("verify", folder).exit_code == 1


def test_json(run, some):
    folder = some(ANNUAL)
    result = run("verify", "--json", "--partial", folder)
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["schema"], report["ok"], report["partial"]) == (1, True, True)
    assert (report["version"], report["world"]) == (VERSION, "synthetic")
    files = {file["name"]: file for file in report["files"]}
    assert files[ANNUAL]["status"] == "ok"
    assert "CF-1.11" in files[ANNUAL]["checked"]
    assert files[MONTHLY]["status"] == "absent"
    (folder / ANNUAL).write_bytes(b"")
    result = run("verify", "--json", "--partial", folder)
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["ok"] is False
    faults = next(file for file in report["files"] if file["name"] == ANNUAL)["faults"]
    assert faults[0].startswith("size: found 0 bytes")


def test_no_manifest_and_one_that_is_none(run, tmp_path):
    result = run("verify", tmp_path)
    assert result.exit_code == 1
    assert "manifest.json: file: found no such file" in result.stderr
    (tmp_path / "manifest.json").write_text("{}")
    result = run("verify", tmp_path)
    assert result.exit_code == 1
    assert "manifest: found no entry 'files'" in result.stderr


def test_other_files_in_the_folder_are_no_fault(run, some):
    folder = some(ANNUAL)
    (folder / ".DS_Store").touch()
    (folder / "gone.nc").symlink_to(folder / "nowhere.nc")
    assert wrong(run, folder) == {}
    found = lines(run("verify", "--partial", folder))
    assert found["gone.nc"] == ("other", "not part of the product")
    assert ".DS_Store" not in found
