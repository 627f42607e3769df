"""What a manifest says of the files of a folder: each file or, of many, one digest per group.

A folder of raw data with at most `LISTED` files is listed file by file. One with more, such as the
hundreds of thousands of MODIS tiles, is split where the paths of its files differ, until no group
has more. A group is named by the beginning that its paths share: ``modis/MOD15A2H.A2003*``.
"""

import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from fluxprod.pins.pin import Pin, combined

LISTED = 1000  # files


class PinnedGroup(NamedTuple):
    """Files that are pinned together.

    Parameters
    ----------
    sha256 : str
        SHA-256 over the lines ``<sha256>  <path>`` of all files, sorted by path.
    size : int
        Sum of their sizes [byte].
    files : int
        Number of files.
    """

    sha256: str
    size: int
    files: int


class PinnedFiles(NamedTuple):
    """Pins of files and of groups of files.

    Parameters
    ----------
    files : dict of str to Pin
        Pins by path.
    groups : dict of str to PinnedGroup
        Groups by the beginning of their paths; none begins with another.
    """

    files: dict[str, Pin]
    groups: dict[str, PinnedGroup]

    def within(self, folder: str) -> "PinnedFiles":
        """Keep the files of one folder, such as ``era5``."""
        inside = f"{folder}/"
        return PinnedFiles(
            {name: pin for name, pin in self.files.items() if name.startswith(inside)},
            {name: group for name, group in self.groups.items() if name.startswith(inside)},
        )


def group_pin(pins: Mapping[str, Pin]) -> PinnedGroup:
    """Pin files together."""
    return PinnedGroup(combined(pins), sum(pin.size for pin in pins.values()), len(pins))


def summarised(pins: Mapping[str, Pin]) -> PinnedFiles:
    """Pin the files of large folders by groups, and all others one by one.

    Parameters
    ----------
    pins : mapping of str to Pin
        Pins of all files by path.
    """
    files: dict[str, Pin] = {}
    groups: dict[str, PinnedGroup] = {}
    for folder, paths in _by_folder(pins).items():
        for beginning, members in _split(folder, paths):
            inside = {name: pins[name] for name in map(_name, members)}
            if len(paths) <= LISTED or len(members) == 1:
                files |= inside
            else:
                groups[beginning] = group_pin(inside)
    return PinnedFiles(dict(sorted(files.items())), dict(sorted(groups.items())))


def _path(name: str) -> str:
    """Name with its folder: a file outside of all folders lies in ``./``."""
    return name if "/" in name else f"./{name}"


def _name(path: str) -> str:
    return path.removeprefix("./")


def _by_folder(names: Iterable[str]) -> dict[str, list[str]]:
    """Sorted paths by folder of raw data, such as ``modis/``."""
    found: dict[str, list[str]] = {}
    for path in sorted(map(_path, names)):
        found.setdefault(path[: path.index("/") + 1], []).append(path)
    return found


def _split(folder: str, paths: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Split sorted paths until at most `LISTED` share a beginning; yield it and them."""
    todo = [(folder, paths)]
    while todo:
        beginning, members = todo.pop()
        if len(members) <= LISTED:
            yield beginning, members
            continue
        first_difference = len(os.path.commonprefix([members[0], members[-1]]))
        shared = itemgetter(slice(first_difference + 1))
        todo += [(start, list(same)) for start, same in groupby(members, shared)]


def by_group(pinned: PinnedFiles, found: Mapping[str, Pin]) -> dict[str, dict[str, Pin]]:
    """Sort files that are not pinned one by one into the groups of a manifest.

    Parameters
    ----------
    pinned : PinnedFiles
        Files and groups of the manifest.
    found : mapping of str to Pin
        Pins of the files on disk.

    Returns
    -------
    dict of str to dict
        Files of each group, by its name; files of none under ``""``.
    """
    sorted_in: dict[str, dict[str, Pin]] = {name: {} for name in ("", *pinned.groups)}
    names = sorted(pinned.groups)
    for name, pin in found.items():
        if name not in pinned.files:
            path = _path(name)
            before = names[max(bisect_right(names, path) - 1, 0)] if names else ""
            sorted_in[before if path.startswith(before) else ""][name] = pin
    return sorted_in
