"""Records of sites, with what the search on inner folds must know of each."""

from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True)
class SiteRecords:
    """Records of sites on which networks are trained and compared.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
    site : ndarray, shape (record,)
        Site of each record.
    weight : ndarray, shape (record,)
        Weight of each record in the draws of training, for example the days it stands for [1].
    judged : ndarray of bool, shape (record,)
        Records whose errors count in the comparison; all others only train.
    drivers : tuple of str, optional
        Names of the drivers, needed if a candidate has noise on them.
    """

    x: np.ndarray
    y: np.ndarray
    site: np.ndarray
    weight: np.ndarray
    judged: np.ndarray
    drivers: tuple[str, ...] = ()

    @classmethod
    def alike(
        cls, x: np.ndarray, y: np.ndarray, site: np.ndarray, drivers: tuple[str, ...] = ()
    ) -> Self:
        """Make records that all weigh the same and are all judged."""
        return cls(x, y, site, np.ones(len(y)), np.ones(len(y), bool), drivers)

    def __len__(self) -> int:
        return len(self.y)

    def rows(self, keep: np.ndarray) -> "SiteRecords":
        """Select records by a mask or by positions."""
        x, y, site, weight, judged = (
            part[keep] for part in (self.x, self.y, self.site, self.weight, self.judged)
        )
        return SiteRecords(x, y, site, weight, judged, self.drivers)
