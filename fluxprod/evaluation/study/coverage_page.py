"""Page of a calibration of the spread: what was run, the factors, and how well they perform."""

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

CRITERION = (0.60, 0.76)  # [1] coverage of EC-ATM's regional annual totals, inflated 68 % interval
COLUMNS = ("raw_68", "inflated_68", "raw_95", "inflated_95")
HEADINGS = ("68 %, stated", "68 %, inflated", "95 %, stated", "95 %, inflated")
QUANTITY = {
    (TOTALS, ALL): "annual totals of the 18 regions",
    (TOTALS, GLOBAL): "annual totals of the globe",
    (CELLS, ALL): "annual NEE of cells, by area of land",
}


def coverage_page(result: Calibrated, facts: str, note: str) -> str:
    """Write the page as Markdown.

    Parameters
    ----------
    result : Calibrated
        Tables of the calibration.
    facts : str
        Grid, years, folds and training steps.
    note : str
        How the Earths were chosen.
    """
    parts = [
        coverage_introduction(result, facts, note),
        "## Criterion",
        coverage_criterion_text(result.earths),
        "## Factors",
        factors_note(result.factors),
        factors_table(result.factors),
        "## Evaluation Earths",
        "Mean ± SD over the Earths, then the coverage on each Earth with the inflated spread.",
        earths_table(result.earths, REPORT),
        "## Calibration Earths",
        earths_table(result.earths, CALIBRATE),
        "## Regions, on the evaluation Earths",
        regions_note(),
        *(
            part
            for (source, target), group in result.regions.groupby(["source", "target"], sort=False)
            for part in (f"### {source}, {QUANTITY[str(target), ALL]}", regions_table(group))
        ),
    ]
    return "\n\n".join(parts) + "\n"


def coverage_introduction(result: Calibrated, facts: str, note: str) -> str:
    """Introduce the calibration: seeds, and the definition of coverage."""
    seeds = {use: seeds_of(result.earths, use) for use in (CALIBRATE, REPORT)}
    return "\n".join(
        [
            "# How often the truth lies within the stated spread",
            "",
            "This page was written by `make coverage`, and every number comes from that run. Each",
            "seed is a complete synthetic Earth, from raw files to the global run, with its own",
            "truth, towers and inversions. The models are those of `params.yaml`.",
            f"Seeds for calibration: {', '.join(seeds[CALIBRATE])}. "
            f"Seeds for evaluation: {', '.join(seeds[REPORT])}.",
            facts,
            note,
            "",
            "The estimate of an annual value is its mean over the members, and the stated spread",
            "is their sample standard deviation. The 68 % interval is the estimate ± 1 spread, the",
            "95 % interval ± 1.96 spreads. Coverage is the share of years and regions (or cells,",
            "weighted by land area) whose truth lies inside the interval; nominally it is 68.3 %",
            "and 95 %. The inflated spread is the stated spread multiplied by a factor",
            "([reasons](decisions/0020-spread.md)).",
        ]
    )


def seeds_of(earths: pd.DataFrame, use: str) -> list[str]:
    """Seeds that were used for calibration or for evaluation, in order."""
    seeds = earths[earths.use == use].seed.drop_duplicates()
    return [str(seed) for seed in seeds if seed != POOLED]


def coverage_criterion_text(earths: pd.DataFrame) -> str:
    """Whether the inflated spread covers the truth as required on the evaluation Earths."""
    own = earths[
        (earths.source == EC_ATM) & (earths.target == TOTALS)
        & (earths.use == REPORT) & (earths.region == ALL)
    ].set_index("seed")  # fmt: skip
    found = float(own.inflated_68[POOLED])
    least, most = (f"{limit:.0%}" for limit in CRITERION)
    verdict = "met" if CRITERION[0] <= found <= CRITERION[1] else "not met"
    return (
        f"On the evaluation Earths, the 68 % interval of {EC_ATM}'s regional annual totals must\n"
        f"cover between {least} and {most} of the true totals with the inflated spread:\n"
        f"**{verdict}, {found:.1%}** ({own.raw_68[POOLED]:.1%} as stated)."
    )


def factors_note(factors: pd.DataFrame) -> str:
    """Explain how the factors are computed, and their limits."""
    shares = factors.dropna(subset="bias_share").set_index("source").bias_share
    said = " and ".join(f"{share:.0%} of {source}'s" for source, share in shares.items())
    return (
        "The factor is the 68.3 % quantile of the absolute error in units of the spread, over all\n"
        "regions (or cells), years and calibration Earths; the globe is not used. The last column\n"
        "gives the factor that the 95 % interval alone would require: where it is larger, errors\n"
        "have longer tails than a normal distribution. The factors are set in `params.yaml`.\n"
        "\n"
        "Inflating the spread does not improve the model. The members share their drivers, towers\n"
        "and bridge, and so they share errors that their spread does not show. On the evaluation\n"
        f"Earths, {said} mean squared error of regional annual totals is the\n"
        "square of the mean error over the years, that is, bias. The factor allows for this bias\n"
        "on average over the regions and removes none of it; in a single region the truth may\n"
        "still lie inside the interval in every year, or in none. One Earth therefore provides\n"
        "about 18 independent values rather than 18 per year."
    )


def factors_table(factors: pd.DataFrame) -> str:
    """Tabulate the factors, one row per model and target."""
    rows = []
    for row in factors.to_dict("records"):
        values = [number_text(row[name], 2) for name in ("factor", "factor_95")]
        rows.append([row["source"], QUANTITY[row["target"], ALL], str(row["n"]), *values])
    header = ["model", "quantity", "errors", "factor", "factor from the 95 % interval alone"]
    return markdown_table(header, without_repeats(rows))


def earths_table(earths: pd.DataFrame, use: str) -> str:
    """Tabulate coverage on the calibration or the evaluation Earths [%]."""
    chosen, seeds = earths[earths.use == use], seeds_of(earths, use)
    rows = []
    for keys, group in chosen.groupby(["source", "target", "region"], sort=False):
        source, target, region = map(str, keys)
        each = group.set_index("seed").loc[seeds]
        means = [mean_text(100 * each[name], 0) for name in COLUMNS]
        own = [number_text(100 * value, 0) for value in each.inflated_68]
        rows.append([source, QUANTITY[target, region], *means, *own])
    header = ["model", "coverage [%] of", *HEADINGS, *(f"68 %, seed {seed}" for seed in seeds)]
    return markdown_table(header, without_repeats(rows))


def regions_note() -> str:
    """Explain the tables by region."""
    return (
        "Coverage [%] over the years of all evaluation Earths; for cells, weighted by land area.\n"
        "In some regions coverage is far above 68 % and in others far below, because a single\n"
        "factor is right only on average."
    )


def regions_table(table: pd.DataFrame) -> str:
    """Tabulate coverage by region [%]."""
    rows = [
        [row["region"], *(number_text(100 * row[name], 0) for name in COLUMNS)]
        for row in table.to_dict("records")
    ]
    return markdown_table(["region", *HEADINGS], rows)
