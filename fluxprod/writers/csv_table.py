"""Tables as CSV files."""

from pathlib import Path

import pandas as pd

from fluxprod.core.atomic_output import atomic_output


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV without its index; values must already be rounded."""
    with atomic_output(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
