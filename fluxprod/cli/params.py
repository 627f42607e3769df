"""``fluxprod params``: commands for ``params.yaml``."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from fluxprod.cli.screen import fail, screen
from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError

app = typer.Typer(no_args_is_help=True)
FileOption = Annotated[Path, typer.Option("--file", help="The file of parameters.")]


@app.callback()
def params() -> None:
    """Check params.yaml, and explain what its parameters mean.

    Each parameter has a type, a range and a unit; stages refuse any other value.

    For example:
      fluxprod params check
      fluxprod params show bridge
    """


@app.command()
def check(file: FileOption = PARAMS_FILE) -> None:
    """Report every fault of the file, one line each; exit status 1 if there is any.

    Every stage of the pipeline does the same before it begins.

    For example:
      fluxprod params check
    """
    from fluxprod.params import BLOCKS, checked_params

    try:
        checked_params(file)
    except DataError as error:
        fail(error)
    screen().print(f"{file}: {len(BLOCKS)} blocks without a fault", highlight=False)


@app.command()
def show(
    block: Annotated[
        str, typer.Argument(help="Dotted name of a block; without it, the blocks are listed.")
    ] = "",
    file: FileOption = PARAMS_FILE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Explain the parameters of a block: value, meaning, unit, range and source.

    Without a block, the blocks are listed.

    For example:
      fluxprod params show
      fluxprod params show train
      fluxprod params show worlds.observed --json
    """
    from rich.table import Table

    try:
        rows = _rows(block, file)
    except DataError as error:
        fail(error)
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = Table(*rows[0], title=block or "blocks of params.yaml")
    for row in rows:
        table.add_row(*map(_in_yaml, row.values()))
    screen().print(table)


def _rows(block: str, file: Path) -> list[dict[str, Any]]:
    """Rows of the parameters of a block or, without a name, of the blocks."""
    from fluxprod.core.settings_in_words import explained
    from fluxprod.params import BLOCKS, block_values, read_params

    if not block:
        summaries = {
            name: (kind.__doc__ or "").split("\n")[0].replace("``", "")
            for name, kind in BLOCKS.items()
        }
        return [{"block": name, "meaning": summary} for name, summary in summaries.items()]
    if block not in BLOCKS:
        raise DataError(file, block, "no such block", f"one of {', '.join(BLOCKS)}")
    values = block_values(read_params(file), block)
    return explained(BLOCKS[block], values if isinstance(values, dict) else {})


def _in_yaml(value: Any) -> str:
    """A value as YAML would show it."""
    import yaml

    if isinstance(value, str):
        return value
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6)
    return text.removesuffix("...\n").strip()
