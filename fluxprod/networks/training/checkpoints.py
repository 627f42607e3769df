"""What training requires of a store of its states, from which a killed run can resume."""

from typing import Protocol

import numpy as np

from fluxprod.networks.model.member import Row

Arrays = dict[str, np.ndarray]  # ``steps``: number of steps done; others private to their source


class Checkpoints(Protocol):
    """Keeps the last validated state of each member; it is pickled for worker processes."""

    def load(self, fold: int) -> Arrays | None:
        """State of a member, saved by a run with the same inputs; None if there is none."""
        ...

    def save(self, fold: int, arrays: Arrays) -> None:
        """Keep a state, replacing the previous one of the member."""
        ...


def history_as_arrays(history: list[Row]) -> Arrays:
    """A history as ``row_names`` (column,) and ``rows`` (validation, column), float64."""
    names = list(history[0])
    rows = np.array([[row[name] for name in names] for row in history], np.float64)
    return {"row_names": np.array(names), "rows": rows}


def history_of(arrays: Arrays) -> list[Row]:
    """Inverse of `history_as_arrays`, exact to the last bit."""
    names = arrays["row_names"].tolist()
    rows: list[Row] = [dict(zip(names, row, strict=True)) for row in arrays["rows"].tolist()]
    return [row | {"fold": int(row["fold"]), "step": int(row["step"])} for row in rows]
