"""The command line: what a machine and a folder of raw files are good for."""

import importlib.metadata
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import psutil
import torch
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from fluxprod.errors import DataError
from fluxprod.params import Synthesize, SyntheticWorld, block, read_params
from fluxprod.readers.inventory import mark_duplicates, raw_record
from fluxprod.readers.manifest import pins_of
from fluxprod.readers.raw_folder import raw_files
from fluxprod.readers.raw_record import RawRecord
from fluxprod.writers.manifest import write_pins

PACKAGES = ("fluxprod", "numpy", "xarray", "netCDF4", "pyhdf", "zarr", "torch", "dvc")
GIB = 2**30
RAW = Path("data/raw")
PAGE_WIDTH = 200  # of tables that go to a file

app = typer.Typer(no_args_is_help=True, help="Global net ecosystem exchange, reproducibly.")
raw = typer.Typer(no_args_is_help=True, help="Raw files: what is there, and their pins.")
app.add_typer(raw, name="raw")
errors = Console(stderr=True)


@app.command()
def doctor() -> None:
    """Print versions, device, threads, free disk and memory."""
    table = Table("what", "value", title="fluxprod doctor")
    for name, value in machine().items():
        table.add_row(name, value)
    _screen().print(table)


def machine() -> dict[str, str]:
    """What a run has to do with."""
    cuda = torch.cuda.is_available()
    memory = psutil.virtual_memory()
    return {
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
        "device": torch.cuda.get_device_name() if cuda else "cpu",
        "threads": f"{torch.get_num_threads()} of torch, {os.cpu_count()} cores, "
        f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}",
        "free disk": f"{psutil.disk_usage('.').free / GIB:.1f} GiB",
        "free memory": f"{memory.available / GIB:.1f} of {memory.total / GIB:.1f} GiB",
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


@raw.command()
def check(
    path: Annotated[Path, typer.Argument(help="Folder or file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Records for programs.")] = False,
    min_qc: Annotated[
        float, typer.Option(min=0, max=1, help="Share of good half hours of a valid NEE day.")
    ] = 0.75,
) -> None:
    """List every raw file: kind, site or source, period, days, good NEE days, problems.

    NEE is NEE_VUT_REF, or NEE_CUT_REF in files without any of it. Exit status 1 if a file is
    unreadable.
    """
    try:
        records = inventory(path, min_qc)
    except DataError as error:
        _fail(error)
    if as_json:
        print(json.dumps([asdict(record) for record in records], indent=1))
    else:
        screen = _screen()
        screen.print(as_table(records))
        print_problems(screen, records)
    if not all(record.readable for record in records):
        raise typer.Exit(1)


def inventory(path: Path, min_qc: float) -> list[RawRecord]:
    """Records of all files, with a progress bar beside them."""
    folder = path if path.is_dir() else path.parent
    records = [
        raw_record(file, file.relative_to(folder).as_posix(), min_qc=min_qc)
        for file in track(raw_files(path), "reading", console=errors, transient=True)
    ]
    mark_duplicates(records)
    return records


def as_table(records: list[RawRecord]) -> Table:
    """Show records to people."""
    unreadable = sum(not record.readable for record in records)
    table = Table(title=f"{len(records)} files, {unreadable} unreadable", box=SIMPLE_HEAD)
    table.add_column("file", no_wrap=True)
    for name, width in (("kind", 10), ("site or source", 14), ("first", 10), ("last", 10)):
        table.add_column(name, no_wrap=True, min_width=width)
    for name in ("days", "NEE days", "mean NEE"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    for record in records:
        mean = None if record.mean_nee is None else f"{record.mean_nee:.3f}"
        numbers = (record.days, record.valid_nee_days, mean)
        named = (record.path, record.kind, record.site or record.source)
        cells = (*named, record.first_date, record.last_date, *numbers)
        style = None if record.readable else "red"
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in cells), style=style)
    return table


def print_problems(console: Console, records: list[RawRecord]) -> None:
    """One line a problem, after the table."""
    for record in records:
        for problem in record.problems:
            style = None if record.readable else "red"
            console.print(f"{record.path}: {problem}", style=style, markup=False, soft_wrap=True)


def _screen() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=PAGE_WIDTH)


@raw.command()
def pin(
    source: Annotated[
        str, typer.Option(help="synthetic or observed; default: source of params.yaml.")
    ] = "",
) -> None:
    """Write the SHA-256 manifest of the raw files, to be committed."""
    try:
        params = read_params()
        source = source or params["source"]
        made_with = {}
        if source == "synthetic":
            made_with = {
                "synthesize": asdict(block(params, Synthesize)),
                "world": asdict(block(params, SyntheticWorld)),
            }
        folder = RAW / source
        paths = raw_files(folder)
        hashes = track(pins_of(paths, folder), "hashing", len(paths), console=errors)
        write_pins(RAW / f"{source}.pins.json", made_with, dict(hashes))
    except DataError as error:
        _fail(error)
    print(f"pinned {len(paths)} files in {RAW / f'{source}.pins.json'}")


def _fail(error: DataError) -> None:
    errors.print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
