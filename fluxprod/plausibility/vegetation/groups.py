"""Groups of patches by land cover and latitude."""

from typing import NamedTuple

import numpy as np

from fluxprod.core.variables import IGBP

COVERS = {
    "evergreen broadleaf forest": ("EBF",),
    "other forest": ("ENF", "DNF", "DBF", "MF"),
    "other vegetation": ("CSH", "OSH", "WSA", "SAV", "GRA", "WET", "CRO", "CVM"),
    "barren land": ("BSV",),
}
ZONES = {"north of 30 N": (30.0, 90.0), "30 S to 30 N": (-30.0, 30.0), "south of 30 S": (-90, -30)}
SEASONAL = ("other forest", "other vegetation")
FEWEST = 20  # patches that a group needs


class PatchGroups(NamedTuple):
    """Groups of patches, each of one land cover in one zone.

    Parameters
    ----------
    names : list of (str, str)
        Cover and zone of each group.
    weight : ndarray, shape (group, patch)
        Area of each patch in its group, zero elsewhere.
    """

    names: list[tuple[str, str]]
    weight: np.ndarray

    @classmethod
    def of(cls, pft: np.ndarray, lat: np.ndarray, area: np.ndarray) -> "PatchGroups":
        """Sort patches, shape (patch,), into groups; those of too few patches are left out."""
        code = np.array([IGBP[number] for number in pft.tolist()])
        names, weights = [], []
        for cover, classes in COVERS.items():
            for zone, (south, north) in ZONES.items():
                inside = np.isin(code, classes) & (lat > south) & (lat <= north)
                if inside.sum() >= FEWEST:
                    names.append((cover, zone))
                    weights.append(np.where(inside, area, 0.0))
        return cls(names, np.array(weights).reshape(len(names), len(pft)))

    def rows(self, covers: tuple[str, ...], zone: str) -> list[int]:
        """Positions of the groups of some covers in a zone."""
        return [
            i for i, (cover, where) in enumerate(self.names) if cover in covers and zone == where
        ]
