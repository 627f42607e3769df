"""Stop the run if a byte of a folder of raw files differs from its pin.

A file whose size, modification time and inode are those of its last hashing is not read again;
FLUXPROD_FULL_HASH=1 in the environment has all of them read.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from fluxprod.core.errors import DataError
from fluxprod.core.json_file import write_json
from fluxprod.params import Synthesize, World
from fluxprod.pins.hash_cache import cache_of, hashed
from fluxprod.pins.manifest import Pin, combined, differences, read_pins
from fluxprod.readers.files.folder import check_links, raw_files
from fluxprod.stages._run import run

SLOW = 10**9  # byte; a progress bar is shown above it
ADVICE = "run fluxprod raw pin if the change is meant, else restore the files"
FULL = "FLUXPROD_FULL_HASH"


def main(*, raw: Path, pins: Path, report: Path, world: World, synthesize: Synthesize) -> None:
    full = os.environ.get(FULL, "0") not in ("", "0")
    found = folder_pins(raw, raw.parent, cache_of(pins), full=full)
    expected = pinned(pins, raw.name, world_params(pins, world, synthesize))
    if expected is None:
        print(f"verify_raw: {raw} is unpinned: another world than that of {pins}")
    else:
        check_same(raw, pins, expected, found)
    write_json({"sha256": combined(found), "files": len(found)}, report, indent=1)


def folder_pins(folder: Path, root: Path, cache: Path, *, full: bool = False) -> dict[str, Pin]:
    """Pins of all files of a folder, by path from a root, with a bar of bytes where it is long."""
    check_links(folder)
    files = {path.relative_to(root).as_posix(): path for path in raw_files(folder)}
    size = sum(path.stat().st_size for path in files.values())
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(binary_units=True))
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=size < SLOW,
    ) as progress:
        task = progress.add_task(f"hashing {folder}", total=size)
        return hashed(files, cache, full=full, advance=lambda size: progress.advance(task, size))


def check_same(folder: Path, pins: Path, expected: dict[str, Pin], found: dict[str, Pin]) -> None:
    """Raise a DataError that names files unlike their pins."""
    if any(unlike := differences(expected, found)):
        raise DataError(folder, "SHA-256", str(unlike), f"the files of {pins}", ADVICE)


def world_params(pins: Path, world: World, synthesize: Synthesize) -> dict[str, Any]:
    """Parameters that make the raw files: none for observed ones."""
    made = {"synthesize": asdict(synthesize), "world": asdict(world)}
    return made if pins.name.startswith("synthetic.") else {}


def pinned(pins: Path, folder: str, params: dict[str, Any]) -> dict[str, Pin] | None:
    """Pins of a folder; None if the synthetic world is not the pinned one.

    Raises
    ------
    DataError
        If observed files have no pins.
    """
    if not pins.is_file():
        if params:
            return None
        raise DataError(pins, "manifest", "nothing", "pins", "run fluxprod raw pin and commit them")
    made_with, files = read_pins(pins)
    if made_with != params:
        return None
    return {name: pin for name, pin in files.items() if name.startswith(f"{folder}/")}


if __name__ == "__main__":
    run(main)
