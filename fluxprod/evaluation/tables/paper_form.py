"""Tables 2 and 3 as the paper prints them: its headings, units and decimals, the best in bold."""

import numpy as np
import pandas as pd
from pandas.io.formats.style_render import CSSDict

from fluxprod.evaluation.report_table import SCORES, number_text, split_column
from fluxprod.evaluation.tables.score_columns import best

NOTE = "Bold: the best model of a row and score, as printed."
BOLD = "font-weight: bold"
STYLES: list[CSSDict] = [
    {"selector": "", "props": "border-collapse: collapse; font-family: sans-serif"},
    {"selector": "caption", "props": "text-align: left; padding: 0.5em"},
    {"selector": "th, td", "props": "padding: 0.2em 0.6em; text-align: right"},
    {"selector": "tbody th", "props": "text-align: left; font-weight: normal"},
    {"selector": "th.level0.col_heading", "props": "text-align: center; border-bottom: 1px solid"},
]


def printed(table: pd.DataFrame) -> pd.DataFrame:
    """Format the numbers with the paper's decimals, indexed by region under the same columns."""
    text = {
        name: [number_text(value, SCORES[split_column(name)[0]].decimals) for value in values]
        for name, values in table.set_index("region").items()
    }
    return pd.DataFrame(text, index=pd.Index(table.region))


def paper_form(name: str, table: pd.DataFrame, about: tuple[str, str]) -> str:
    """Render a table as a page of HTML, with the models grouped by score.

    Parameters
    ----------
    name : str
        Identifier of the table within the page.
    table : DataFrame
        Of `table2` or `table3`.
    about : tuple of str
        Title and caption.
    """
    text, bold = printed(table), best(table)
    pairs = [split_column(column) for column in text]
    heads = pd.MultiIndex.from_tuples([(SCORES[score].heading, model) for score, model in pairs])
    text = text.set_axis(heads, axis=1).rename_axis(index=None)
    caption = f"{'. '.join(about)} {NOTE}"
    style = text.style.set_uuid(name).set_caption(caption).set_table_styles(STYLES)
    marks = np.where(bold, BOLD, "")
    styled = style.apply(lambda _: marks, axis=None)
    return styled.to_html(doctype_html=True, encoding="utf-8") + "\n"
