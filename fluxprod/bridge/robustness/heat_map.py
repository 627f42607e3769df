"""The robustness of the selected pixels and of the fits, as a dataset."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from fluxprod.bridge.robustness.selection import Draws, composition
from fluxprod.core.regions import ABBREVIATIONS, REGIONS, regional_sums

DECIMALS = 6


def heat_map_dataset(parts: Sequence[tuple[np.ndarray, Draws]], land: xr.Dataset) -> xr.Dataset:
    """Combine the draws of all regions into one dataset.

    Parameters
    ----------
    parts : sequence of (ndarray of int, Draws)
        Positions of a region's cells among all land cells, and its draws; one pair per region.
    land : Dataset
        ``cell_region``, ``land_area`` [m2] (cell) and ``pft_fraction`` (cell, pft).

    Returns
    -------
    Dataset
        Per cell: ``n_drawn`` and ``n_chosen`` (Fig. B2). Per region and draw: ``r2``,
        ``n_contributions`` and ``shift``. Per region: their mean and standard deviation over the
        draws, and the expected overlap of two draws. Per plant functional type: its share of the
        selections and of all cells, in the globe (Fig. B3) and in each region (Fig. B4).
    """
    drawn, chosen = np.zeros((2, land.sizes["cell"]), dtype=np.int32)
    for at, draws in parts:
        drawn[at], chosen[at] = draws.drawn, draws.chosen
    dataset = xr.Dataset(
        {
            "n_drawn": ("cell", drawn, {"long_name": "draws in which the cell was a candidate"}),
            "n_chosen": ("cell", chosen, {"long_name": "draws in which the cell contributed"}),
        },
        coords={"cell": land.cell.values, "region": list(ABBREVIATIONS)},
        attrs={"title": "repeated choice of contributing pixels"},
    )
    summaries = [_stability(parts, land), _compositions(chosen, land)]
    return xr.merge([dataset, *summaries], combine_attrs="override").round(DECIMALS)


def _stability(parts: Sequence[tuple[np.ndarray, Draws]], land: xr.Dataset) -> xr.Dataset:
    n_draws = len(parts[0][1].r2)
    area = regional_sums(land.land_area.values, land.cell_region.values)[:-1]
    with_data = np.array([land.land_area.values[at].sum() for at, _ in parts])
    covered = np.divide(with_data, area, out=np.zeros_like(area), where=area > 0)
    each = {
        "r2": ([draws.r2 for _, draws in parts], "R2 in training"),
        "n_contributions": (
            [draws.n_chosen.astype(np.int32) for _, draws in parts],
            "contributing cells",
        ),
        "shift": (
            [draws.share_sum * known for (_, draws), known in zip(parts, covered, strict=True)],
            "answer to a uniform shift over that of the integral",
        ),
    }
    dataset = xr.Dataset()
    for name, (values, meaning) in each.items():
        table = np.reshape(values, (-1, n_draws))
        dataset[name] = ("region", "draw"), table, {"units": "1", "long_name": meaning}
        for statistic in ("mean", "std"):
            of_draws = getattr(table, statistic)(axis=1)
            dataset[f"{name}_{statistic}"] = "region", of_draws, {"units": "1"}
    for name in ("overlap_drawn", "overlap_chosen"):
        overlap = [getattr(draws, name) for _, draws in parts]
        meaning = "Jaccard index of two draws, mean of all pairs"
        dataset[name] = "region", overlap, {"units": "1", "long_name": meaning}
    return dataset


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
        dataset[f"pft_share_{name}"] = ("region", "pft"), share[:-1], {"units": "1"}
        dataset[f"pft_share_{name}_global"] = "pft", share[-1], {"units": "1"}
    return dataset
