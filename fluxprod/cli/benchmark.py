"""``fluxprod benchmark``: EC on public benchmarks, beside the models that were published there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fluxprod.cli.screen import errors, fail, screen
from fluxprod.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fluxprod.benchmarks.settings import BenchmarkSettings
    from fluxprod.compute.settings import ComputeSettings
    from fluxprod.networks.settings import TrainingSettings

RESULTS = Path("data/benchmarks")

app = typer.Typer(no_args_is_help=True)
OutOption = Annotated[Path, typer.Option("--out", help="Folder for scores and estimates.")]
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
      fluxprod benchmark carbonfluxbench ~/CarbonFluxBench
      fluxprod benchmark fluxtrapolation ~/fluxtrapolation/data
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


@app.command()
def carbonfluxbench(
    folder: Annotated[Path, typer.Argument(help="Folder of the data set.")],
    split: Annotated[
        list[str] | None,
        typer.Option("--split", help="IGBP or Koppen; the default is one after the other."),
    ] = None,
    feature_set: Annotated[
        str, typer.Option("--features", help="Features of ERA5-Land: minimal, standard or full.")
    ] = "minimal",
    scores_of_others: Annotated[
        Path | None,
        typer.Option("--published", help="Per-site scores of published models, to show as well."),
    ] = None,
    out: OutOption = RESULTS / "carbonfluxbench",
) -> None:
    """Train EC on CarbonFluxBench, and score it at sites that it never saw.

    474 towers with daily NEE, observations of MODIS, weather of ERA5-Land,
    biome and climate (Rozanov et al. 2026, arXiv:2603.09868). The folder is
    what scripts/download_data.sh of the repository alexxxroz/CarbonFluxBench
    downloads from Hugging Face. Its Parquet files need pyarrow, which is
    optional: pip install pyarrow.

    Sites of the test are those of the authors: a fifth of each biome (IGBP;
    half of the rare ones) or of each climate (Koppen). Of the other sites,
    the first four fifths of the days train, and the others choose the best
    state. Network, steps and seed are those of the block train in params.yaml;
    the block benchmark has the number of networks. Scores and estimates are
    written to the folder --out in the form of the authors.

    A step takes about 20 ms on one core, so the ten networks of params.yaml
    with 800 steps take three minutes for each split, after the tables are
    read. 1.2 million days with all features are 1 GB of memory, and several
    times as much while they are read.

    For example:
      fluxprod benchmark carbonfluxbench ~/CarbonFluxBench
      fluxprod benchmark carbonfluxbench ~/CarbonFluxBench --features full
      fluxprod benchmark carbonfluxbench ~/CarbonFluxBench --published scores.csv
    """
    import pandas as pd

    from fluxprod.benchmarks.carbonfluxbench import (
        FEATURE_SETS,
        read_daily_benchmark,
        run_daily,
        write_daily,
    )
    from fluxprod.benchmarks.comparison import SITE_RUN, beside_published, carbonfluxbench_table
    from fluxprod.benchmarks.splits import SPLITS
    from fluxprod.readers.benchmarks.site_scores import read_site_scores

    try:
        splits = _chosen("--split", split, SPLITS)
        _chosen("--features", [feature_set], FEATURE_SETS)
        published = read_site_scores(scores_of_others) if scores_of_others else None
        settings = _settings()
        with errors.status("reading the data set"):
            data = read_daily_benchmark(folder, feature_set)
        runs = []
        for name in splits:
            errors.print(f"EC, split {name}, {feature_set} features", highlight=False)
            scores, estimates = run_daily(data, name, *settings)
            errors.print(f"wrote {write_daily(scores, estimates, out)}", highlight=False)
            runs.append(scores)
        ours = pd.concat(runs, ignore_index=True)
        both = beside_published(ours, published, SITE_RUN, "site")
    except DataError as error:
        fail(error)
    _show(carbonfluxbench_table(both.scores), markdown=False)
    for line in both.remarks:
        screen().print(line, highlight=False, soft_wrap=True)


@app.command()
def fluxtrapolation(
    folder: Annotated[Path, typer.Argument(help="Folder of the data set, with the folder sites.")],
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--setting",
            help="time-split, spatial-easy40 or TA40; the default is one after the other.",
        ),
    ] = None,
    scores_of_others: Annotated[
        Path | None,
        typer.Option("--published", help="Folder submissions of the leaderboard, to show as well."),
    ] = None,
    out: OutOption = RESULTS / "fluxtrapolation",
) -> None:
    """Train EC on FLUXtrapolation, and score it in years and at sites that it never saw.

    207 towers with hourly NEE and 13 covariates (Fries et al. 2026,
    arXiv:2605.19812). The folder has the file sites_with_2018.csv, and the
    folder sites with one CSV table for each site, from the link in the paper.

    time-split: learn from the years before 2018, score those after it.
    spatial-easy40: score 40 sites. TA40: score 40 of the warmest sites. EC is
    trained on measured hours, and scored in all hours at eight time scales;
    other hours, which the authors chose, choose its best state. Network, steps
    and seed are those of the block train in params.yaml; the block benchmark
    has the number of networks and of hours. Scores and estimates are written
    to the folder --out in the form of the authors.

    A step takes about 20 ms on one core, so the ten networks of params.yaml
    with 800 steps take three minutes for each setting, after the tables are
    read. Ten million hours with 25 columns of covariates are 1 GB of memory,
    and several times as much while they are read.

    For example:
      fluxprod benchmark fluxtrapolation ~/fluxtrapolation/data
      fluxprod benchmark fluxtrapolation ~/fluxtrapolation/data --setting TA40
      fluxprod benchmark fluxtrapolation ~/data --published submissions
    """
    from functools import partial

    import pandas as pd
    from rich.progress import track

    from fluxprod.benchmarks.comparison import SCALE_RUN, beside_published, fluxtrapolation_table
    from fluxprod.benchmarks.extrapolations import SETTINGS
    from fluxprod.benchmarks.fluxtrapolation import HourlyBenchmark, run_hourly, write_hourly
    from fluxprod.readers.benchmarks.fluxtrapolation import read_hours
    from fluxprod.readers.benchmarks.leaderboard import read_leaderboard

    try:
        chosen = _chosen("--setting", setting, SETTINGS)
        published = read_leaderboard(scores_of_others) if scores_of_others else None
        settings = _settings()
        follow = partial(track, description="sites", console=errors, transient=True)
        data = HourlyBenchmark(folder, *read_hours(folder, follow))
        runs = []
        for name in chosen:
            errors.print(f"EC, {name}", highlight=False)
            scores, estimates = run_hourly(data, name, *settings)
            errors.print(f"wrote {write_hourly(scores, estimates, out)}", highlight=False)
            runs.append(scores)
        ours = pd.concat(runs, ignore_index=True)
        both = beside_published(ours, published, SCALE_RUN, "env")
    except DataError as error:
        fail(error)
    _show(fluxtrapolation_table(both.scores), markdown=False)
    for line in both.remarks:
        screen().print(line, highlight=False, soft_wrap=True)


def _chosen(option: str, values: list[str] | None, known: "Sequence[str]") -> list[str]:
    """Values of an option, by default all that are known."""
    for value in values or []:
        if value not in known:
            raise DataError("command", option, value, f"one of {', '.join(known)}")
    return list(values or known)


def _settings() -> "tuple[TrainingSettings, BenchmarkSettings, ComputeSettings]":
    """Blocks of params.yaml that EC needs."""
    from fluxprod.benchmarks.settings import BenchmarkSettings
    from fluxprod.compute.settings import ComputeSettings
    from fluxprod.networks.settings import TrainingSettings
    from fluxprod.params import block, checked_params

    params = checked_params()
    return (
        block(params, TrainingSettings),
        block(params, BenchmarkSettings),
        block(params, ComputeSettings),
    )


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
