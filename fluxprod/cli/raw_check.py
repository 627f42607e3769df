"""``fluxprod raw check``: what is in a folder of raw files, and whether a run can start."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from fluxprod.cli.raw_tables import file_table, print_problems, source_table
from fluxprod.cli.screen import errors, fail, screen
from fluxprod.core.errors import DataError
from fluxprod.inventory.comparison import compare, is_raw_root
from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.inventory.folder import mark_duplicates, mark_unused, raw_records
from fluxprod.inventory.needs import Wanted
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.status import SourceStatus
from fluxprod.params import Inversions, Towers, Vegetation, World
from fluxprod.params_file import block, read_params
from fluxprod.pins.manifest import read_pins
from fluxprod.readers.files.folder import no_files, raw_files
from fluxprod.stages.inversions import VARIABLES

RAW = Path("data/raw")
SCHEMA = 1  # of --json
USUAL_MIN_QC = 0.75  # of the literature


def check(
    path: Annotated[
        Path | None, typer.Argument(help="Folder or file; by default data/raw/SOURCE.")
    ] = None,
    source: Annotated[
        str, typer.Option(help="World whose years are wanted: observed or synthetic.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Names and headers only: no search for empty days.")
    ] = False,
    files: Annotated[
        bool, typer.Option("--files", help="Every file in a row, below the data sets.")
    ] = False,
    min_qc: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Share of good half hours of a valid NEE day; by default that of params.yaml "
            "for a run, 0.75 for files that are listed alone.",
        ),
    ] = None,
) -> None:
    """Compare a folder with what a run needs, or list its files.

    A folder with the subfolders of raw files (fluxnet, era5, modis ...) is
    compared with the list of data sets, for the years of its world in
    params.yaml: which are there, which years or variables lack, which files
    are unreadable, twice, of other years or have days without values. Any
    other folder or file is listed alone.

    Exit status 0: a run could start (its pins apart); in a folder that is
    listed alone: all files are readable. 1: not so, or there is no file.

    For example:
      fluxprod raw check                       # data/raw/SOURCE of params.yaml
      fluxprod raw check data/raw/observed     # before source: observed is set
      fluxprod raw check --quick               # headers only: much faster
      fluxprod raw check --files               # and every file in a row
      fluxprod raw check ~/Downloads/era5      # any folder: its files alone
      fluxprod raw check --json > check.json   # for programs
    """
    try:
        world, folder = _world_and_folder(path, source)
        records = _inventory(folder, _min_qc(folder, min_qc), scan=not quick)
        statuses = _compared(folder, records, world)
    except DataError as error:
        fail(error)
    ready = all(status.ready for status in statuses) if statuses else _all_readable(records)
    if as_json:
        print(json.dumps(_as_json(folder, world, records, statuses, ready), indent=1))
    else:
        if files or not statuses:
            screen().print(file_table(records))
        _show(folder, world, records, statuses, ready)
    if not ready:
        raise typer.Exit(1)


def _world_and_folder(path: Path | None, source: str) -> tuple[str, Path]:
    """World by option, else by the folder's name, else by params.yaml."""
    if path is not None and not source and path.name not in ("synthetic", "observed"):
        return "observed", path
    world = source or (path.name if path is not None else str(read_params()["source"]))
    return world, path or RAW / world


def _min_qc(folder: Path, asked: float | None) -> float:
    if asked is not None:
        return asked
    return block(read_params(), Towers).min_qc if is_raw_root(folder) else USUAL_MIN_QC


def _inventory(path: Path, min_qc: float, *, scan: bool) -> list[RawRecord]:
    """Records of all files, with a progress bar beside them."""
    root = path if path.is_dir() else path.parent
    records = [
        record
        for file in track(raw_files(path), "reading", console=errors, transient=True)
        for record in raw_records(file, file.relative_to(root).as_posix(), min_qc=min_qc, scan=scan)
    ]
    for file, fault in no_files(path).items():
        name = file.relative_to(root).as_posix()
        records.append(RawRecord(name, problems=[fault], readable=False))
    mark_duplicates(records)
    return sorted(records, key=lambda record: record.path)


def _compared(folder: Path, records: list[RawRecord], world: str) -> list[SourceStatus]:
    """Compare a folder of raw files with the list; nothing for any other folder."""
    if not is_raw_root(folder):
        return []
    wanted = _wanted(world)
    mark_unused(records, wanted.years)
    statuses = compare(folder, records, wanted)
    return list(track(statuses, "comparing", len(RAW_LIST), console=errors, transient=True))


def _wanted(world: str) -> Wanted:
    params = read_params() | {"source": world}
    towers, inversions = block(params, Towers), block(params, Inversions)
    return Wanted(
        years=block(params, World).years,
        outages=tuple(block(params, Vegetation).outages),
        members=tuple(inversions.members),
        inversion_variable=VARIABLES[inversions.rivers],
        rivers=inversions.rivers == "separate",
        min_sites=towers.n_folds,
        min_days=towers.min_days,
    )


def _all_readable(records: list[RawRecord]) -> bool:
    return bool(records) and all(record.readable for record in records)


def _as_json(
    folder: Path, world: str, records: list[RawRecord], statuses: list[SourceStatus], ready: bool
) -> dict:
    return {
        "schema": SCHEMA,
        "path": str(folder),
        "world": world if statuses else None,
        "ready": ready,
        "sources": [asdict(status) for status in statuses],
        "files": [asdict(record) for record in records],
    }


def _show(
    folder: Path, world: str, records: list[RawRecord], statuses: list[SourceStatus], ready: bool
) -> None:
    console = screen()
    if statuses:
        first, last = statuses[0].first_year, statuses[0].last_year
        console.print(source_table(statuses, f"{folder} for the {world} world, {first} to {last}"))
    print_problems(console, records, statuses)
    if not records:
        console.print(f"no file in {folder}", style="red", markup=False)
    elif statuses and ready:
        console.print(f"a run can start{_pin_advice(folder, world, records)}", markup=False)
    elif statuses:
        lacking = ", ".join(status.key for status in statuses if not status.ready)
        console.print(f"a run cannot start: {lacking}", style="red", markup=False, soft_wrap=True)


def _pin_advice(folder: Path, world: str, records: list[RawRecord]) -> str:
    """What is left to do before ``dvc repro``."""
    advice = f"; next: fluxprod raw pin --source {world}, set source: {world}, dvc repro"
    if folder.resolve() != (RAW / world).resolve():
        return f"; next: link or move it to {RAW / world}"
    try:
        _, pins = read_pins(RAW / f"{world}.pins.json")
    except DataError:
        return advice
    return "" if {record.path for record in records} <= set(pins) else advice
