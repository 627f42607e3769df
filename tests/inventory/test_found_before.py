import shutil

import pytest

from fluxprod.inventory import found_before as module
from fluxprod.inventory import raw_files
from fluxprod.inventory.check import check_folder
from fluxprod.inventory.found_before import UNSAVED, found_before

CASE = module.PACKAGE.parent / "tests" / "cases" / "fluxnet_unpacked_archive"


def test_an_answer_holds_for_one_state(tmp_path):
    path = tmp_path / "answers.sqlite"
    with found_before(path) as answers:
        answers.put("a", "1", "first")
        assert answers.get("a", "1") == "first"
    with found_before(path) as answers:
        assert answers.get("a", "1") == "first"
        assert answers.get("a", "2") is None
        assert answers.get("b", "1") is None
        answers.put("a", "2", "second")
        assert answers.get("a", "1") is None


def test_other_code_asks_again(tmp_path, monkeypatch):
    path = tmp_path / "answers.sqlite"
    with found_before(path) as answers:
        answers.put("a", "1", "first")
    monkeypatch.setattr(module, "code_version", lambda: "another")
    with found_before(path) as answers:
        assert answers.get("a", "1") is None


def test_a_killed_process_loses_little(tmp_path):
    path = tmp_path / "answers.sqlite"
    with found_before(path) as answers:
        for k in range(UNSAVED + 1):
            answers.put(str(k), "1", "x")
        with found_before(path) as other:  # which sees only what is saved
            known = [other.get(str(k), "1") for k in range(UNSAVED + 1)]
        assert known == ["x"] * UNSAVED + [None]


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"", b"SQLite format 3\0cut"])
def test_a_damaged_file_is_replaced(tmp_path, content):
    path = tmp_path / "answers.sqlite"
    path.write_bytes(content)
    with found_before(path) as answers:
        answers.put("a", "1", "first")
    with found_before(path) as answers:
        assert answers.get("a", "1") == "first"


def test_a_file_that_cannot_be_written(tmp_path):
    (tmp_path / "answers.sqlite").mkdir()
    for path in (None, tmp_path / "absent" / "answers.sqlite", tmp_path / "answers.sqlite"):
        with found_before(path) as answers:
            answers.put("a", "1", "first")
            assert answers.get("a", "1") is None


@pytest.fixture
def readings(monkeypatch):
    """Names of the files that are read."""
    seen, read = [], raw_files.raw_records

    def count(path, relative, **options):
        seen.append(relative)
        return read(path, relative, **options)

    monkeypatch.setattr(raw_files, "raw_records", count)
    return seen


def test_only_what_changed_is_read_again(tmp_path, readings):
    folder, answers = tmp_path / "towers", tmp_path / "answers.sqlite"
    shutil.copytree(CASE, folder)
    first = check_folder(folder, answers=answers)
    assert len(readings) == len(first.files) == 7
    readings.clear()
    assert check_folder(folder, answers=answers).as_json() == first.as_json()
    assert readings == []
    (folder / "expect.txt").write_text("changed")
    daily = next(folder.glob("*_DD_*"))
    daily.write_text(daily.read_text().replace("20040102", "20040101"))
    second = check_folder(folder, answers=answers)
    assert readings == [daily.name, "expect.txt"]
    assert not second.ready
    readings.clear()
    check_folder(folder, answers=answers)  # a faulty file is always read again
    assert readings == [daily.name]
    readings.clear()
    check_folder(folder, answers=answers, min_qc=0.5)
    assert len(readings) == 7
