"""The page of a study: what was run, its scores, and whether the bars are met."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.evaluation.report_table import number_text


class Measure(NamedTuple):
    """A score as the page shows it."""

    column: str
    title: str
    decimals: int = 2
    spread: str | None = None


class Bar(NamedTuple):
    """What every Earth must keep.

    Attributes
    ----------
    column, title : str
    limit : float
    least : bool
        Whether the limit is the least value or the largest.
    """

    column: str
    title: str
    limit: float
    least: bool

    def kept(self, values: pd.Series) -> pd.Series:
        """Whether each value keeps the bar; a missing one does not."""
        return values >= self.limit if self.least else values <= self.limit


MEASURES = (
    Measure("sink", "global NEE ± spread of members [PgC yr⁻¹]", 2, "spread"),
    Measure("removed", "share of the global bias against the truth removed"),
    Measure("removed_inversions", "the same, against the inversions"),
    Measure("abs_bias", "sum over regions of annual bias, absolute [PgC yr⁻¹]"),
    Measure("abs_bias_ratio", "the same, ratio"),
    Measure("site_rmse", "RMSE at towers out of fold [g m⁻² d⁻¹]", 3),
    Measure("site_ratio", "the same, ratio", 3),
    Measure("site_means", "part of it: towers' mean errors", 3),
    Measure("site_days", "part of it: days about the mean error of their tower", 3),
    Measure("regions_better", "regions of 18 with the higher nNSE against inversions", 0),
    Measure("iav", "IAV [PgC yr⁻¹]"),
    Measure("anomaly_r", "R of annual anomalies with the truth's"),
    Measure("shift", "bridge's response to a uniform shift"),
    Measure("post_hoc", "bridge against integral, absolute [PgC yr⁻¹]"),
)
RELATIVE = {"removed", "removed_inversions", "abs_bias_ratio", "site_ratio", "regions_better"}
KNOWN = (("truth", "sink"), ("inversions", "sink"), ("iav_truth", "iav"))  # of the Earth itself
BARS = (
    Bar("removed", "at least 85 % of the global bias removed", 0.85, least=True),
    Bar("abs_bias_ratio", "sum of absolute regional biases at most half", 0.5, least=False),
    Bar("site_ratio", "RMSE at towers at most 1.06 times", 1.06, least=False),
)


class Study(NamedTuple):
    """What was run.

    Attributes
    ----------
    named : str
        The variant that was named before the Earths were run.
    reference : str
        The variant without regions that others are compared with.
    note : str
        What else is to be said before the numbers.
    facts : str
        Grid, years, folds, steps.
    variants, drivers : dict of str
        What each changes, in words.
    """

    named: str
    reference: str
    note: str
    facts: str
    variants: Mapping[str, str]
    drivers: Mapping[str, str]


def study_page(study: Study, scores: pd.DataFrame) -> str:
    """Markdown of the whole page.

    Parameters
    ----------
    study : Study
    scores : DataFrame
        Of `beside_reference`.
    """
    sets = list(scores.drivers.unique())
    parts = [
        introduction(study, scores),
        "## Bars",
        bars_table(study, scores),
        *(part for name in sets for part in driver_set(name, study, scores)),
        "## Interannual variability by set of drivers",
        variability_note(),
        variability_table(scores),
    ]
    return "\n\n".join(parts) + "\n"


def introduction(study: Study, scores: pd.DataFrame) -> str:
    """What was run."""
    seeds = ", ".join(map(str, scores.seed.unique()))
    return "\n".join(
        [
            "# Models compared on synthetic Earths",
            "",
            "Written by `make study`; every number is from that run. Each seed is a whole Earth,",
            "from raw files to the global run, with its own truth, towers and inversions.",
            f"Seeds: {seeds}. {study.facts}",
            study.note,
            f"Named beforehand as the bridge to be judged: **{study.named}**.",
            f"Shares and ratios are to `{study.reference}` on the same Earth, folds and drivers.",
            "",
            "Variants, by what differs from `params.yaml`:",
            "",
            *(f"- `{name}`: {text}" for name, text in study.variants.items()),
            "",
            "Sets of drivers:",
            "",
            *(f"- `{name}`: {text}" for name, text in study.drivers.items()),
        ]
    )


def bars_table(study: Study, scores: pd.DataFrame) -> str:
    """Worst value over the seeds, and on how many of them a bar is kept."""
    compared = scores[scores["shift"].notna()]
    rows = []
    for (drivers, variant), group in compared.groupby(["drivers", "variant"], sort=False):
        name = f"**{variant}**" if variant == study.named else str(variant)
        rows.append([str(drivers), name, *(study_bar_text(bar, group[bar.column]) for bar in BARS)])
    return markdown_table(["drivers", "variant", *(bar.title for bar in BARS)], rows)


def study_bar_text(bar: Bar, values: pd.Series) -> str:
    """Verdict over the seeds.

    >>> bar_text(BARS[0], pd.Series([0.9, 0.8]))
    'not met: 0.800 at worst, kept on 1 of 2'
    """
    kept = bar.kept(values)
    worst = values.min() if bar.least else values.max()
    verdict = "met" if kept.all() else "not met"
    return f"{verdict}: {number_text(worst, 3)} at worst, kept on {kept.sum()} of {len(kept)}"


def driver_set(name: str, study: Study, scores: pd.DataFrame) -> list[str]:
    """Heading and table of all scores under one set of drivers."""
    chosen = scores[scores.drivers == name]
    rows = []
    for measure in MEASURES:
        rows += known_rows(measure, chosen)
        for variant, group in chosen.groupby("variant", sort=False):
            if group[measure.column].notna().any() and not (
                variant == study.reference and measure.column in RELATIVE
            ):
                rows.append([measure.title, str(variant), *cells(measure, group, chosen)])
    header = ["score", "variant", *map(str, chosen.seed.unique()), "mean ± SD over seeds"]
    return [f"## Drivers: {name}", markdown_table(header, without_repeats(rows))]


def known_rows(measure: Measure, chosen: pd.DataFrame) -> list[list[str]]:
    """The same score of the truth and the inversions."""
    earths = chosen.drop_duplicates("seed")
    plain = measure._replace(spread=None)
    return [
        [
            measure.title,
            column.removeprefix("iav_"),
            *cells(plain._replace(column=column), earths, chosen),
        ]
        for column, of in KNOWN
        if of == measure.column
    ]


def cells(measure: Measure, group: pd.DataFrame, chosen: pd.DataFrame) -> list[str]:
    """A score on each seed, and its mean over them."""
    group = group.set_index("seed").reindex(chosen.seed.unique())
    values = group[measure.column].astype(float)
    each = [number_text(value, measure.decimals) for value in values]
    if measure.spread:
        spreads = group[measure.spread]
        each = [f"{text} ± {number_text(s, 1)}" for text, s in zip(each, spreads)]
    return [*each, mean_text(values, measure.decimals)]


def mean_text(values: Iterable[float], decimals: int) -> str:
    """Mean and sample standard deviation; the mean alone of a single value.

    >>> mean_text([1.0, 3.0], 2), mean_text([1.0], 2)
    ('2.00 ± 1.41', '1.00')
    """
    series = pd.Series(values, dtype=float)
    mean, spread = series.mean(), series.std(ddof=1)
    text = number_text(mean, decimals)
    return text if np.isnan(spread) else f"{text} ± {number_text(spread, decimals)}"


def variability_note() -> str:
    """How the table is to be read."""
    return (
        "IAV is the standard deviation of detrended annual totals of the globe [PgC yr⁻¹], R the\n"
        "correlation of those anomalies with the truth's; mean ± SD over seeds."
    )


def variability_table(scores: pd.DataFrame) -> str:
    """IAV and its correlation with the truth's, by variant and set of drivers."""
    sets = list(scores.drivers.unique())
    truth = mean_text(scores.drop_duplicates("seed").iav_truth, 2)
    rows = [["truth", *(text for _ in sets for text in (truth, "–"))]]
    for variant, group in scores.groupby("variant", sort=False):
        row = [str(variant)]
        for name in sets:
            chosen = group[group.drivers == name]
            row += [mean_text(chosen.iav, 2), mean_text(chosen.anomaly_r, 2)]
        rows.append(row)
    header = ["variant", *(f"{what}, {name}" for name in sets for what in ("IAV", "R"))]
    return markdown_table(header, rows)


def without_repeats(rows: list[list[str]]) -> list[list[str]]:
    """Rows whose first cell is empty where it is that of the row above."""
    first = [row[0] for row in rows]
    shown = np.array(first) != np.array([None, *first[:-1]], dtype=object)
    return [[row[0] if new else "", *row[1:]] for row, new in zip(rows, shown)]


def markdown_table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
