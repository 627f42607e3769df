"""Tables that people and programs read."""

from pathlib import Path

import pandas as pd

from fluxprod.core.atomic_output import atomic_output


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV without its index; its values must already be rounded."""
    with atomic_output(path) as beside:
        table.to_csv(beside, index=False, lineterminator="\n")
