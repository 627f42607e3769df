"""``fluxprod raw``: commands for raw files.

What a command needs is imported when it runs: help texts and completion with the tab key must not
wait for pandas and xarray.
"""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fluxprod.cli.screen import errors, fail, screen
from fluxprod.core.constants import WORLDS
from fluxprod.core.errors import DataError

if TYPE_CHECKING:
    from fluxprod.inventory.check import FolderCheck
    from fluxprod.inventory.needs import RunNeeds

RAW = Path("data/raw")
ANSWERS = ".checked.sqlite"  # in it: what `raw check` found in files that have not changed

app = typer.Typer(no_args_is_help=True)
WorldOption = Annotated[
    str, typer.Option("--source", help="synthetic or observed; the default is that of params.yaml.")
]
FullOption = Annotated[
    bool,
    typer.Option(
        "--full",
        help="Hash all files again, which detects changes that left the modification time alone.",
    ),
]


@app.callback()
def raw() -> None:
    """List, check and pin raw files.

    Raw files are downloaded by hand to data/raw/observed; the synthetic ones in
    data/raw/synthetic are written by the pipeline.

    For example:
      fluxprod raw list                       # what to download, and from where
      fluxprod raw check data/raw/observed    # what is present or missing
      fluxprod raw pin --source observed      # record the SHA-256 of every file
      fluxprod raw verify                     # has a file changed since?
    """


@app.command("list")
def list_datasets(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the list as docs/real-data.md shows it.")
    ] = False,
) -> None:
    """List the data sets that an observed run reads, and where their files belong.

    The sizes are those of the years of the observed world in params.yaml.

    For example:
      fluxprod raw list
    """
    from fluxprod.cli.raw_tables import dataset_table
    from fluxprod.core.world import World
    from fluxprod.inventory.datasets import RAW_LIST
    from fluxprod.inventory.datasets_markdown import datasets_markdown
    from fluxprod.params import block, read_params

    try:
        years = block(read_params() | {"source": "observed"}, World).years
    except DataError as error:
        fail(error)
    if markdown:
        print(datasets_markdown(RAW_LIST, years), end="")
    else:
        screen().print(dataset_table(RAW_LIST, years))


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="Folder or file; the default is data/raw/SOURCE.")
    ] = None,
    world: Annotated[
        str, typer.Option("--source", help="World whose years are needed: observed or synthetic.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Read only names and headers, without a search for empty days."
        ),
    ] = False,
    files: Annotated[
        bool, typer.Option("--files", help="Also list every file, one per row.")
    ] = False,
    min_qc: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Share of good half hours that a valid NEE day needs; the default is that of "
            "params.yaml for a run, and 0.75 if files are only listed.",
        ),
    ] = None,
) -> None:
    """Check whether a run can start from a folder of raw files, or list any other folder.

    A folder with the subfolders of raw files (fluxnet, era5, modis ...) is
    compared with the list of data sets, for the years of its world in
    params.yaml: which data sets are present, which years or variables are
    missing, and which files are unreadable, duplicated, outside the years or
    without values on some days. The files of any other folder are only listed.

    The exit status is 0 if a run could start (pins are not checked), or if all
    listed files are readable. It is 1 otherwise, and if no file was found.

    What is found is kept in data/raw/.checked.sqlite, so that a second check
    reads only files that are new, have changed or were faulty. Delete it to
    read all files again.

    For example:
      fluxprod raw check                       # data/raw/SOURCE of params.yaml
      fluxprod raw check data/raw/observed     # before source: observed is set
      fluxprod raw check --quick               # headers only: much faster
      fluxprod raw check --files               # also list every file
      fluxprod raw check ~/Downloads/era5      # list the files of any folder
      fluxprod raw check --json > check.json   # for programs
    """
    from rich.progress import track

    from fluxprod.inventory.check import check_folder
    from fluxprod.inventory.comparison import is_raw_root

    try:
        world, folder = _world_and_folder(path, world)
        needs = _run_needs(world) if is_raw_root(folder) else None
        follow = partial(track, console=errors, transient=True)
        found = check_folder(
            *(folder, world, needs),
            min_qc=min_qc,
            scan=not quick,
            follow=follow,
            answers=RAW / ANSWERS,
        )
    except DataError as error:
        fail(error)
    if as_json:
        print(json.dumps(found.as_json(), indent=1))
    else:
        _show(found, files=files or not found.sources)
    if not found.ready:
        raise typer.Exit(1)


