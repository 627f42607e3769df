import shutil
import stat
import zipfile

import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.files import archive
from fluxprod.readers.files.archive import ArchiveMember, extracted, members, open_member

TEXT = b"TIMESTAMP,TA_F\n20040101,1.5\n" * 40


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("FLUXPROD_CACHE", str(folder))
    return folder


@pytest.fixture
def path(tmp_path):
    """An archive with a table in a folder, and a note."""
    path = tmp_path / "AMF_US-Xyz_FLUXNET_2004-2004_v1.3_r1.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.mkdir("inner")
        file.writestr("inner/table.csv", TEXT)
        file.writestr("README.txt", b"read me")
    return path


def packed(path, *entries):
    with zipfile.ZipFile(path, "w") as file:
        for entry in entries:
            file.writestr(entry, b"content")
    return path


def entry(name, mode=0o644):
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    info.external_attr = mode << 16
    return info


def one_line(error):
    assert "\n" not in str(error.value)
    return str(error.value)


def test_members_and_their_bytes(path):
    assert members(path) == [
        ArchiveMember("README.txt", 7),
        ArchiveMember("inner/table.csv", len(TEXT)),
    ]
    with open_member(path, "inner/table.csv") as stream:
        assert stream.readline() == b"TIMESTAMP,TA_F\n"
        assert stream.read() == TEXT[15:]
        assert stream.read() == b""


def test_a_member_as_a_file_of_the_cache(path, cache):
    with extracted(path, "inner/table.csv") as first:
        assert first.read_bytes() == TEXT
        assert first.suffix == ".csv"
        assert cache in first.parents
    written = first.stat().st_mtime_ns
    with extracted(path, "inner/table.csv") as again:
        assert (again, again.stat().st_mtime_ns) == (first, written)
    with extracted(path, "README.txt") as other:
        assert other.read_bytes() == b"read me"
    packed(path, "inner/table.csv")
    with extracted(path, "inner/table.csv") as changed:
        assert changed.read_bytes() == b"content"


@pytest.mark.parametrize(
    "name",
    [
        "../out.csv",
        "inner/../../out.csv",
        "inner/..",
        "/etc/out.csv",
        "C:/out.csv",
        "inner\\out.csv",
        "..\\out.csv",
        "a\nb/../c.csv",
    ],
)
def test_names_that_point_outside_are_refused(tmp_path, name):
    path = packed(tmp_path / "a.zip", "good.csv", entry(name))
    for read in (members, lambda path: open_member(path, "good.csv")):
        with pytest.raises(DataError, match=r"a\.zip: .*found a name that points outside") as error:
            read(path)
        one_line(error)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a\nb.csv", "a\rb.csv", "a\x1b[2Jb.csv"])
def test_names_that_would_break_a_message_are_refused(tmp_path, name):
    path = packed(tmp_path / "a.zip", entry(name))
    with pytest.raises(DataError, match=r"a\.zip: .*found a name with control characters") as error:
        members(path)
    one_line(error)
    assert str(error.value).isprintable()


def test_two_dots_within_a_name_are_accepted(tmp_path):
    path = packed(tmp_path / "a.zip", "inner/a..b.csv", "..c/d.csv")
    assert [member.name for member in members(path)] == ["..c/d.csv", "inner/a..b.csv"]


def test_a_link_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", entry("table.csv", stat.S_IFLNK | 0o777))
    with pytest.raises(DataError, match=r"table\.csv: found a link"):
        members(path)


def test_an_encrypted_member_is_refused(path):
    content = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(magic) + offset] |= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="found an encrypted member"):
        members(path)


def test_bound_of_expanded_size(path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_EXPANDED", len(TEXT) + 7)
    assert len(members(path)) == 2
    monkeypatch.setattr(archive, "MAX_EXPANDED", len(TEXT) + 6)
    with pytest.raises(DataError, match=r"archive: found .* when unpacked.*; refused") as error:
        open_member(path, "README.txt")
    one_line(error)


def test_bound_of_the_ratio(tmp_path, monkeypatch):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(2**20))  # deflate compresses zeros 1000 to 1
    assert members(path) == [ArchiveMember("zeros", 2**20)]  # small
    monkeypatch.setattr(archive, "SMALL", 2**19)
    with pytest.raises(DataError, match="times its size, expected at most 64 GiB and 250 times"):
        members(path)


def test_a_repeated_name_is_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed(tmp_path / "a.zip", "table.csv", "table.csv")
    with pytest.raises(DataError, match=r"\['table.csv'\] more than once"):
        members(tmp_path / "a.zip")


def test_a_truncated_archive(path):
    content = path.read_bytes()
    for size in (0, 10, len(content) // 2, len(content) - 30):
        path.write_bytes(content[:size])
        with pytest.raises(DataError, match=r"archive: found unreadable") as error:
            members(path)
        one_line(error)


def test_a_changed_byte_is_detected_while_reading(tmp_path, cache):
    path = packed(tmp_path / "a.zip", "README.txt")  # not compressed
    path.write_bytes(path.read_bytes().replace(b"content", b"context"))
    with open_member(path, "README.txt") as stream, pytest.raises(DataError, match="CRC") as error:
        stream.read()
    assert str(path / "README.txt") in one_line(error)
    with pytest.raises(DataError, match="CRC"), extracted(path, "README.txt"):
        pass
    assert not [place for place in cache.rglob("*") if place.is_file()]


def test_a_wrong_stated_size(tmp_path):
    """The directory states 3 bytes less, or more, than the member has."""
    for stated in (4, 10):
        path = packed(tmp_path / "a.zip", "table.csv")
        content = bytearray(path.read_bytes())
        at = content.find(b"PK\x01\x02") + 24
        content[at : at + 4] = stated.to_bytes(4, "little")
        path.write_bytes(content)
        with open_member(path, "table.csv") as stream, pytest.raises(DataError):
            stream.read()


def test_no_such_member_or_archive(path, tmp_path):
    with pytest.raises(DataError, match="other.csv: found no such member"):
        open_member(path, "other.csv")
    with pytest.raises(DataError, match=r"none\.zip: archive: found no such file"):
        members(tmp_path / "none.zip")
    with pytest.raises(DataError, match="found no such file"), extracted(tmp_path / "no.zip", "a"):
        pass


def test_a_cache_that_cannot_be_written(path, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FLUXPROD_CACHE", str(tmp_path / "file"))
    with (
        pytest.raises(DataError, match="cache: found .*set FLUXPROD_CACHE"),
        extracted(path, "README.txt"),
    ):
        pass


def test_lack_of_space_in_the_cache_is_reported(path, cache, monkeypatch):
    full = shutil._ntuple_diskusage(10, 10, 3)
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda folder: full)
    with (
        pytest.raises(DataError, match=r"0\.0 GiB free.*set FLUXPROD_CACHE"),
        extracted(path, "README.txt"),
    ):
        pass
    assert not [place for place in cache.rglob("*") if place.is_file()]
