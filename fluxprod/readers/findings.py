"""Table of the stage plausibility."""

import io
from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.core.intact import content_of


def read_findings(path: Path) -> pd.DataFrame:
    """Read the findings about the inputs.

    Returns
    -------
    DataFrame
        Columns test, subject, outcome, found, expected, action and source, all text.

    Raises
    ------
    DataError
        If the file does not exist or is not such a table.
    """
    try:
        text = io.BytesIO(content_of(path.read_bytes(), required=True))
        table = pd.read_csv(text, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or f"unreadable content ({error})"
        raise DataError(
            path, "file", found, "the findings of the stage plausibility", "run dvc repro"
        ) from error
    if "outcome" not in table:
        raise DataError(
            path, "columns", list(table), "the findings of the stage plausibility", "run dvc repro"
        )
    return table
