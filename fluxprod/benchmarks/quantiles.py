"""Scores over sites: the quantiles by which the benchmarks compare models."""

from collections.abc import Sequence

import pandas as pd

QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}  # of CarbonFluxBench
TAIL = {"median": 0.5, "q90": 0.9}  # of FLUXtrapolation, whose errors matter most in the tail


def score_quantiles(
    scores: pd.DataFrame, run: Sequence[str], names: Sequence[str], levels: dict[str, float]
) -> pd.DataFrame:
    """Quantiles over sites of each score of each run, with linear interpolation between sites.

    Parameters
    ----------
    scores : DataFrame
        One row for each site of each run; missing scores do not count.
    run : sequence of str
        Columns that together name one run of one model; all rows of the result are sorted by them.
    names : sequence of str
        Columns of scores.
    levels : dict of str to float
        Quantiles [1] by name: ``QUARTILES`` or ``TAIL``.

    Returns
    -------
    DataFrame
        One row for each run: the columns ``run``, ``sites`` with their number, and for each score
        and quantile a column such as ``R2_median``, in the unit of the score.
    """
    groups = scores.groupby(list(run), observed=True)
    columns = {
        f"{name}_{level}": groups[name].quantile(share)
        for name in names
        for level, share in levels.items()
    }
    return pd.DataFrame({"sites": groups.size(), **columns}).reset_index()
