"""An edition of the product: what all of its files have in common."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from fluxprod.core.citation import Citation
from fluxprod.core.provenance import Provenance


@dataclass(frozen=True)
class Edition:
    """One edition of the product.

    Parameters
    ----------
    citation : Citation
        Title, version, creators and licence.
    world : str
        "synthetic" or "observed".
    period : range
        Years of the whole run, as every file depends on the inversions of all of them.
    resolution : float
        Cell size of the grid [degree].
    provenance : Provenance
        Parameters, raw files and code from which it was made.
    fire_climatology : tuple of int, optional
        Years whose fire emissions are the climatology of GFAS.
    cells_without_flux : int, optional
        Number of land cells that lack a driver at some time.
    """

    citation: Citation
    world: str
    period: range
    resolution: float
    provenance: Provenance
    fire_climatology: tuple[int, ...] = ()
    cells_without_flux: int = 0

    @property
    def span(self) -> str:
        """First and last year, as in file names."""
        return f"{self.period[0]}-{self.period[-1]}"


def years_of_climatology(inversions: xr.Dataset) -> tuple[int, ...]:
    """Years with at least one month whose fire emissions are a climatology.

    Parameters
    ----------
    inversions : Dataset
        With the flag ``fire_is_climatology``, dims (time,).

    Returns
    -------
    tuple of int
        Years in ascending order.
    """
    years = inversions.time.dt.year.values[inversions.fire_is_climatology.values.astype(bool)]
    return tuple(map(int, np.unique(years)))


def cells_without_flux(months: list[xr.DataArray]) -> int:
    """Count the land cells for which a month of any member or model is missing.

    Parameters
    ----------
    months : list of DataArray, dims (member, cell, month)
        Monthly means of each model; a month is missing if one of its days is [g m-2 d-1].

    Returns
    -------
    int
        Number of cells.
    """
    missing = [each.isnull().any([dim for dim in each.dims if dim != "cell"]) for each in months]
    return int(np.logical_or.reduce([each.values for each in missing]).sum())
