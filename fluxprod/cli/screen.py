"""Where commands write: results to standard output, progress and errors beside it."""

from typing import NoReturn

import typer
from rich.console import Console

from fluxprod.core.errors import DataError

PAGE_WIDTH = 200  # of tables that go to a file
errors = Console(stderr=True)


def screen() -> Console:
    """Give a console as wide as the terminal, or as a page."""
    console = Console()
    return console if console.is_terminal else Console(width=PAGE_WIDTH)


def fail(error: DataError) -> NoReturn:
    """Show an error in one line and end with status 1."""
    errors.print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)
