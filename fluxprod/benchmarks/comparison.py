"""Tables that show models beside one another: published ones and ours."""

from dataclasses import dataclass

import pandas as pd

from fluxprod.benchmarks.quantiles import QUARTILES, TAIL, score_quantiles

# columns of the two forms in which the authors publish scores; see the readers of both
SITE_RUN = ("split_type", "fs", "model")
SITE_SCORES = ("R2", "RMSE", "nMAE", "RAE")
SCALE_RUN = ("setting", "scale", "model")
SCALE_SCORES = ("rmse",)  # what the leaderboard compares
# in the order of the number of features, and of the settings and scales of the leaderboard
ORDER = {
    "fs": ("minimal", "standard", "full"),
    "setting": ("time-split", "spatial-easy40", "TA40"),
    "scale": ("hourly", "daily", "weekly", "monthly", "seasonal", "anom", "iav", "spatial"),
}


def carbonfluxbench_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Quartiles over sites of all scores; within a split and set of features, best R2 first.

    Parameters
    ----------
    scores : DataFrame
        Per-site scores with the columns ``split_type``, ``fs``, ``model``, ``R2`` [1], ``RMSE``
        [g C m-2 d-1], ``nMAE`` [1] and ``RAE`` [1].

    Returns
    -------
    DataFrame
        As from `score_quantiles`.
    """
    table = score_quantiles(scores, SITE_RUN, SITE_SCORES, QUARTILES)
    return _ranked(table, SITE_RUN, "R2_median", best_is_low=False)


def fluxtrapolation_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Median and 90 % over sites of the RMSE; within a setting and time scale, best median first.

    Parameters
    ----------
    scores : DataFrame
        Scores by site with the columns ``setting``, ``scale``, ``model`` and ``rmse``
        [umol m-2 s-1].

    Returns
    -------
    DataFrame
        As from `score_quantiles`.
    """
    table = score_quantiles(scores, SCALE_RUN, SCALE_SCORES, TAIL)
    return _ranked(table, SCALE_RUN, "rmse_median", best_is_low=True)


def _ranked(
    table: pd.DataFrame, run: tuple[str, str, str], score: str, *, best_is_low: bool
) -> pd.DataFrame:
    order = [run[0], run[1], score]
    return table.sort_values(
        order, ascending=[True, True, best_is_low], key=_sortable, ignore_index=True
    )


def _sortable(column: pd.Series) -> pd.Series:
    """Place of each value in ``ORDER`` if it has the column, otherwise the values themselves."""
    return column.map(ORDER[str(column.name)].index) if column.name in ORDER else column


@dataclass(frozen=True)
class ComparedScores:
    """Our scores and published ones of the same runs, and remarks on how comparable they are."""

    scores: pd.DataFrame
    remarks: list[str]


def beside_published(
    ours: pd.DataFrame, published: pd.DataFrame | None, run: tuple[str, str, str], unit: str
) -> ComparedScores:
    """Put published scores beside ours where split (or setting) and features (or scale) agree.

    Parameters
    ----------
    ours : DataFrame
        Scores of EC, one row for each unit of each run.
    published : DataFrame or None
        Scores of other models, with the same columns.
    run : tuple of str
        Columns of a run: the first two name what is compared, the third the model.
    unit : str
        Column of what is scored, such as a site.

    Returns
    -------
    ComparedScores
        A remark for each first part of a run says how many units EC shares with the others.
    """
    if published is None:
        return ComparedScores(ours, [])
    same = published.merge(ours[list(run[:2])].drop_duplicates(), on=list(run[:2]))
    remarks = []
    for name, own in ours.groupby(run[0], sort=False):
        theirs = set(same.loc[same[run[0]] == name, unit])
        shared = theirs & set(own[unit])
        remarks.append(
            f"{name}: {len(shared)} of {own[unit].nunique()} that EC was scored at are among the "
            f"{len(theirs)} of the published models"
        )
    return ComparedScores(pd.concat([ours, same], ignore_index=True), remarks)


def as_texts(table: pd.DataFrame) -> pd.DataFrame:
    """All values as texts with three decimals; quartiles in one column, as median (25 % to 75 %).

    Parameters
    ----------
    table : DataFrame
        A table as from `carbonfluxbench_table` or `fluxtrapolation_table`.

    Returns
    -------
    DataFrame
        Texts, empty where a score is missing.
    """
    texts = table.map(_text).astype(str)
    for name in SITE_SCORES:
        low, middle, high = (f"{name}_{level}" for level in QUARTILES)
        if low in texts:
            texts[low] = texts[middle] + " (" + texts[low] + " to " + texts[high] + ")"
            texts = texts.drop(columns=[middle, high]).rename(columns={low: name})
    return texts


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.3f}"
    return str(value)


def as_markdown(texts: pd.DataFrame, n_left: int) -> str:
    """Write a table in Markdown, with a line break at its end.

    Parameters
    ----------
    texts : DataFrame
        Texts.
    n_left : int
        Number of columns, from the left, that are aligned to the left.

    Returns
    -------
    str
    """
    marks = ["---" if number < n_left else "---:" for number in range(texts.shape[1])]
    titles = [name.replace("_", " ") for name in texts.columns]
    rows = [titles, marks, *texts.itertuples(index=False)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
