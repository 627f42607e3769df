"""What training asks of a place that keeps its state, so that a killed run goes on from there."""

from typing import Protocol

import numpy as np

from fluxprod.networks.model.member import Row

Arrays = dict[str, np.ndarray]  # ``steps``: how many were done; else known to their makers


class Checkpoints(Protocol):
    """Keeps the last validated state of each member; travels to worker processes."""

    def load(self, fold: int) -> Arrays | None:
        """State of a member of this very run, None where there is none."""
        ...

    def save(self, fold: int, arrays: Arrays) -> None:
        """Keep a state in place of the last one."""
        ...


def history_as_arrays(history: list[Row]) -> Arrays:
    """A history as ``row_names`` (column,) and ``rows`` (validation, column), float64."""
    names = list(history[0])
    rows = np.array([[row[name] for name in names] for row in history], np.float64)
    return {"row_names": np.array(names), "rows": rows}


def history_of(arrays: Arrays) -> list[Row]:
    """The history that `history_as_arrays` took apart, bit for bit."""
    names = arrays["row_names"].tolist()
    rows: list[Row] = [dict(zip(names, row, strict=True)) for row in arrays["rows"].tolist()]
    return [row | {"fold": int(row["fold"]), "step": int(row["step"])} for row in rows]
