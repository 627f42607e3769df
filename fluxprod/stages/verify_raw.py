"""Stop the run if a byte of a folder of raw files differs from its pin."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.progress import track

from fluxprod.errors import DataError
from fluxprod.params import Synthesize, World
from fluxprod.readers.manifest import Pin, combined, differences, pins_of, read_pins
from fluxprod.readers.raw_folder import raw_files
from fluxprod.stages._run import run
from fluxprod.writers.manifest import write_json

SLOW = 10**9  # byte; a progress bar is shown above it
ADVICE = "run fluxprod raw pin if the change is meant, else restore the files"


def main(*, raw: Path, pins: Path, report: Path, world: World, synthesize: Synthesize) -> None:
    found = hashed(raw)
    expected = pinned(pins, raw.name, world_params(pins, world, synthesize))
    if expected is None:
        print(f"verify_raw: {raw} is unpinned: another world than that of {pins}")
    elif any(unlike := differences(expected, found)):
        raise DataError(raw, "SHA-256", str(unlike), f"the files of {pins}", ADVICE)
    write_json(report, {"sha256": combined(found), "files": len(found)})


def hashed(raw: Path) -> dict[str, Pin]:
    """Pins of all files of a folder, by path from its parent."""
    paths = raw_files(raw)
    quick = sum(path.stat().st_size for path in paths) < SLOW
    hashes = pins_of(paths, raw.parent)
    return dict(track(hashes, f"hashing {raw}", len(paths), transient=True, disable=quick))


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
