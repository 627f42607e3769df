from fluxprod.pins.differences import differences
from fluxprod.pins.hash_store import open_store
from fluxprod.pins.pin import Pin
from fluxprod.pins.pinned_files import by_group, summarised

TILES = [f"modis/T.A{year}.{tile:03d}.hdf" for year in (2001, 2002) for tile in range(600)]
MANY = {name: Pin("1" * 64, 2) for name in TILES}


def nothing(sha256):
    return None


def test_differences_are_counted_and_named():
    pins = {name: Pin("1", 1) for name in "abcdefg"}
    pinned = summarised(pins)
    found = {"a": Pin("1", 1), "b": Pin("2", 1), "z": Pin("1", 1)}
    result = differences(pinned, found, nothing)
    assert result == (["b"], ["c", "d", "e", "f", "g"], ["z"], [])
    assert str(result) == "1 changed (b), 5 missing (c, d, e, f, g), 1 additional (z)"
    assert "6 missing (a, c, d, e, f, ...)" in str(differences(pinned, {"b": Pin("1", 1)}, nothing))
    assert not any(differences(pinned, pins, nothing))


def test_a_group_that_differs_is_named_where_its_files_are_unknown():
    pinned = summarised(MANY)
    assert not any(differences(pinned, dict(reversed(MANY.items())), nothing))
    found = {name: pin for name, pin in MANY.items() if name != TILES[0]}
    assert str(differences(pinned, found, nothing)) == (
        "1 group of files (modis/T.A2001*: 599 files with 1198 bytes, pinned 600 with 1200)"
    )
    # files of no group are named in any case, and so is one that differs in nothing but its bytes
    found = MANY | {"modis/readme.txt": Pin("2" * 64, 1), TILES[700]: Pin("3" * 64, 2)}
    result = differences(pinned, found, nothing)
    assert result.additional == ["modis/readme.txt"]
    assert len(result.groups) == 1
    assert result.groups[0].startswith("modis/T.A2002*: 600 files with 1200 bytes, pinned 600")


def test_the_local_store_names_the_files(tmp_path):
    pinned = summarised(MANY)
    members = by_group(pinned, MANY)
    changes = {TILES[3]: Pin("2" * 64, 2), "modis/T.A2001.new.hdf": Pin("2" * 64, 2)}
    found = {name: pin for name, pin in (MANY | changes).items() if name != TILES[900]}
    with open_store(tmp_path / "store.sqlite") as store:
        store.remember({group.sha256: members[name] for name, group in pinned.groups.items()})
    with open_store(tmp_path / "store.sqlite") as store:
        result = differences(pinned, found, store.recall)
    assert result == ([TILES[3]], [TILES[900]], ["modis/T.A2001.new.hdf"], [])


def test_a_list_that_is_not_that_of_the_digest_is_not_believed(tmp_path):
    with open_store(tmp_path / "store.sqlite") as store:
        store.remember({"1" * 64: {"modis/a": Pin("2" * 64, 2)}})
        assert store.recall("1" * 64) is None
        assert store.recall("2" * 64) is None
