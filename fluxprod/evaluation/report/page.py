"""The report: global NEE, checks, figures, tables and provenance on one page."""

from base64 import b64encode

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from fluxprod.core.provenance import Provenance
from fluxprod.evaluation import captions
from fluxprod.evaluation.figures.panels.palette import COLOURS
from fluxprod.evaluation.report.chart import Chart, library
from fluxprod.evaluation.report.map import map_chart
from fluxprod.evaluation.report.sections import (
    FIGURES,
    KEY_FIGURES,
    KEY_TABLES,
    TABLES,
    sections,
)
from fluxprod.evaluation.report.series import annual_chart, monthly_chart
from fluxprod.evaluation.report_table import MINUS, ReportTable, number_text, report_table
from fluxprod.evaluation.run.sources import EC, EC_ATM, INVERSIONS, TRUTH, key
from fluxprod.evaluation.run.totals import GLOBAL

TEMPLATE = "template.html"
Tables = dict[str, pd.DataFrame]


def answer(sinks: pd.DataFrame) -> list[dict]:
    """Global NEE of each source as text, with the spread across the members of an ensemble."""
    lines = []
    for row in sinks.to_dict("records"):
        spread = f"± {number_text(row['spread'], 2)}" if pd.notna(row["spread"]) else ""
        number = {"nee": number_text(row["nee"], 2), "spread": spread}
        colour = COLOURS.get(row["source"], "#767676")
        lines.append({"label": row["label"], "colour": colour, **number})
    return lines


def headline(metrics: dict) -> str:
    """Global NEE and the effect of the constraint in one sentence."""
    sink = metrics["sink"]
    reference = TRUTH if TRUTH in sink else INVERSIONS
    share = metrics["bias_removed"][reference]
    found = {name: number_text(sink[key(name)], 1) for name in (EC_ATM, EC, reference)}
    verb = "is" if reference == TRUTH else "give"
    return (
        f"Global NEE is {found[EC_ATM]} PgC/yr with the inversions as a second constraint and "
        f"{found[EC]} PgC/yr without them; the {reference} {verb} {found[reference]} PgC/yr. "
        f"The constraint removes {share:.0%} of the bias."
    )


def _checks(table: pd.DataFrame) -> list[dict]:
    """Checks with formatted numbers, failed ones first."""
    checks = table.sort_values("passed", kind="stable").to_dict("records")
    for check in checks:
        check["measures"] = captions.CHECKS[check["check"]]
        unit = "" if check["unit"] == "1" else " " + check["unit"].replace(" yr-1", "/yr")
        check["found"] = f"{check['value']:.3g}".replace("-", MINUS) + unit
        check["bound"] = f"{check['limit']:.3g}".replace("-", MINUS) + unit
    return checks


def _figures(images: dict[str, bytes]) -> dict[str, dict]:
    return {
        name: {
            "name": name,
            "title": about[0],
            "note": about[1],
            "data": b64encode(images[name]).decode(),
        }
        for name, about in captions.FIGURES.items()
        if name in images
    }


def _tables(tables: Tables) -> dict[str, ReportTable]:
    return {
        name: report_table(name, tables[name], *about)
        for name, about in captions.TABLES.items()
        if name in tables
    }


def _charts(tables: Tables) -> list[Chart]:
    return [
        annual_chart(tables["regional_annual"]),
        monthly_chart(tables["regional_monthly"]),
        map_chart(tables["maps"]),
    ]


def coverage_sentence(tables: Tables) -> str:
    """How often the true global NEE lies within the stated spread; empty without a truth."""
    if "coverage" not in tables:
        return ""
    rows = tables["coverage"]
    globe = rows[(rows.source == EC_ATM) & (rows.region == GLOBAL)].iloc[0]
    return (
        f"The true annual NEE lies within one standard deviation of EC-ATM in {globe.raw_68:.0%} "
        f"of the years (expected: 68%), and within {globe.inflation:g} standard deviations, a "
        f"factor calibrated on other synthetic Earths, in {globe.inflated_68:.0%}."
    )


def inputs_sentence(findings: pd.DataFrame) -> str:
    """How many tests the inputs passed, and what is unusual or was accepted."""
    count = findings.outcome.value_counts()
    tests = f"The inputs were held against one another in {findings.test.nunique()} tests"
    words = {"accepted": "stops that were accepted", "warn": "warnings"}
    noted = [f"{name}: {count[key]}" for key, name in words.items() if key in count]
    return f"{tests}; {', '.join(noted)}." if noted else f"{tests}, and passed all of them."


def page(
    title: str, tables: Tables, metrics: dict, images: dict[str, bytes], provenance: Provenance
) -> str:
    """Render the report as HTML.

    Parameters
    ----------
    title : str
        Heading of the page.
    tables : dict of DataFrame
        Tables of `run_tables`, read back from CSV.
    metrics : dict
        Contents of ``metrics.json``.
    images : dict of bytes
        PNG files by figure name.
    provenance : Provenance
        Parameters, and checksums of raw files and code.

    Returns
    -------
    str
        The whole page, which requests nothing from the network.
    """
    loader = PackageLoader("fluxprod.evaluation.report", package_path="")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    figures, shown = _figures(images), _tables(tables)
    return environment.get_template(TEMPLATE).render(
        title=title,
        about=tables["run"].set_index("item").value,
        headline=headline(metrics),
        coverage_sentence=coverage_sentence(tables),
        answer=answer(tables["global_sinks"]),
        checks=_checks(tables["checks"]),
        inputs_sentence=inputs_sentence(tables["plausibility"]),
        charts=_charts(tables),
        figures=figures,
        tables=shown,
        key_figures=[name for name in KEY_FIGURES if name in figures],
        key_tables=[name for name in KEY_TABLES if name in shown],
        figure_sections=sections(list(figures), FIGURES, KEY_FIGURES),
        table_sections=sections(list(shown), TABLES, KEY_TABLES),
        provenance=provenance,
        library=library(),
    )
