"""Maps of MODIS quantities against land cover, climate and one another."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from fluxprod.core.variables import IGBP
from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.displacement import displacement, position_findings
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.vegetation.survey import VegetationSurvey

WOODY = ("ENF", "EBF", "DNF", "DBF", "MF", "WSA")
# R of the differences between neighbours with those of another map
R = {
    ("LST_DAY", "TA"): Limits.above(0.6, 0.3),
    ("LST_NIGHT", "TA"): Limits.above(0.6, 0.3),
    ("NDVI", "woody cover"): Limits.above(0.35, 0.15),
    ("EVI", "NDVI"): Limits.above(0.7, 0.4),
    ("FPAR", "NDVI"): Limits.above(0.6, 0.3),
    ("NDWI", "NDVI"): Limits.above(0.2, 0.05),
    ("BAND4", "darkness of NDVI"): Limits.above(0.1, 0.0),
}

POSITION = Criterion(
    "vegetation.map",
    "coasts, mountains, forests and deserts where ERA5 and the land cover map have them",
    "cold mountains, green forests and bright deserts are in the same place in all sources; no "
    "published value",
    "check latitudes, longitudes and tiles of the MODIS files",
)


def map_findings(
    survey: VegetationSurvey,
    patches: xr.Dataset,
    cells: CellMap,
    air: np.ndarray,
    cover: xr.DataArray,
) -> list[Finding]:
    """Test the place of each quantity.

    Parameters
    ----------
    survey : VegetationSurvey
        Means of the patches.
    patches : Dataset, dims (patch)
        ``patch_cell`` and ``patch_share``.
    cells : CellMap
        Cells of the patches.
    air : ndarray, shape (cell,)
        Mean air temperature [degC].
    cover : DataArray, dims (cell, pft)
        Share of each plant functional type in a cell.

    Returns
    -------
    list of Finding
        A finding for each quantity.
    """
    row = np.searchsorted(cells.cell, patches.patch_cell.values)
    means = {
        name: _of_cells(each.mean, row, patches.patch_share.values, len(cells.cell))
        for name, each in survey.of.items()
    }
    others = {
        "TA": air,
        "woody cover": woody_cover(cover),
        "NDVI": means["NDVI"],
        "darkness of NDVI": -means["NDVI"],
    }
    return list(_positions(means, others, cells))


def woody_cover(cover: xr.DataArray) -> np.ndarray:
    """Share of woody land minus that of barren land, shape (cell,)."""
    code = np.array([IGBP[int(number)] for number in cover.pft.values])
    share = cover.transpose("cell", "pft").values
    difference: np.ndarray = share[:, np.isin(code, WOODY)].sum(axis=1) - share[
        :, code == "BSV"
    ].sum(axis=1)
    return difference


def _of_cells(values: np.ndarray, row: np.ndarray, share: np.ndarray, n_cells: int) -> np.ndarray:
    """Average patches over their cells, shape (patch,) to (cell,)."""
    known = np.isfinite(values)
    total = np.bincount(row[known], (share * values)[known], n_cells)
    weight = np.bincount(row[known], share[known], n_cells)
    mean: np.ndarray = np.divide(total, weight, out=np.full(n_cells, np.nan), where=weight > 0.0)
    return mean


def _positions(
    means: dict[str, np.ndarray], others: dict[str, np.ndarray], cells: CellMap
) -> Iterator[Finding]:
    for (name, other), limits in R.items():
        found = displacement(cells.spread(means[name]), cells.spread(others[other]))
        yield from position_findings(POSITION, name, {f"with {other}": found}, limits)
