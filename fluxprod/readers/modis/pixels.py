"""Selected cells of a global satellite grid, such as vegetated land."""

from functools import cached_property

import numpy as np


class Pixels:
    """Selected cells of a global grid.

    Parameters
    ----------
    flat : ndarray of int, shape (pixel,)
        Flat indices in increasing order, with row 0 in the south.
    shape : (int, int)
        Numbers of rows and columns of the grid.
    """

    def __init__(self, flat: np.ndarray, shape: tuple[int, int]) -> None:
        assert len(flat)
        assert shape[0] * shape[1] < np.iinfo(np.int32).max
        self.flat, self.shape = flat.astype(np.int32), shape

    @cached_property
    def rows_north_first(self) -> tuple[int, int]:
        """First and end of the rows that contain all pixels, counted from the north."""
        n_rows, n_columns = self.shape
        last, first = int(self.flat[-1]) // n_columns, int(self.flat[0]) // n_columns
        return n_rows - 1 - last, n_rows - first

    @cached_property
    def index_north_first(self) -> np.ndarray:
        """Flat index of each pixel within `rows_north_first`, int32."""
        n_rows, n_columns = self.shape
        row, column = np.divmod(self.flat, np.int32(n_columns))
        return (n_rows - 1 - self.rows_north_first[0] - row) * np.int32(n_columns) + column
