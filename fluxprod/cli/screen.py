"""Where commands write: results to standard output, progress and errors to standard error."""

from typing import NoReturn

import typer
from rich.console import Console

from fluxprod.core.errors import DataError

PAGE_WIDTH = 200  # characters, for tables that are redirected to a file
errors = Console(stderr=True)


def screen() -> Console:
    """Console of standard output, as wide as the terminal, or as a page if there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=PAGE_WIDTH)


def fail(error: DataError) -> NoReturn:
    """Print an error, one line per fault, and exit with status 1."""
    for fault in error.faults:
        errors.print(f"error: {fault}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)
