"""Figures as PNG files; in reports, each with the small table from which it was drawn."""

from pathlib import Path
from typing import Any

import pandas as pd

from fluxprod.core.atomic_output import atomic_output
from fluxprod.writers.csv_table import write_table

DPI = 110


def write_picture(figure: Any, path: Path) -> None:
    """Write a matplotlib figure as PNG; the same figure always gives the same bytes."""
    with atomic_output(path) as temporary:
        # without the name and version of matplotlib, which would change the bytes
        figure.savefig(temporary, dpi=DPI, metadata={"Software": None})


def write_figure(figure: Any, data: pd.DataFrame, path: Path) -> None:
    """Write a matplotlib figure as PNG, and its data as CSV under the same name."""
    write_table(data, path.with_suffix(".csv"))
    write_picture(figure, path)
