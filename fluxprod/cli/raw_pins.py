"""``fluxprod raw pin`` and ``verify``: SHA-256 of the raw files."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fluxprod.cli.screen import fail
from fluxprod.core.errors import DataError
from fluxprod.params import Synthesize, SyntheticWorld
from fluxprod.params_file import block, read_params
from fluxprod.pins.hash_cache import cache_of
from fluxprod.pins.manifest import Pin, read_pins, write_pins
from fluxprod.stages.verify_raw import check_same, folder_pins

RAW = Path("data/raw")
Source = Annotated[str, typer.Option(help="synthetic or observed; by default that of params.yaml.")]


def pin(
    source: Source = "",
    full: Annotated[
        bool, typer.Option("--full", help="Hash all files again, unchanged ones too.")
    ] = False,
) -> None:
    """Write the SHA-256 manifest of the raw files, to be committed.

    A pin that was stopped goes on where it was: hashes are kept in
    data/raw/.SOURCE.hashes.json for files whose size, modification time and
    inode stay the same.

    For example:
      fluxprod raw pin --source observed
      git add data/raw/observed.pins.json && git commit -m "Pin the raw files"
    """
    try:
        source, params = _source_and_params(source)
        pins, found = _pins_path(source), _found(source, full)
        write_pins(pins, params, found)
    except DataError as error:
        fail(error)
    print(f"pinned {len(found)} files in {pins}")


def verify_pins(
    source: Source = "",
    full: Annotated[
        bool,
        typer.Option("--full", help="Hash all files again: a change under the old time is seen."),
    ] = False,
) -> None:
    """Compare all raw files with their pins, as verify_raw does in a run.

    Exit status 1, and the names of the files, if one differs, lacks or is
    there unpinned.

    For example:
      fluxprod raw verify                        # files that changed are hashed
      fluxprod raw verify --full                 # all are: hours for terabytes
      FLUXPROD_FULL_HASH=1 dvc repro             # the same, within a run
    """
    try:
        source, _ = _source_and_params(source)
        pins = _pins_path(source)
        _, expected = read_pins(pins)
        found = _found(source, full)
        check_same(RAW / source, pins, expected, found)
    except DataError as error:
        fail(error)
    print(f"{len(found)} files are as pinned in {pins}")


def _source_and_params(source: str) -> tuple[str, dict]:
    """World, and the parameters that made its files."""
    params = read_params()
    source = source or str(params["source"])
    if source != "synthetic":
        return source, {}
    made = {"synthesize": Synthesize, "world": SyntheticWorld}
    return source, {name: asdict(block(params, kind)) for name, kind in made.items()}


def _pins_path(source: str) -> Path:
    return RAW / f"{source}.pins.json"


def _found(source: str, full: bool) -> dict[str, Pin]:
    folder = RAW / source
    return folder_pins(folder, folder, cache_of(_pins_path(source)), full=full)
