"""What is common to all files of one edition of the product."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from fluxprod.core.citation import Citation
from fluxprod.core.provenance import Provenance


@dataclass(frozen=True)
class Edition:
    """One making of the product.

    Parameters
    ----------
    citation : Citation
        Title, version, creators, licence.
    world : str
        "synthetic" or "observed".
    period : range
        Years of the whole run: the inversions of all of them went into every file.
    resolution : float
        Of the grid [degree].
    provenance : Provenance
    fire_climatology : tuple of int
        Years whose fires are the climatology of GFAS.
    cells_without_flux : int
        Land cells that lack a driver at some time.
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
        """First and last year, as in names of files."""
        return f"{self.period[0]}-{self.period[-1]}"


def years_of_climatology(inversions: xr.Dataset) -> tuple[int, ...]:
    """Years that have a month whose fires are a climatology.

    Parameters
    ----------
    inversions : Dataset
        ``fire_is_climatology`` (time).
    """
    years = inversions.time.dt.year.values[inversions.fire_is_climatology.values.astype(bool)]
    return tuple(map(int, np.unique(years)))


def cells_without_flux(months: list[xr.DataArray]) -> int:
    """Land cells of which some member or model lacks a month.

    Parameters
    ----------
    months : list of DataArray, dims (member, cell, month)
        Monthly means [g m-2 d-1]; a month lacks where one of its days does.
    """
    lacking = [each.isnull().any([dim for dim in each.dims if dim != "cell"]) for each in months]
    return int(np.logical_or.reduce([each.values for each in lacking]).sum())
