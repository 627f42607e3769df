"""Tables as CSV files."""

from pathlib import Path

import pandas as pd

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.intact import last_line


def write_table(table: pd.DataFrame, path: Path, *, checksum: bool = False) -> None:
    """Write a table as CSV without its index; values must already be rounded.

    Parameters
    ----------
    table : DataFrame
        Table to write.
    path : Path
        File to write.
    checksum : bool
        Whether the file ends in a line with the SHA-256 of the table, for a later stage.
    """
    text = table.to_csv(index=False, lineterminator="\n").encode()
    with atomic_output(path) as temporary:
        temporary.write_bytes(text + last_line(text) if checksum else text)
