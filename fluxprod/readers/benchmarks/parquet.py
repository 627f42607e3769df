"""Parquet tables, read with pyarrow, an optional extra."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.table_text import require_columns, unreadable_table


def read_parquet(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read some columns of a table.

    Parameters
    ----------
    path : Path
        Parquet file.
    columns : sequence of str
        Columns to read.

    Returns
    -------
    DataFrame
        The columns, in this order.

    Raises
    ------
    DataError
        If pyarrow is not installed, the file cannot be read, or a column is missing.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise DataError(
            path, "file", "Parquet, which needs pyarrow", "pyarrow to be installed",
            "pip install 'fluxprod[parquet]'",
        )  # fmt: skip
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        require_columns(path, read_schema(path).names, columns)
        return pd.read_parquet(path, columns=list(columns))[list(columns)]
    except (OSError, ValueError, ArrowException) as error:
        raise unreadable_table(path, error) from error
