"""The robustness of the choice of pixels, as a dataset."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from fluxprod.bridge.selection import Draws, composition
from fluxprod.regions import ABBREVIATIONS, REGIONS

DECIMALS = 6


def as_dataset(parts: Sequence[tuple[np.ndarray, Draws]], land: xr.Dataset) -> xr.Dataset:
    """Put the draws of all regions into one dataset.

    Parameters
    ----------
    parts : sequence of (ndarray of int, Draws)
        Positions of a region's cells among all land cells, and its draws; one per region.
    land : Dataset
        ``cell_region`` (cell) and ``pft_fraction`` (cell, pft).

    Returns
    -------
    Dataset
        Per cell: ``n_drawn`` and ``n_chosen`` (Fig. B2). Per region and draw: ``r2`` and
        ``n_contributions``. Per plant functional type: its share of the choices and of all cells,
        of all regions together (Fig. B3) and of each (Fig. B4).
    """
    cells, n_draws = land.sizes["cell"], len(parts[0][1].r2)
    drawn, chosen = np.zeros((2, cells), dtype=np.int32)
    for at, draws in parts:
        drawn[at], chosen[at] = draws.drawn, draws.chosen
    r2 = np.array([draws.r2 for _, draws in parts]).reshape(-1, n_draws)
    size = np.array([draws.n_chosen for _, draws in parts], np.int32).reshape(-1, n_draws)
    dataset = xr.Dataset(
        {
            "n_drawn": ("cell", drawn, {"long_name": "draws in which the cell was a candidate"}),
            "n_chosen": ("cell", chosen, {"long_name": "draws in which the cell contributed"}),
            "r2": (("region", "draw"), np.round(r2, DECIMALS), {"units": "1"}),
            "n_contributions": (("region", "draw"), size),
        },
        coords={"cell": land.cell.values, "region": list(ABBREVIATIONS)},
        attrs={"title": "repeated choice of contributing pixels"},
    )
    return dataset.merge(_compositions(chosen, land))


def _compositions(chosen: np.ndarray, land: xr.Dataset) -> xr.Dataset:
    types = land.pft.values
    majority = types[land.pft_fraction.values.argmax(axis=1)]
    of = {"chosen": chosen, "all": np.ones_like(chosen)}
    shares = {
        name: composition(weight, majority, land.cell_region.values, types, len(REGIONS))
        for name, weight in of.items()
    }
    dataset = xr.Dataset(coords={"pft": types})
    for name, share in shares.items():
        share = np.round(share, DECIMALS)
        dataset[f"pft_share_{name}"] = ("region", "pft"), share[:-1], {"units": "1"}
        dataset[f"pft_share_{name}_global"] = "pft", share[-1], {"units": "1"}
    return dataset
