"""The page of a calibration of the spread: what was run, the factors, and what they are worth."""

import pandas as pd

from fluxprod.evaluation.report_table import number_text
from fluxprod.evaluation.run.sources import EC_ATM
from fluxprod.evaluation.run.totals import GLOBAL
from fluxprod.evaluation.study.earths_coverage import (
    CALIBRATE,
    CELLS,
    POOLED,
    REPORT,
    TOTALS,
    Calibrated,
)
from fluxprod.evaluation.study.page import markdown_table, mean_text, without_repeats
from fluxprod.evaluation.tables.coverage import ALL

BAR = (0.60, 0.76)  # [1] of the 68 % interval of EC-ATM's regional annual totals, inflated
COLUMNS = ("raw_68", "inflated_68", "raw_95", "inflated_95")
HEADINGS = ("68 %, stated", "68 %, inflated", "95 %, stated", "95 %, inflated")
WHAT = {
    (TOTALS, ALL): "annual totals of the 18 regions",
    (TOTALS, GLOBAL): "annual totals of the globe",
    (CELLS, ALL): "annual NEE of cells, by area of land",
}


def coverage_page(result: Calibrated, facts: str, note: str) -> str:
    """Markdown of the whole page.

    Parameters
    ----------
    result : Calibrated
    facts : str
        Grid, years, folds, steps.
    note : str
        How the Earths were chosen.
    """
    parts = [
        coverage_introduction(result, facts, note),
        "## Bar",
        coverage_bar_text(result.earths),
        "## Factors",
        factors_note(result.factors),
        factors_table(result.factors),
        "## On the Earths that report",
        "Mean ± SD over the Earths; then each, with the inflated spread.",
        earths_table(result.earths, REPORT),
        "## On the Earths that calibrate",
        earths_table(result.earths, CALIBRATE),
        "## Regions, on the Earths that report",
        regions_note(),
        *(
            part
            for (source, target), group in result.regions.groupby(["source", "target"], sort=False)
            for part in (f"### {source}, {WHAT[str(target), ALL]}", regions_table(group))
        ),
    ]
    return "\n\n".join(parts) + "\n"


def coverage_introduction(result: Calibrated, facts: str, note: str) -> str:
    """What was run, and what is counted."""
    seeds = {use: seeds_of(result.earths, use) for use in (CALIBRATE, REPORT)}
    return "\n".join(
        [
            "# How often the truth lies within the stated spread",
            "",
            "Written by `make coverage`; every number is from that run. Each seed is a whole",
            "Earth, from raw files to the global run, with its own truth, towers and inversions,",
            "and the models as `params.yaml` has them.",
            f"Seeds that calibrate: {', '.join(seeds[CALIBRATE])}. "
            f"Seeds that report: {', '.join(seeds[REPORT])}.",
            facts,
            note,
            "",
            "The stated spread is the sample standard deviation over members of an annual value,",
            "the estimate their mean. The 68 % interval is the estimate ± 1 spread, the 95 %",
            "interval ± 1.96. Coverage is the share of years and regions (or cells, by area of",
            "land) whose truth lies inside; it should be 68.3 and 95 %. The inflated spread is the",
            "stated one times a factor ([why so](decisions/0020-spread.md)).",
        ]
    )


def seeds_of(earths: pd.DataFrame, use: str) -> list[str]:
    """Seeds of a use, in order."""
    seeds = earths[earths.use == use].seed.drop_duplicates()
    return [str(seed) for seed in seeds if seed != POOLED]


def coverage_bar_text(earths: pd.DataFrame) -> str:
    """Whether the inflated spread covers what it should on Earths that had no part in it."""
    own = earths[
        (earths.source == EC_ATM) & (earths.target == TOTALS)
        & (earths.use == REPORT) & (earths.region == ALL)
    ].set_index("seed")  # fmt: skip
    found = float(own.inflated_68[POOLED])
    least, most = (f"{limit:.0%}" for limit in BAR)
    verdict = "met" if BAR[0] <= found <= BAR[1] else "not met"
    return (
        f"Coverage of the 68 % interval of {EC_ATM}'s regional annual totals with the inflated\n"
        f"spread, on the Earths that report, between {least} and {most}: **{verdict}, {found:.1%}**"
        f" ({own.raw_68[POOLED]:.1%} as stated)."
    )


def factors_note(factors: pd.DataFrame) -> str:
    """What a factor is and is not."""
    shares = factors.dropna(subset="bias_share").set_index("source").bias_share
    said = " and ".join(f"{share:.0%} of {source}'s" for source, share in shares.items())
    return (
        "The factor is the quantile at 68.3 % of the absolute error in spreads, over all regions\n"
        "(or cells), years and Earths that calibrate; the globe has no part in it. The last\n"
        "column is what the 95 % interval would take by itself: where it is larger, errors have\n"
        "longer tails than a normal distribution. `params.yaml` holds the factors.\n"
        "\n"
        "An inflated spread is no better model. Members share their drivers, their towers and the\n"
        "bridge, so they share their errors, and their spread does not see these. On the Earths\n"
        f"that report {said} mean squared error of regional annual totals is the\n"
        "square of the mean error over the years: bias. The factor admits it on average over\n"
        "regions and removes none of it; in a single region the truth may still lie inside in\n"
        "every year, or in none. So an Earth has some 18 independent values, not 18 times its\n"
        "years."
    )


def factors_table(factors: pd.DataFrame) -> str:
    """One row a model and target."""
    rows = []
    for row in factors.to_dict("records"):
        values = [number_text(row[name], 2) for name in ("factor", "factor_95")]
        rows.append([row["source"], WHAT[row["target"], ALL], str(row["n"]), *values])
    header = ["model", "of", "errors", "factor", "for 95 % alone"]
    return markdown_table(header, without_repeats(rows))


def earths_table(earths: pd.DataFrame, use: str) -> str:
    """Coverage over the Earths of a use [%]."""
    chosen, seeds = earths[earths.use == use], seeds_of(earths, use)
    rows = []
    for keys, group in chosen.groupby(["source", "target", "region"], sort=False):
        source, target, region = map(str, keys)
        each = group.set_index("seed").loc[seeds]
        means = [mean_text(100 * each[name], 0) for name in COLUMNS]
        own = [number_text(100 * value, 0) for value in each.inflated_68]
        rows.append([source, WHAT[target, region], *means, *own])
    header = ["model", "of [%]", *HEADINGS, *(f"68 %, {seed}" for seed in seeds)]
    return markdown_table(header, without_repeats(rows))


def regions_note() -> str:
    """How the tables are to be read."""
    return (
        "Share of the years of all Earths that report [%]; of cells, of their area. Regions far\n"
        "above and far below 68 % stand side by side: one factor is right on average only."
    )


def regions_table(table: pd.DataFrame) -> str:
    """Coverage by region [%]."""
    rows = [
        [row["region"], *(number_text(100 * row[name], 0) for name in COLUMNS)]
        for row in table.to_dict("records")
    ]
    return markdown_table(["region", *HEADINGS], rows)
