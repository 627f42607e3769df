"""Site-days by observed and modelled NEE (Figs. 8, 9 and C2), beside the scores that go with them.

A table holds both kinds of rows, so that a figure is drawn from one file: the number of site-days
in a bin, with ``count``, or scores over all site-days, with ``RMSE`` and without ``count``.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from fluxprod.core.variables import IGBP

LIMIT = 15.0  # g m-2 d-1; rarer values are drawn at the edge
BIN = 0.25  # g m-2 d-1
WIDE_BIN = 0.5  # g m-2 d-1, where fewer days share a panel
WHOLE = ("n_sites", "n_days", "count")


class SiteTable(NamedTuple):
    """Both kinds of rows of a table."""

    bins: pd.DataFrame
    scores: pd.DataFrame


def density(
    observed: np.ndarray, predicted: dict[str, np.ndarray], width: float = BIN
) -> pd.DataFrame:
    """Number of site-days by observed and modelled NEE, without empty bins.

    Parameters
    ----------
    observed : ndarray, shape (record,) [g m-2 d-1]
    predicted : dict of ndarray, shape (record,) [g m-2 d-1]
        By model.
    width : float
        Of a bin [g m-2 d-1].

    Returns
    -------
    DataFrame
        ``model``, ``observed``, ``modelled`` (middle of the bin) [g m-2 d-1], ``count`` [1].
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
    """As `density`, one after the other for the records of each group, named in a first column."""
    parts = []
    for value in pd.unique(group):
        of = group == value
        bins = density(observed[of], {key: all_of[of] for key, all_of in predicted.items()}, width)
        bins.insert(0, name, value)
        parts.append(bins)
    return pd.concat(parts, ignore_index=True)


def with_scores(bins: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Scores, then bins, in one table."""
    both = pd.concat([scores, bins], ignore_index=True)
    return both.astype({name: "Int64" for name in WHOLE if name in both})


def parts(table: pd.DataFrame) -> SiteTable:
    """Bins and scores of a table of both."""
    counted = table["count"].notna()
    return SiteTable(table[counted], table[~counted])


def in_order(types: pd.Series) -> list[str]:
    """Land covers that occur, forests first as IGBP numbers them, then what it does not know."""
    found, known = set(types), list(IGBP.values())
    return [name for name in known if name in found] + sorted(found.difference(known))
