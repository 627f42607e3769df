"""``fluxprod raw``: the commands about raw files."""

from typing import Annotated

import typer

from fluxprod.cli.raw_check import check
from fluxprod.cli.raw_datasets import as_markdown, dataset_table
from fluxprod.cli.raw_pins import pin, verify_pins
from fluxprod.cli.screen import screen
from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.params import World
from fluxprod.params_file import block, read_params

app = typer.Typer(
    no_args_is_help=True,
    help="Raw files: what is needed and there, whether a run can start, their pins.",
)


def list_datasets(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As it stands in docs/real-data.md.")
    ] = False,
) -> None:
    """Show the data sets that an observed run reads, and where their files go.

    For example:
      fluxprod raw list
    """
    years = block(read_params() | {"source": "observed"}, World).years
    if markdown:
        print(as_markdown(RAW_LIST, years), end="")
    else:
        screen().print(dataset_table(RAW_LIST, years))


app.command("list")(list_datasets)
app.command()(check)
app.command()(pin)
app.command()(verify_pins)
