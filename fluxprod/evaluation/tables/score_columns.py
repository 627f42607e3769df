"""Columns of tables 2 and 3: a score and a model, what the paper prints above, and the best."""

from typing import NamedTuple

import pandas as pd

from fluxprod.evaluation.run.sources import MODELS


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


def split_column(name: object) -> tuple[str, str]:
    """Score and model of a column.

    >>> split_column("monthly_RMSE_EC-ATM")
    ('monthly_RMSE', 'EC-ATM')
    """
    score, _, model = str(name).rpartition("_")
    return score, model


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
