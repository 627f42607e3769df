"""Per-site scores of CarbonFluxBench, as its authors published them: one table of all models.

Columns and their meaning are those of ``baselines/evaluate_ensemble.py`` in the public repository
alexxxroz/CarbonFluxBench (commit 7613665, MIT; Rozanov et al. 2026, arXiv:2603.09868), which
writes one file for each model, split and set of features. The column ``fs``, the set of features,
is part of the names of those files, and has to be added when they are put into one table.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.table_text import read_header, require_columns, unreadable_table

NEE = "NEE_VUT_USTAR50"  # [g C m-2 d-1], name of the target
RUN = ("split_type", "fs", "model")  # columns that together name one run of one model
SCORES = ("R2", "RMSE", "nMAE", "RAE")  # 1, g C m-2 d-1, 1, 1
LOWEST = {"R2": -np.inf, "RMSE": 0.0, "nMAE": 0.0, "RAE": 0.0}
HIGHEST = {"R2": 1.0, "RMSE": np.inf, "nMAE": np.inf, "RAE": np.inf}


def read_site_scores(path: Path) -> pd.DataFrame:
    """Read the scores of NEE, one row for each site of each run.

    Parameters
    ----------
    path : Path
        CSV table.

    Returns
    -------
    DataFrame
        Columns ``site``, those of ``RUN`` and those of ``SCORES``, in the order of the file.

    Raises
    ------
    DataError
        If a column is missing, no row is about NEE, a score is missing or impossible, or a site
        occurs twice in a run.
    """
    texts = ("site", "target", *RUN)
    require_columns(path, read_header(path), [*texts, *SCORES])
    types = dict.fromkeys(texts, str) | dict.fromkeys(SCORES, float)
    try:
        table = pd.read_csv(path, usecols=list(types), dtype=types)
    except (OSError, EOFError, ValueError) as error:
        raise unreadable_table(path, error) from error
    targets = table["target"].unique()
    table = table[table["target"] == NEE].reset_index(drop=True)
    if table.empty:
        raise DataError(path, "target", ", ".join(map(str, targets[:4])) or "no row", NEE)
    _check(path, table)
    return table[["site", *RUN, *SCORES]]


def _check(path: Path, table: pd.DataFrame) -> None:
    for name in SCORES:
        wrong = ~table[name].between(LOWEST[name], HIGHEST[name])
        if wrong.any():
            row = table[wrong].iloc[0]
            expected = f"{LOWEST[name]:g} to {HIGHEST[name]:g}"
            raise DataError(path, name, f"{row[name]:g} at {row['site']}", expected)
    twice = table.duplicated(["site", *RUN])
    if twice.any():
        row = table[twice].iloc[0]
        run = " ".join(str(row[name]) for name in RUN)
        raise DataError(path, "site", f"{row['site']} twice in {run}", "each site once in a run")
