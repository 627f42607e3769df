"""Fields that occur twice."""

from collections.abc import Iterable

import numpy as np

AGAIN = "get the files again, and check that none is a copy under another name"


def repeats(fields: Iterable[tuple[str, np.ndarray]]) -> list[str]:
    """Find fields that repeat one before them.

    Parameters
    ----------
    fields : iterable of (str, ndarray)
        Fields, each with its date.

    Returns
    -------
    list of str
        Each repeated field, as in "2004-02 as in 2004-01".
    """
    first: dict[bytes, str] = {}
    pairs = [(date, first.setdefault(values.tobytes(), date)) for date, values in fields]
    return [f"{date} as in {original}" for date, original in pairs if date != original]
