"""Where commands write: results to standard output, progress and errors to standard error."""

import errno
from typing import Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from fluxprod.core.errors import DataError, os_fault

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


class OneLineErrors(TyperGroup):
    """Commands whose errors are lines, also those that no command expects.

    A missing permission or a folder that vanishes can stop any of them.
    """

    def invoke(self, ctx: Any) -> Any:
        """Run the command of a context, and print what stops it."""
        try:
            return super().invoke(ctx)
        except DataError as error:
            fail(error)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader has seen enough, as with `| head`
                raise
            fail(os_fault(error))
