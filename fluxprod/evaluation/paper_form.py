"""Tables 2 and 3 in the form of the paper: its headings, units and decimals, the best in bold."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.io.formats.style_render import CSSDict

from fluxprod.evaluation.report_table import number_text
from fluxprod.evaluation.sources import MODELS


class Heading(NamedTuple):
    """What the paper prints above a score, in how many decimals, and whether more is better."""

    text: str
    decimals: int
    more_is_better: bool


HEADINGS = {
    "monthly_R": Heading("Pearson's R – monthly integrals", 3, True),
    "monthly_RMSE": Heading("RMSE – monthly integrals [PgC/month]", 3, False),
    "MSC_R": Heading("Pearson's R – MSC", 3, True),
    "MSC_RMSE": Heading("RMSE – MSC [PgC/month]", 3, False),
    "annual_R": Heading("Pearson's R – annual", 3, True),
    "annual_RMSE": Heading("RMSE – annual [PgC/yr]", 4, False),
}
NOTE = "Bold: the best model of a row and score, as printed."
BOLD = "font-weight: bold"
STYLES: list[CSSDict] = [
    {"selector": "", "props": "border-collapse: collapse; font-family: sans-serif"},
    {"selector": "caption", "props": "text-align: left; padding: 0.5em"},
    {"selector": "th, td", "props": "padding: 0.2em 0.6em; text-align: right"},
    {"selector": "tbody th", "props": "text-align: left; font-weight: normal"},
    {"selector": "th.level0.col_heading", "props": "text-align: center; border-bottom: 1px solid"},
]


def split_column(name: object) -> tuple[str, str]:
    """Score and model of a column.

    >>> split_column("monthly_RMSE_EC-ATM")
    ('monthly_RMSE', 'EC-ATM')
    """
    score, _, model = str(name).rpartition("_")
    return score, model


def printed(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers as text with the paper's decimals, by region; the columns keep their names."""
    text = {
        name: [number_text(value, HEADINGS[split_column(name)[0]].decimals) for value in values]
        for name, values in table.set_index("region").items()
    }
    return pd.DataFrame(text, index=pd.Index(table.region))


def best(table: pd.DataFrame) -> pd.DataFrame:
    """Whether a number is the best of its row and score, by region.

    Among the paper's models, as printed: equal numbers share the mark. The inversions beside the
    truth are never marked; they are what the models can hope for.
    """
    values = table.set_index("region")
    marked = pd.DataFrame(False, index=values.index, columns=values.columns)
    for score in dict.fromkeys(split_column(name)[0] for name in values):
        heading, names = HEADINGS[score], [f"{score}_{model}" for model in MODELS]
        rounded = values[names].round(heading.decimals)
        top = rounded.max(axis=1) if heading.more_is_better else rounded.min(axis=1)
        marked[names] = rounded.eq(top, axis=0)
    return marked


def paper_form(name: str, table: pd.DataFrame, about: tuple[str, str]) -> str:
    """A page of HTML with the table, models below their score.

    Parameters
    ----------
    name : str
        Identifies the table within a page.
    table : DataFrame
        Of `region_tables.table2` or `table3`.
    about : tuple of str
        Its title and what to see in it.
    """
    text, bold = printed(table), best(table)
    pairs = [split_column(column) for column in text]
    heads = pd.MultiIndex.from_tuples([(HEADINGS[score].text, model) for score, model in pairs])
    text = text.set_axis(heads, axis=1).rename_axis(index=None)
    caption = f"{'. '.join(about)} {NOTE}"
    style = text.style.set_uuid(name).set_caption(caption).set_table_styles(STYLES)
    marks = np.where(bold, BOLD, "")
    styled = style.apply(lambda _: marks, axis=None)
    return styled.to_html(doctype_html=True, encoding="utf-8") + "\n"
