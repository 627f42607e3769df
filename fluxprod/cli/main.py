"""The command ``fluxprod``: it parses the command line and prints; the work is done elsewhere.

Modules of ``fluxprod.cli`` import only what parsing needs at the top. torch, xarray, pandas and
their like are imported inside the commands that use them, so that help texts, ``--version`` and
completion with the tab key take a fraction of a second.
"""

from typing import Annotated

import typer

from fluxprod.cli import benchmark, params, raw, release
from fluxprod.cli.doctor import doctor
from fluxprod.cli.screen import OneLineErrors
from fluxprod.cli.verify import verify

app = typer.Typer(
    cls=OneLineErrors,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(doctor)
app.add_typer(params.app, name="params")
app.add_typer(raw.app, name="raw")
app.command()(verify)
app.add_typer(release.app, name="release")
app.add_typer(benchmark.app, name="benchmark")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"fluxprod {version('fluxprod')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Produce and check global maps of net ecosystem exchange (NEE).

    The pipeline itself is run by DVC; these commands prepare it and check its
    results.

    For example:
      fluxprod doctor                        # versions, device, memory
      fluxprod params check                  # is params.yaml sound?
      fluxprod raw check data/raw/observed   # can a run start from these files?
      fluxprod raw pin --source observed     # record their SHA-256
      dvc repro                              # run the pipeline
      fluxprod verify data/product           # check a product, or a download

    Every command explains itself: fluxprod raw check -h
    """


if __name__ == "__main__":
    app()
