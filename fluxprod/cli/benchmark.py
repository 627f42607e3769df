"""``fluxprod benchmark``: EC on public benchmarks, beside the models that were published there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fluxprod.cli.screen import fail, screen
from fluxprod.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(no_args_is_help=True)
MarkdownOption = Annotated[
    bool, typer.Option("--markdown", help="Print the table as docs/benchmarks.md shows it.")
]


@app.callback()
def benchmark() -> None:
    """Train EC on public benchmarks of NEE at towers, and show the published models beside it.

    The benchmarks keep whole sites (or years) apart for the test, and publish
    scores of other models. Their data are downloaded by hand.

    For example:
      fluxprod benchmark published scores.csv   # the published models alone
    """


@app.command()
def published(
    source: Annotated[
        Path,
        typer.Argument(
            help="Per-site scores of CarbonFluxBench (a CSV file), or the folder submissions of "
            "the FLUXtrapolation leaderboard."
        ),
    ],
    markdown: MarkdownOption = False,
) -> None:
    """Show the scores of published models, as quantiles over test sites.

    CarbonFluxBench: 25 %, median and 75 % of R2, RMSE, nMAE and RAE, for each
    split and each set of features; best medians of R2 first. FLUXtrapolation:
    median and 90 % of RMSE at each time scale. It takes seconds.

    The files come from the folder baselines/eval_results of the repository
    alexxxroz/CarbonFluxBench, put into one table with a column fs, and from
    the repository anyafries/FLUXtrapolation-leaderboard.

    For example:
      fluxprod benchmark published carbonfluxbench_nee_sites.csv
      fluxprod benchmark published FLUXtrapolation-leaderboard/submissions
      fluxprod benchmark published carbonfluxbench_nee_sites.csv --markdown
    """
    from fluxprod.benchmarks.comparison import carbonfluxbench_table, fluxtrapolation_table
    from fluxprod.readers.benchmarks.leaderboard import read_leaderboard
    from fluxprod.readers.benchmarks.site_scores import read_site_scores

    try:
        if source.is_dir():
            table = fluxtrapolation_table(read_leaderboard(source))
        else:
            table = carbonfluxbench_table(read_site_scores(source))
    except DataError as error:
        fail(error)
    _show(table, markdown=markdown)


def _show(table: "pd.DataFrame", *, markdown: bool) -> None:
    """Print a table for people, or as Markdown."""
    from rich.table import Table

    from fluxprod.benchmarks.comparison import as_markdown, as_texts

    texts, n_left = as_texts(table), 3  # the columns that name a run, of either benchmark
    if markdown:
        print(as_markdown(texts, n_left), end="")
        return
    shown = Table()
    for number, name in enumerate(texts.columns):
        shown.add_column(name.replace("_", " "), justify="left" if number < n_left else "right")
    last = texts.iloc[:, 0].ne(texts.iloc[:, 0].shift(-1))
    for row, ends_section in zip(texts.itertuples(index=False), last):
        shown.add_row(*row, end_section=ends_section)
    screen().print(shown)
