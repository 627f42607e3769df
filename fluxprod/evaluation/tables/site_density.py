"""Density of site-days by observed and modelled NEE, with their scores (Figs. 8, 9 and C2).

So that a figure is drawn from one file, a table holds two kinds of rows: the number of site-days in
a bin, with ``count``, and scores over all site-days, with ``RMSE`` and without ``count``.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.core.variables import IGBP

LIMIT = 15.0  # g m-2 d-1; the few values beyond it are drawn at the edge
BIN = 0.25  # g m-2 d-1
WIDE_BIN = 0.5  # g m-2 d-1, for panels with fewer site-days
WHOLE = ("n_sites", "n_days", "count")


class SiteTable(NamedTuple):
    """The two kinds of rows of a table."""

    bins: pd.DataFrame
    scores: pd.DataFrame


def density(
    observed: np.ndarray, predicted: dict[str, np.ndarray], width: float = BIN
) -> pd.DataFrame:
    """Count site-days by observed and modelled NEE, leaving out empty bins.

    Parameters
    ----------
    observed : ndarray, shape (record,)
        Observed NEE [g m-2 d-1].
    predicted : dict of ndarray, shape (record,)
        Modelled NEE by model [g m-2 d-1].
    width : float
        Width of a bin [g m-2 d-1].

    Returns
    -------
    DataFrame
        ``model``; ``observed`` and ``modelled``, the centre of the bin [g m-2 d-1]; ``count``
        [1].
    """
    side = np.arange(-LIMIT, LIMIT + width, width)
    centre = (side[:-1] + side[1:]) / 2.0
    parts = []
    for model, values in predicted.items():
        valid = np.isfinite(observed) & np.isfinite(values)
        x, y = (np.clip(part[valid], -LIMIT, LIMIT) for part in (observed, values))
        count = np.histogram2d(x, y, bins=[side, side])[0].astype(int)
        i, j = np.nonzero(count)
        columns = {"observed": centre[i], "modelled": centre[j], "count": count[i, j]}
        parts.append(pd.DataFrame({"model": model, **columns}))
    return pd.concat(parts, ignore_index=True)


def density_by(
    name: str,
    group: np.ndarray,
    observed: np.ndarray,
    predicted: dict[str, np.ndarray],
    width: float = WIDE_BIN,
) -> pd.DataFrame:
    """Density for the records of each group, named in the first column; see `density`.

    Parameters
    ----------
    name : str
        Heading of the first column.
    group : ndarray, shape (record,)
        Group of each record.
    observed : ndarray, shape (record,)
        Observed NEE [g m-2 d-1].
    predicted : dict of ndarray, shape (record,)
        Modelled NEE by model [g m-2 d-1].
    width : float
        Width of a bin [g m-2 d-1].
    """
    parts = []
    for value in pd.unique(group):
        of = group == value
        bins = density(observed[of], {key: all_of[of] for key, all_of in predicted.items()}, width)
        bins.insert(0, name, value)
        parts.append(bins)
    return pd.concat(parts, ignore_index=True)


def with_scores(bins: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Join scores and bins, in this order, in one table."""
    both = pd.concat([scores, bins], ignore_index=True)
    return both.astype({name: "Int64" for name in WHOLE if name in both})


def parts(table: pd.DataFrame) -> SiteTable:
    """Separate a table into bins and scores."""
    counted = table["count"].notna()
    return SiteTable(table[counted], table[~counted])


def in_order(types: pd.Series) -> list[str]:
    """Land covers that occur, in the order of the IGBP classes; unknown ones come last."""
    found, known = set(types), list(IGBP.values())
    return [name for name in known if name in found] + sorted(found.difference(known))
