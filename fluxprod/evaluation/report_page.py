"""The page that a person reads: the answer, the checks, figures, tables."""

from base64 import b64encode

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from fluxprod.evaluation import captions
from fluxprod.evaluation.report_table import number_text, report_table
from fluxprod.evaluation.sources import EC, EC_ATM, INVERSIONS, TRUTH, key

TEMPLATE = "report_template.html"


def answer(sinks: pd.DataFrame) -> list[dict]:
    """Global NEE by source as text, with its spread over members where there are members."""
    lines = []
    for row in sinks.to_dict("records"):
        spread = f"± {number_text(row['spread'], 2)}" if pd.notna(row["spread"]) else ""
        number = {"nee": number_text(row["nee"], 2), "spread": spread}
        lines.append({"label": row["label"], "key": key(row["source"]), **number})
    return lines


def headline(metrics: dict) -> str:
    """The answer in a sentence."""
    sink = metrics["sink"]
    reference = TRUTH if TRUTH in sink else INVERSIONS
    share = metrics["bias_removed"][reference]
    found = {name: number_text(sink[key(name)], 1) for name in (EC_ATM, EC, reference)}
    return (
        f"With the inversions as a second constraint the global NEE is {found[EC_ATM]} PgC/yr; "
        f"without them {found[EC]}. The {reference} {'is' if reference == TRUTH else 'say'} "
        f"{found[reference]}: the constraint removes {share:.0%} of the bias."
    )


def page(
    title: str, tables: dict[str, pd.DataFrame], metrics: dict, images: dict[str, bytes]
) -> str:
    """Render the whole report.

    Parameters
    ----------
    title : str
    tables : dict of DataFrame
        As `run_tables` makes them, read back.
    metrics : dict
    images : dict of bytes
        PNG by name of the figure.
    """
    figures = [
        {
            "name": name,
            "title": about[0],
            "note": about[1],
            "data": b64encode(images[name]).decode(),
        }
        for name, about in captions.FIGURES.items()
        if name in images
    ]
    shown = [
        report_table(name, tables[name], *about)
        for name, about in captions.TABLES.items()
        if name in tables
    ]
    loader = PackageLoader("fluxprod.evaluation", package_path="")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    about_run = tables["run"].set_index("item").value
    return environment.get_template(TEMPLATE).render(
        title=title,
        synthetic=about_run["source_world"] == "synthetic",
        version=about_run["product_version"],
        headline=headline(metrics),
        answer=answer(tables["global_sinks"]),
        checks=tables["checks"].to_dict("records"),
        figures=figures,
        tables=shown,
    )
