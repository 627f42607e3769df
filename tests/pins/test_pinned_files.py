import random

from fluxprod.pins.pin import Pin
from fluxprod.pins.pinned_files import LISTED, PinnedGroup, by_group, summarised

PIN = Pin("1" * 64, 1)


def pinned(names):
    return summarised(dict.fromkeys(names, PIN))


def count(result):
    return len(result.files) + sum(group.files for group in result.groups.values())


def test_folders_of_up_to_a_thousand_files_are_listed():
    names = [f"{folder}/{number}.nc" for folder in ("era5", "modis") for number in range(LISTED)]
    result = pinned([*names, "readme.txt"])
    assert sorted(result.files) == sorted([*names, "readme.txt"])
    assert result.groups == {}
    assert (count(result), count(result.within("era5"))) == (2001, 1000)


def test_groups_split_where_paths_differ():
    """Two years of 900 tiles, of which one has 2 x 450 in subfolders, and one file alone."""
    names = [f"modis/2001/{number:03d}.hdf" for number in range(900)]
    names += [f"modis/2002/{part}/{number:03d}.hdf" for part in "ab" for number in range(450)]
    result = pinned([*names, "modis/notes.txt"])
    assert list(result.files) == ["modis/notes.txt"]
    assert [(name, group.files) for name, group in result.groups.items()] == [
        ("modis/2001", 900),
        ("modis/2002", 900),
    ]
    assert result.groups["modis/2001"][1:] == PinnedGroup("", 900, 900)[1:]
    assert count(result) == 1801


def test_names_that_begin_with_each_other_need_no_deep_recursion():
    names = ["modis/" + "a" * length for length in range(1, 4000)]
    result = pinned(names)
    assert count(result) == len(names)
    assert by_group(result, dict.fromkeys(names, PIN))[""] == {}


def test_every_file_is_in_its_group():
    """Compared with a search of all groups, for names of a few letters."""
    draw = random.Random(1)
    names = {"m/" + "".join(draw.choices("ab/", k=draw.randint(1, 14))) for _ in range(6000)}
    names |= {"".join(draw.choices("mab", k=draw.randint(1, 9))) for _ in range(3000)}
    result = pinned(names)
    assert len(result.groups) > 5
    found = by_group(result, dict.fromkeys([*names, "m/zzz", "zz"], PIN))
    assert {name: len(files) for name, files in found.items()} == {
        "": 2,
        **{name: group.files for name, group in result.groups.items()},
    }
    for beginning in result.groups:
        paths = [name if "/" in name else f"./{name}" for name in found[beginning]]
        assert all(path.startswith(beginning) for path in paths)
