"""Page of a study: what was run, its scores, and whether they meet the criteria."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.evaluation.report_table import number_text


class Measure(NamedTuple):
    """A score as the page shows it, with the column of its spread over members."""

    column: str
    title: str
    decimals: int = 2
    spread: str | None = None


class StudyCriterion(NamedTuple):
    """Limit that a score must meet on every Earth.

    Attributes
    ----------
    column, title : str
        Column of the scores, and heading on the page.
    limit : float
    least : bool
        Whether the limit is a minimum or a maximum.
    """

    column: str
    title: str
    limit: float
    least: bool

    def met(self, values: pd.Series) -> pd.Series:
        """Whether each value meets the limit; a missing one does not."""
        return values >= self.limit if self.least else values <= self.limit


MEASURES = (
    Measure("sink", "global NEE ± spread of members [PgC yr⁻¹]", 2, "spread"),
    Measure("removed", "share of the global bias against the truth that is removed"),
    Measure("removed_inversions", "the same against the inversions"),
    Measure("abs_bias", "sum over regions of the absolute annual bias [PgC yr⁻¹]"),
    Measure("abs_bias_ratio", "the same as a ratio to the reference"),
    Measure("site_rmse", "out-of-fold RMSE at towers [g m⁻² d⁻¹]", 3),
    Measure("site_ratio", "RMSE as a ratio to the reference", 3),
    Measure("site_means", "component of the RMSE: mean errors of the towers", 3),
    Measure("site_days", "component of the RMSE: daily deviations from these", 3),
    Measure("regions_better", "regions (of 18) with a higher nNSE against the inversions", 0),
    Measure("iav", "IAV [PgC yr⁻¹]"),
    Measure("anomaly_r", "R of annual anomalies with those of the truth"),
    Measure("shift", "response of the bridge to a uniform shift"),
    Measure("post_hoc", "absolute difference between bridge and integral [PgC yr⁻¹]"),
)
RELATIVE = {"removed", "removed_inversions", "abs_bias_ratio", "site_ratio", "regions_better"}
KNOWN = (("truth", "sink"), ("inversions", "sink"), ("iav_truth", "iav"))  # model-independent
CRITERIA = (
    StudyCriterion("removed", "at least 85 % of the global bias removed", 0.85, least=True),
    StudyCriterion(
        "abs_bias_ratio",
        "sum of absolute regional biases at most half of the reference",
        0.5,
        least=False,
    ),
    StudyCriterion(
        "site_ratio", "RMSE at towers at most 1.06 times the reference", 1.06, least=False
    ),
)


class Study(NamedTuple):
    """Description of the models and the Earths that were run.

    Attributes
    ----------
    named : str
        Variant to be judged, named before the Earths were run.
    reference : str
        Variant without regions, with which the others are compared.
    note : str
        Remark at the top of the page.
    facts : str
        Grid, years, folds and training steps.
    variants, drivers : dict of str
        Description of each variant and each set of drivers.
    """

    named: str
    reference: str
    note: str
    facts: str
    variants: Mapping[str, str]
    drivers: Mapping[str, str]


def study_page(study: Study, scores: pd.DataFrame) -> str:
    """Write the page as Markdown.

    Parameters
    ----------
    study : Study
        Models and Earths that were run.
    scores : DataFrame
        Scores as returned by `compared_with_reference`.
    """
    sets = list(scores.drivers.unique())
    parts = [
        introduction(study, scores),
        "## Criteria",
        criteria_table(study, scores),
        *(part for name in sets for part in driver_set(name, study, scores)),
        "## Interannual variability by set of drivers",
        variability_note(),
        variability_table(scores),
    ]
    return "\n\n".join(parts) + "\n"


def introduction(study: Study, scores: pd.DataFrame) -> str:
    """Introduce the study: seeds, variants and sets of drivers."""
    seeds = ", ".join(map(str, scores.seed.unique()))
    return "\n".join(
        [
            "# Models compared on synthetic Earths",
            "",
            "This page was written by `make study`, and every number comes from that run. Each",
            "seed is a complete synthetic Earth, from raw files to the global run, with its own",
            "truth, towers and inversions.",
            f"Seeds: {seeds}. {study.facts}",
            study.note,
            f"Bridge to be judged, named before the run: **{study.named}**.",
            f"Reference: `{study.reference}` on the same Earth, with the same folds and drivers.",
            "",
            "Variants and their differences from `params.yaml`:",
            "",
            *(f"- `{name}`: {text}" for name, text in study.variants.items()),
            "",
            "Sets of drivers and their differences from `params.yaml`:",
            "",
            *(f"- `{name}`: {text}" for name, text in study.drivers.items()),
        ]
    )


def criteria_table(study: Study, scores: pd.DataFrame) -> str:
    """Tabulate the worst value over the seeds, and on how many of them each criterion is met."""
    compared = scores[scores["shift"].notna()]
    rows = []
    for (drivers, variant), group in compared.groupby(["drivers", "variant"], sort=False):
        name = f"**{variant}**" if variant == study.named else str(variant)
        verdicts = (criterion_text(criterion, group[criterion.column]) for criterion in CRITERIA)
        rows.append([str(drivers), name, *verdicts])
    return markdown_table(["drivers", "variant", *(each.title for each in CRITERIA)], rows)


def criterion_text(criterion: StudyCriterion, values: pd.Series) -> str:
    """Verdict over the seeds.

    >>> criterion_text(CRITERIA[0], pd.Series([0.9, 0.8]))
    'not met: 0.800 at worst, met on 1 of 2 seeds'
    """
    met = criterion.met(values)
    worst = values.min() if criterion.least else values.max()
    verdict = "met" if met.all() else "not met"
    return f"{verdict}: {number_text(worst, 3)} at worst, met on {met.sum()} of {len(met)} seeds"


def driver_set(name: str, study: Study, scores: pd.DataFrame) -> list[str]:
    """Heading and table of all scores for one set of drivers."""
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
    """Rows of a score for the truth and the inversions."""
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
    """Format a score on each seed, and its mean over the seeds."""
    group = group.set_index("seed").reindex(chosen.seed.unique())
    values = group[measure.column].astype(float)
    each = [number_text(value, measure.decimals) for value in values]
    if measure.spread:
        spreads = group[measure.spread]
        each = [f"{text} ± {number_text(s, 1)}" for text, s in zip(each, spreads)]
    return [*each, mean_text(values, measure.decimals)]


def mean_text(values: Iterable[float], decimals: int) -> str:
    """Mean and sample standard deviation; for a single value, the mean alone.

    >>> mean_text([1.0, 3.0], 2), mean_text([1.0], 2)
    ('2.00 ± 1.41', '1.00')
    """
    series = pd.Series(values, dtype=float)
    mean, spread = series.mean(), series.std(ddof=1)
    text = number_text(mean, decimals)
    return text if np.isnan(spread) else f"{text} ± {number_text(spread, decimals)}"


def variability_note() -> str:
    """Explain the columns of `variability_table`."""
    return (
        "IAV is the standard deviation of detrended global annual totals [PgC yr⁻¹], and R is the\n"
        "correlation of these anomalies with those of the truth; mean ± SD over seeds."
    )


def variability_table(scores: pd.DataFrame) -> str:
    """Tabulate IAV and the correlation of anomalies by variant and set of drivers."""
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
    """Leave the first cell of a row empty where it repeats that of the row above."""
    first = [row[0] for row in rows]
    shown = np.array(first) != np.array([None, *first[:-1]], dtype=object)
    return [[row[0] if new else "", *row[1:]] for row, new in zip(rows, shown)]


def markdown_table(header: list[str], rows: list[list[str]]) -> str:
    """Format a table as Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
