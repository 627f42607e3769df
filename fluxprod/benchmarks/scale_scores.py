"""Scores of FLUXtrapolation: one row for each unit and time scale, as its leaderboard wants them.

They follow utils/eval_utils.py in the public repository anyafries/FLUXtrapolation. ``bias`` is flux
minus estimate, and ``r2_score`` is the square of the correlation.
"""

import numpy as np
import pandas as pd

from fluxprod.benchmarks.time_scales import OF_ALL_YEARS, SCALES, at_scale

NAMES = ("mse", "rmse", "mae", "nse", "r2_score", "bias", "relative_mae", "relative_bias")


def scores_of_scales(hours: pd.DataFrame) -> pd.DataFrame:
    """Score the estimates at all time scales.

    Parameters
    ----------
    hours : DataFrame
        Columns ``env``, ``site_id``, ``time``, ``y_true`` and ``y_pred``.

    Returns
    -------
    DataFrame
        ``scale``, ``env``, ``n_samples`` and ``NAMES``, in the order of ``SCALES``; scores that are
        not defined, as without any flux, are NaN.
    """
    rows = []
    for scale in SCALES:
        unit = hours["site_id"] if scale in OF_ALL_YEARS else hours["env"]
        pairs = at_scale(hours.assign(env=unit.astype(str)), scale)
        rows += [
            {"scale": scale, "env": env, "n_samples": len(own)}
            | _scores(own["y_true"].to_numpy(), own["y_pred"].to_numpy())
            for env, own in pairs.groupby("env")
        ]
    return pd.DataFrame(rows)


def _scores(true: np.ndarray, estimate: np.ndarray) -> dict[str, float]:
    both = np.isfinite(true) & np.isfinite(estimate)
    true, estimate = true[both], estimate[both]
    if not len(true):
        return dict.fromkeys(NAMES, np.nan)
    error, mean = true - estimate, true.mean()
    mse, mae, bias = (error**2).mean(), np.abs(error).mean(), error.mean()
    variance = ((true - mean) ** 2).mean()
    varies = len(true) > 1 and true.std() > 0 and estimate.std() > 0
    values = (
        mse,
        np.sqrt(mse),
        mae,
        1 - mse / variance if variance > 0 else np.nan,
        np.corrcoef(true, estimate)[0, 1] ** 2 if varies else np.nan,
        bias,
        mae / mean if mean else np.nan,
        bias / mean if mean else np.nan,
    )
    return dict(zip(NAMES, map(float, values)))
