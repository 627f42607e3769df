"""The command line: what a machine, raw files and a downloaded product are good for."""

import importlib.metadata
import os
import platform

import psutil
import torch
import typer
from rich.table import Table

from fluxprod.cli import raw, release
from fluxprod.cli.screen import fail, screen
from fluxprod.cli.verify import verify
from fluxprod.core.errors import DataError
from fluxprod.networks.model.device import chosen_device
from fluxprod.params import PARAMS_FILE, Compute
from fluxprod.params_file import block, read_params

PACKAGES = ("fluxprod", "numpy", "xarray", "netCDF4", "pyhdf", "zarr", "torch", "dvc")
GIB = 2**30

app = typer.Typer(no_args_is_help=True, help="Global net ecosystem exchange, reproducibly.")
app.add_typer(raw.app, name="raw")
app.add_typer(release.app, name="release")
app.command()(verify)


@app.command()
def doctor() -> None:
    """Print versions, device, threads, free disk and memory.

    Exit status 1 where params.yaml here asks for a device that is not.
    """
    table = Table("what", "value", title="fluxprod doctor")
    for name, value in machine().items():
        table.add_row(name, value)
    screen().print(table)
    try:
        check_device()
    except DataError as error:
        fail(error)


def check_device() -> None:
    """Ask for the device that ``params.yaml`` names, if any, before a stage does hours later.

    Raises
    ------
    DataError
        If the device is not there, or no device.
    """
    params = read_params() if PARAMS_FILE.exists() else None
    if isinstance(params, dict) and "compute" in params:  # else somebody else's file
        chosen_device(block(params, Compute).device)


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


if __name__ == "__main__":
    app()
