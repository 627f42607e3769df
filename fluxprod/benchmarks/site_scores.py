"""Scores of CarbonFluxBench: one row for each site, in the form in which its authors publish them.

They follow ``normalized_mae`` and ``relative_absolute_error`` in carbonfluxbench/utils/eval.py, and
``baselines/evaluate_ensemble.py``, in the public repository alexxxroz/CarbonFluxBench.
"""

import numpy as np
import pandas as pd
from sklearn.metrics import r2_score

TINY = 1e-9  # g C m-2 d-1, which keeps nMAE finite where the mean is 0


def scores_of_sites(days: pd.DataFrame) -> pd.DataFrame:
    """Score the estimates of each site.

    Parameters
    ----------
    days : DataFrame
        Columns ``site``, ``IGBP``, ``Koppen``, ``y_true`` and ``y_pred`` [g C m-2 d-1].

    Returns
    -------
    DataFrame
        ``site``, ``IGBP``, ``Koppen``, ``R2`` [1], ``RMSE`` [g C m-2 d-1], ``nMAE`` [1] and ``RAE``
        [1], by the name of the site. Where the flux is constant, R2 is 0, as scikit-learn has it,
        and RAE is infinite; R2 of a single day is NaN.
    """
    rows = [
        {"site": site, "IGBP": own["IGBP"].iloc[0], "Koppen": own["Koppen"].iloc[0]}
        | _scores(own["y_true"].to_numpy(), own["y_pred"].to_numpy())
        for site, own in days.groupby("site")
    ]
    return pd.DataFrame(rows)


def _scores(true: np.ndarray, estimate: np.ndarray) -> dict[str, float]:
    error, deviation = estimate - true, true - true.mean()
    mae, spread = np.abs(error).mean(), np.abs(deviation).mean()
    return {
        "R2": float(r2_score(true, estimate)) if len(true) > 1 else np.nan,
        "RMSE": float(np.sqrt((error**2).mean())),
        "nMAE": float(mae / (abs(true.mean()) + TINY)),
        "RAE": float(mae / spread) if spread > 0 else np.inf,
    }