@app.command()
def pin(world: WorldOption = "", full: FullOption = False) -> None:
    """Write the SHA-256 manifest of the raw files, which is then committed.

    Hashes are kept in data/raw/.SOURCE.hashes.sqlite for files whose size,
    modification time and inode do not change, so a second call after an
    interruption continues where the first one stopped. Folders with more than
    a thousand files are pinned by groups of files.

    For example:
      fluxprod raw pin --source observed
      git add data/raw/observed.pins.json && git commit -m "Pin the raw files"
    """
    from fluxprod.cli.raw_pins import made_with, pins_of
    from fluxprod.params import read_params
    from fluxprod.pins.manifest import write_pins
    from fluxprod.pins.pinned_folder import manifest_of
    from fluxprod.stages.verify_raw import remember

    try:
        folder = RAW / (world or str(read_params()["source"]))
        params, found = made_with(folder.name), pins_of(folder, full=full)
        pinned = write_pins(manifest_of(folder), params, found)
        remember(manifest_of(folder), pinned, found)
    except DataError as error:
        fail(error)
    print(f"pinned {len(found)} files in {manifest_of(folder)}")


@app.command("verify")
def verify_pins(world: WorldOption = "", full: FullOption = False) -> None:
    """Compare all raw files with their pins, as the stage verify_raw does in a run.

    If a file differs from its pin, is missing or has no pin, its name is
    printed and the exit status is 1.

    For example:
      fluxprod raw verify                        # hashes only files that changed
      fluxprod raw verify --full                 # all files: hours for terabytes
      FLUXPROD_FULL_HASH=1 dvc repro             # the same, within a run
    """
    from fluxprod.cli.raw_pins import pins_of
    from fluxprod.params import read_params
    from fluxprod.pins.manifest import read_pins
    from fluxprod.pins.pinned_folder import manifest_of
    from fluxprod.stages.verify_raw import check_same

    try:
        folder = RAW / (world or str(read_params()["source"]))
        pins = manifest_of(folder)
        _, expected = read_pins(pins)
        found = pins_of(folder, full=full)
        check_same(folder, pins, expected, found)
    except DataError as error:
        fail(error)
    print(f"{len(found)} files match their pins in {pins}")


def _world_and_folder(path: Path | None, world: str) -> tuple[str, Path]:
    """World from the option, or the folder's name, or params.yaml; and the folder to check."""
    from fluxprod.params import read_params

    if path is not None:
        return world or (path.name if path.name in WORLDS else "observed"), path
    world = world or str(read_params()["source"])
    return world, RAW / world


def _run_needs(world: str) -> "RunNeeds":
    """What the parameters here say that a run of a world needs."""
    from fluxprod.core.world import World
    from fluxprod.inversions.settings import InversionSettings
    from fluxprod.params import block, read_params
    from fluxprod.readers.modis.settings import VegetationSettings
    from fluxprod.stages.check_raw import run_needs
    from fluxprod.towers.settings import TowerSettings

    params = read_params() | {"source": world}
    return run_needs(
        block(params, World),
        block(params, TowerSettings),
        block(params, InversionSettings),
        block(params, VegetationSettings).outages,
    )


def _show(found: "FolderCheck", *, files: bool) -> None:
    """Print tables, problems and, for a folder that is compared, whether a run can start."""
    from fluxprod.cli.raw_tables import file_table, print_problems, source_table

    console = screen()
    if files:
        console.print(file_table(found.files))
    if found.sources:
        years = f"{found.sources[0].first_year} to {found.sources[0].last_year}"
        title = f"{found.path} for the {found.world} world, {years}"
        console.print(source_table(found.sources, title))
    print_problems(console, found.files, found.sources)
    if not found.files:
        console.print(f"no file in {found.path}", style="red", markup=False)
    elif found.sources and found.ready:
        console.print(f"a run can start{_next_step(found)}", markup=False)
    elif found.sources:
        missing = ", ".join(status.key for status in found.sources if not status.ready)
        text = f"a run cannot start because of {missing}"
        console.print(text, style="red", markup=False, soft_wrap=True)


def _next_step(found: "FolderCheck") -> str:
    """What remains to be done before ``dvc repro``; empty if nothing does."""
    from fluxprod.pins.pinned_folder import are_pinned

    folder = RAW / str(found.world)
    if found.path.resolve() != folder.resolve():
        return f"; next: link or move the folder to {folder}"
    if are_pinned(folder, (record.path for record in found.files)):
        return ""
    world = found.world
    return f"; next: fluxprod raw pin --source {world}, set source: {world}, dvc repro"
