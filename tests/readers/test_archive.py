"""Archives that are whole, and all the ways in which one can lie."""

import gzip
import stat
import zipfile

import pytest

from fluxprod.errors import DataError
from fluxprod.readers import archive
from fluxprod.readers.archive import extracted, is_archive, members, open_member, opened


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXPROD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def packed(path, **content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in content.items():
            file.writestr(name, text)
    return path


@pytest.fixture
def good(tmp_path):
    return packed(tmp_path / "data.nc", **{"a/x.csv": "1,2\n", "y.csv.gz": gzip.compress(b"3\n")})


def test_members_are_read_in_place(good, cache):
    assert is_archive(good)
    assert members(good) == [("a/x.csv", 4), ("y.csv.gz", len(gzip.compress(b"3\n")))]
    with open_member(good, "a/x.csv") as stream:
        assert stream.read() == b"1,2\n"
    with opened(good / "a" / "x.csv") as stream:
        assert stream.read() == b"1,2\n"
    with opened(good / "y.csv.gz") as stream:
        assert stream.read() == b"3\n"
    assert not cache.exists()


def test_plain_files_open_the_same_way(tmp_path):
    (tmp_path / "plain.csv").write_text("5\n")
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(b"6\n"))
    for name, content in (("plain.csv", b"5\n"), ("packed.csv.gz", b"6\n")):
        with opened(tmp_path / name) as stream:
            assert stream.read() == content
    assert not is_archive(tmp_path / "plain.csv")
    assert not is_archive(tmp_path)


def test_a_copy_lies_in_the_cache_alone_and_is_made_once(good, cache, tmp_path):
    with extracted(good, "a/x.csv") as first:
        assert first.read_bytes() == b"1,2\n"
        made = first.stat().st_ino
    with extracted(good, "a/x.csv") as second:
        assert second == first
        assert second.stat().st_ino == made
    assert cache in first.parents
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "data.nc"]
    packed(good, **{"a/x.csv": "other\n"})
    with extracted(good, "a/x.csv") as third:
        assert third.read_bytes() == b"other\n"


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("../evil.csv", "climbs out"),
        ("a/../../evil.csv", "climbs out"),
        ("/etc/evil.csv", "absolute"),
        ("C:/evil.csv", "absolute"),
        ("..\\evil.csv", "another system"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path, cache, name, fault):
    path = packed(tmp_path / "x.zip", **{name: "1\n"})
    for use in (members, lambda path: extracted(path, name).__enter__()):
        with pytest.raises(DataError, match=rf"x.zip: member .*{fault}"):
            use(path)
    assert not (tmp_path.parent / "evil.csv").exists()


def test_links_and_doubles_are_refused(tmp_path):
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as file:
        file.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match=r"'link.csv': found a link"):
        members(tmp_path / "link.zip")
    with zipfile.ZipFile(tmp_path / "double.zip", "w") as file:
        file.writestr("a.csv", "1\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("a.csv", "2\n")
    with pytest.raises(DataError, match=r"'a.csv': found there twice"):
        members(tmp_path / "double.zip")


def test_an_encrypted_member_is_refused(good):
    raw = bytearray(good.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + flags] |= 1
    good.write_bytes(raw)
    with pytest.raises(DataError, match="encrypted"):
        members(good)


def test_archives_that_expand_without_end_are_refused(tmp_path, monkeypatch):
    bomb = packed(tmp_path / "bomb.zip", **{"zeros.csv": b"0" * 3_000_000})
    with pytest.raises(DataError, match=r"bomb.zip: expanded size: found 0.0 GiB from 0.0 MiB"):
        members(bomb)
    monkeypatch.setattr(archive, "MAX_EXPANDED", 3)
    with pytest.raises(DataError, match="expanded size"):
        members(packed(tmp_path / "big.zip", **{"four.csv": "four"}))


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_archive_is_named(good, keep):
    raw = good.read_bytes()
    good.write_bytes(raw[: int(len(raw) * keep)])
    with pytest.raises(DataError, match=r"data.nc: archive: found unreadable \(.*a whole zip; get"):
        members(good)


def test_a_damaged_member_is_named_and_leaves_no_copy(tmp_path, cache):
    path = packed(tmp_path / "x.zip", **{"a.csv": "".join(f"{n}," for n in range(5000))})
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(raw)
    with pytest.raises(DataError, match=r"x.zip: archive: found unreadable"):
        extracted(path, "a.csv").__enter__()
    assert [found for found in cache.rglob("*") if found.is_file()] == []


def test_a_size_that_lies_is_found_by_the_checksum(good):
    raw = bytearray(good.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 24] -= 2  # of the expanded size
    good.write_bytes(raw)
    with (
        pytest.raises(DataError, match="unreadable"),
        open_member(good, "a/x.csv") as stream,
    ):
        stream.read()


def test_an_absent_member_is_named(good):
    with (
        pytest.raises(DataError, match=r"member 'z.csv': found nothing"),
        open_member(good, "z.csv"),
    ):
        pass


def test_no_room_in_the_cache_is_said(good, monkeypatch):
    usage = archive.shutil.disk_usage(good.parent)._replace(free=2)
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DataError, match="set FLUXPROD_CACHE"):
        extracted(good, "a/x.csv").__enter__()
