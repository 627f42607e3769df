"""Figures as PNG, in reports each beside the small table it was drawn from."""

from pathlib import Path
from typing import Any

import pandas as pd

from fluxprod.core.atomic_output import atomic_output
from fluxprod.writers.csv_table import write_table

DPI = 110


def write_picture(figure: Any, path: Path) -> None:
    """Write a matplotlib figure to ``path`` (.png); the same figure gives the same bytes."""
    with atomic_output(path) as beside:
        # the name and version of the program are left out: the bytes are then the picture's own
        figure.savefig(beside, dpi=DPI, metadata={"Software": None})


def write_figure(figure: Any, data: pd.DataFrame, path: Path) -> None:
    """Write a matplotlib figure to ``path`` (.png) and its data to the same name with .csv."""
    write_table(data, path.with_suffix(".csv"))
    write_picture(figure, path)
