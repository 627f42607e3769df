"""Displacement of a map, found from the differences between neighbours on a parallel.

These differences come from coasts, mountains and biomes, which are where they are in every year,
and in every source. The weather of a year and biases of a source are smooth and cancel.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.core.grid import Grid, regrid
from fluxprod.core.scores import pearson_r
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.wording import listed

REACH = 8  # cells to the east and west that are tried
FEWEST = 100  # pairs of neighbours that a correlation needs
UNKNOWN = -1.0  # [1] stands for R of maps that hardly overlap, such as mirrored continents
CLEAR = 0.5  # [1] R that shows where a map belongs although it hardly overlaps as it is
MARGIN = 0.05  # [1] by which R must be larger elsewhere; about twice its error with 2,000 pairs


class Displacement(NamedTuple):
    """Where a map fits another one best.

    Parameters
    ----------
    r : float
        Pearson's R of the differences between neighbours, as the maps are [1].
    best : float
        Largest R that any displacement gives [1].
    where : str
        This displacement in words; empty if none gives a distinctly larger R.
    """

    r: float
    best: float
    where: str

    def __str__(self) -> str:
        elsewhere = f" and of {self.best:.2f} if {self.where}" if self.where else ""
        return f"R of {self.r:.2f}{elsewhere}"


def position_findings(
    criterion: Criterion, subject: str, maps: Mapping[str, Displacement | None], limits: Limits
) -> Iterator[Finding]:
    """Judge the place of several maps, such as those of all years.

    Parameters
    ----------
    criterion : Criterion
        Requirement.
    subject : str
        Variable.
    maps : mapping of str to Displacement or None
        Results by a phrase that names the map, such as "in 2004"; None if it is unknown.
    limits : Limits
        Of R.

    Yields
    ------
    Finding
        One finding, or none if no result is known.
    """
    known = {name: each for name, each in maps.items() if each is not None}
    if not known:
        return
    low, high = limits.stop[0], limits.warn[0]
    wrong = {name: each for name, each in known.items() if each.where or not each.r >= low}
    unusual = {name: each for name, each in known.items() if not each.r >= high}
    shown = wrong or unusual or dict([min(known.items(), key=lambda item: item[1].r)])
    found = listed([f"{each} {name}".rstrip() for name, each in shown.items()])
    yield criterion.finding(subject, found, stop=bool(wrong), warn=bool(unusual))


def displacement(
    field: xr.DataArray, other: xr.DataArray, finest: float = 0.0
) -> Displacement | None:
    """Find the displacement at which a map fits another one best.

    Parameters
    ----------
    field, other : DataArray, dims (..., lat, lon)
        Maps that cover the globe, NaN where they have no value; the finer one is averaged to the
        grid of the other.
    finest : float, optional
        Finest grid on which the maps are compared [degree].

    Returns
    -------
    Displacement or None
        None if too few neighbours have values, in whatever position.
    """
    grid = Grid(max(finest, 180.0 / min(field.sizes["lat"], other.sizes["lat"])))
    first, second = (_on(each, grid) for each in (field, other))
    fits = {where: _fit(moved, second) for where, moved in _moved(first)}
    r = fits.pop("")
    where, best = max(fits.items(), key=lambda fit: fit[1])
    if r == UNKNOWN and best < CLEAR:
        return None
    return Displacement(r, max(r, best), where if best > r + MARGIN else "")


def _on(field: xr.DataArray, grid: Grid) -> np.ndarray:
    if field.shape[-2:] == grid.shape:
        return np.asarray(field.values)
    return np.asarray(regrid(field, grid).values)


def _moved(field: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Move a map in all ways that are tried.

    Yields
    ------
    (str, ndarray)
        The displacement in words, and the moved map; the first one is the map as it is.
    """
    for rows in (0, -1, 1):
        for columns in (0, *range(-REACH, 0), *range(1, REACH + 1)):
            yield _words(rows, columns), np.roll(field, (rows, columns), (-2, -1))
    yield "turned by 180 degrees of longitude", np.roll(field, field.shape[-1] // 2, -1)
    yield "mirrored from north to south", field[..., ::-1, :]


def _words(rows: int, columns: int) -> str:
    steps = ((columns, "east", "west"), (rows, "north", "south"))
    parts = [
        f"{abs(n)} cell{'s' if abs(n) > 1 else ''} {ahead if n > 0 else back}"
        for n, ahead, back in steps
        if n
    ]
    return f"moved {' and '.join(parts)}" if parts else ""


def _fit(first: np.ndarray, second: np.ndarray) -> float:
    x, y = (np.roll(each, -1, axis=-1) - each for each in (first, second))
    both = np.isfinite(x) & np.isfinite(y)
    r = float(pearson_r(x[both], y[both])) if both.sum() >= FEWEST else UNKNOWN
    return r if np.isfinite(r) else 0.0  # one of them is constant
