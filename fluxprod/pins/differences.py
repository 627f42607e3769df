"""How the files on disk differ from their pins."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fluxprod.pins.pin import Pin
from fluxprod.pins.pinned_files import PinnedFiles, PinnedGroup, by_group, group_pin

Recall = Callable[[str], dict[str, Pin] | None]
SHOWN = 5  # names


class Differences(NamedTuple):
    """Relative paths of the files that differ from their pins, each list sorted.

    ``groups`` describes the groups that differ although it is not known here which files were
    pinned.
    """

    changed: list[str]
    missing: list[str]
    additional: list[str]
    groups: list[str]

    def __str__(self) -> str:
        """Count the files of each kind and name the first five."""
        kinds = {"changed": self.changed, "missing": self.missing, "additional": self.additional}
        parts = [f"{len(names)} {kind} ({_some(names)})" for kind, names in kinds.items() if names]
        if self.groups:
            what = "groups of files" if len(self.groups) > 1 else "group of files"
            parts.append(f"{len(self.groups)} {what} ({_some(self.groups)})")
        return ", ".join(parts) or "none"


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")


def differences(pinned: PinnedFiles, found: Mapping[str, Pin], recall: Recall) -> Differences:
    """Compare the files found on disk with their pins.

    Parameters
    ----------
    pinned : PinnedFiles
        Pins of the manifest.
    found : mapping of str to Pin
        Pins of the files on disk.
    recall : callable
        Returns the files of a group by its digest, or None if they are not known here.
    """
    groups = by_group(pinned, found)
    expected, present = dict(pinned.files), groups[""]
    present |= {name: pin for name, pin in found.items() if name in pinned.files}
    unknown = []
    for beginning, group in pinned.groups.items():
        inside = groups[beginning]
        if (now := group_pin(inside)) == group:
            continue
        if (files := recall(group.sha256)) is None:
            unknown.append(_in_words(beginning, group, now))
        else:
            expected |= files
            present |= inside
    return Differences(*_of_files(expected, present), sorted(unknown))


def _of_files(
    pinned: Mapping[str, Pin], found: Mapping[str, Pin]
) -> tuple[list[str], list[str], list[str]]:
    both = pinned.keys() & found.keys()
    return (
        sorted(name for name in both if pinned[name] != found[name]),
        sorted(pinned.keys() - found.keys()),
        sorted(found.keys() - pinned.keys()),
    )


def _in_words(beginning: str, pinned: PinnedGroup, found: PinnedGroup) -> str:
    return (
        f"{beginning}*: {found.files} files with {found.size} bytes, "
        f"pinned {pinned.files} with {pinned.size}"
    )
