"""Scores of FLUXtrapolation by site and time scale, as its leaderboard publishes them.

Names and columns are those of the public repository anyafries/FLUXtrapolation-leaderboard, whose
folder ``submissions`` has one folder for each model, with files of the name
``{setting}_{target}_{model}_val_{strategy}.csv`` (README.md; Fries et al. 2026, arXiv:2605.19812).
"""

from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.table_text import read_header, require_columns, unreadable_table

NEE = "NEE"  # [umol m-2 s-1], name of the target
FILES = f"*_{NEE}_*_val_*.csv"
RUN = ("setting", "scale", "model")  # columns that together name one run at one time scale
SCORES = ("mse", "rmse", "mae", "nse", "r2_score", "bias", "relative_mae", "relative_bias")
COLUMNS = ("target", "setting", "model", "scale", "env", "n_samples", *SCORES)


def read_leaderboard(folder: Path) -> pd.DataFrame:
    """Read the scores of NEE of all models below a folder.

    Parameters
    ----------
    folder : Path
        The folder ``submissions`` of a copy of the repository.

    Returns
    -------
    DataFrame
        ``COLUMNS``, one row for each site (or site and year: ``env``) of each run.

    Raises
    ------
    DataError
        If there is no such file, a column is missing, or a file is about another target.
    """
    paths = sorted(folder.rglob(FILES))
    if not paths:
        raise DataError(
            folder, "files", f"no {FILES}", "scores of models",
            "name the folder submissions of a copy of anyafries/FLUXtrapolation-leaderboard",
        )  # fmt: skip
    return pd.concat([_read(path) for path in paths], ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    require_columns(path, read_header(path), COLUMNS)
    texts = dict.fromkeys(("target", "env", *RUN), str)
    types = dict.fromkeys(COLUMNS, float) | texts
    try:
        table = pd.read_csv(path, usecols=list(COLUMNS), dtype=types)
    except (OSError, EOFError, ValueError) as error:
        raise unreadable_table(path, error) from error
    if set(table["target"]) != {NEE}:
        found = ", ".join(sorted(set(map(str, table["target"])))) or "no row"
        raise DataError(path, "target", found, f"{NEE} in every row")
    return table[list(COLUMNS)]
