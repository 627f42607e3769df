"""Compare a folder of raw files with its pins, and stop the run if any byte differs.

Files whose size, modification time and inode have not changed since they were last hashed are not
read again, unless FLUXPROD_FULL_HASH=1 is set in the environment.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from fluxprod.core.errors import DataError
from fluxprod.core.intact import with_checksum
from fluxprod.core.json_file import write_json
from fluxprod.core.world import World
from fluxprod.pins.differences import differences
from fluxprod.pins.hash_cache import cache_of, hashed
from fluxprod.pins.hash_store import open_store
from fluxprod.pins.manifest import read_pins
from fluxprod.pins.pin import Pin, combined
from fluxprod.pins.pinned_files import PinnedFiles, by_group
from fluxprod.readers.files.folder import check_links, raw_files
from fluxprod.stages._run import run
from fluxprod.synthetic.settings import EarthSettings

SLOW = 10**9  # byte; hashing more shows a progress bar
ADVICE = "run fluxprod raw pin if the change is intended, otherwise restore the files"
FULL = "FLUXPROD_FULL_HASH"


def main(*, raw: Path, pins: Path, report: Path, world: World, synthesize: EarthSettings) -> None:
    full = os.environ.get(FULL, "0") not in ("", "0")
    found = folder_pins(raw, raw.parent, cache_of(pins), full=full)
    expected = pinned(pins, raw.name, world_params(pins, world, synthesize))
    if expected is None:
        print(f"verify_raw: {raw} is unpinned: its world is not that of {pins}")
    else:
        check_same(raw, pins, expected, found)
    verified = {"sha256": combined(found), "files": len(found)}
    write_json(with_checksum(verified), report, indent=1)


def folder_pins(folder: Path, root: Path, cache: Path, *, full: bool = False) -> dict[str, Pin]:
    """Compute the pins of all files of a folder, with a progress bar if they are large.

    Parameters
    ----------
    folder : Path
        Folder of raw files.
    root : Path
        Folder to which the names of files are relative.
    cache : Path
        Store of earlier hashes.
    full : bool
        Whether to read every file, even one that has not changed.

    Returns
    -------
    dict of str to Pin
        Pins by name of the file.

    Raises
    ------
    DataError
        If the folder is missing, or contains a broken link, another entry that is not a file, or
        what cannot be read.
    """
    check_links(folder)
    files = {path.relative_to(root).as_posix(): path for path in raw_files(folder)}
    check_names(files)
    size = total_size(files.values())
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(binary_units=True))
    with (
        open_store(cache) as store,
        Progress(
            *columns,
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=size < SLOW,
        ) as progress,
    ):
        task = progress.add_task(f"hashing {folder}", total=size)
        follow = {} if size < SLOW else {"advance": partial(progress.advance, task)}
        return hashed(files, store, full=full, **follow)


def check_names(files: Iterable[str]) -> None:
    """Raise a DataError if a name is not text, which the manifest could not list."""
    for name in files:
        try:
            name.encode()
        except UnicodeEncodeError as error:
            raise DataError(
                name, "name", "bytes that are not UTF-8", "UTF-8", "rename it"
            ) from error


def total_size(files: Iterable[Path]) -> int:
    """Sum the sizes of files [byte]; those that cannot be read are reported when they are."""
    size = 0
    for path in files:
        with suppress(OSError):
            size += path.stat().st_size
    return size


def check_same(folder: Path, pins: Path, expected: PinnedFiles, found: dict[str, Pin]) -> None:
    """Compare the files of a folder with their pins.

    The files of groups that agree are remembered in the local store: should one of them change
    later, it can be named.

    Parameters
    ----------
    folder, pins : Path
        Folder of raw files, and file of pins, as errors name them.
    expected : PinnedFiles
        Pins of the file.
    found : dict of str to Pin
        Pins of the folder.

    Raises
    ------
    DataError
        If files differ from their pins; it names them.
    """
    with open_store(cache_of(pins)) as store:
        if any(changes := differences(expected, found, store.recall)):
            raise DataError(folder, "SHA-256", str(changes), f"the files of {pins}", ADVICE)
    remember(pins, expected, found)


def remember(pins: Path, expected: PinnedFiles, found: dict[str, Pin]) -> None:
    """Keep the files of all groups in the local store of a file of pins.

    Parameters
    ----------
    pins : Path
        File of pins.
    expected : PinnedFiles
        Its pins.
    found : dict of str to Pin
        Pins of the folder, which agree with them.
    """
    if expected.groups:
        members = by_group(expected, found)
        with open_store(cache_of(pins)) as store:
            store.remember({group.sha256: members[name] for name, group in expected.groups.items()})


def world_params(pins: Path, world: World, synthesize: EarthSettings) -> dict[str, Any]:
    """Collect the parameters of synthetic raw files; observed ones have none."""
    parameters = {"synthesize": synthesize.model_dump(), "world": world.model_dump()}
    return parameters if pins.name.startswith("synthetic.") else {}


def pinned(pins: Path, folder: str, params: dict[str, Any]) -> PinnedFiles | None:
    """Read the pins of a folder, or None if the synthetic world is not the pinned one.

    Parameters
    ----------
    pins : Path
        File of pins.
    folder : str
        Name of the folder.
    params : dict
        Parameters that made the raw files, empty for observed ones.

    Raises
    ------
    DataError
        If the files are observed and there are no pins.
    """
    if not pins.is_file():
        if params:
            return None
        advice = "run fluxprod raw pin and commit the file"
        raise DataError(pins, "manifest", "no such file", "a file of pins", advice)
    made_with, files = read_pins(pins)
    if made_with != params:
        return None
    return files.within(folder)


if __name__ == "__main__":
    run(main)
