"""The bridge as a self-explanatory dataset: cells, coefficients and their quality."""

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr

from fluxprod.bridge.cell_fluxes import cells_with_data
from fluxprod.bridge.checks import shift_response
from fluxprod.bridge.region import RegionalBridge, bridge_region
from fluxprod.bridge.settings import BridgeSettings
from fluxprod.core.regions import ABBREVIATIONS, REGIONS, Region, regional_sums

FORMULA = (
    "regional total [Pg month-1] = 1e-15 * days of the month * "
    "(sum over the region's contributions of theta * NEE of the cell + intercept), "
    "NEE the monthly mean [g m-2 d-1] of carbon, positive to the atmosphere"
)
DECIMALS = 6  # of r2 and shift, whose last bits differ between processors


def fit_bridge(
    fluxes: xr.Dataset,
    settings: BridgeSettings,
    *,
    threads: int = 1,
    regions: Iterable[Region] = REGIONS,
) -> xr.Dataset:
    """Fit the models of all regions (Upton et al., section 3.4).

    Parameters
    ----------
    fluxes : Dataset
        Cell fluxes, as returned by `fluxprod.bridge.cell_fluxes.cell_fluxes`.
    settings : BridgeSettings
        Candidates and fit.
    threads : int
        Number of threads [1].
    regions : iterable of Region
        All regions in their order, for instance in a progress bar.

    Returns
    -------
    Dataset
        As returned by `bridge_dataset`.
    """
    parts = [bridge_region(fluxes, region.number, settings, threads=threads) for region in regions]
    return bridge_dataset(
        parts, fluxes, method=settings.method, cells_per_step=settings.cells_per_step
    )


def bridge_dataset(
    parts: Sequence[RegionalBridge], fluxes: xr.Dataset, *, method: str, cells_per_step: int
) -> xr.Dataset:
    """Combine the regional models into one dataset.

    Parameters
    ----------
    parts : sequence of RegionalBridge
        Models in the order of the regions.
    fluxes : Dataset
        Cell fluxes to which they were fitted.
    method : str
        Method of the fit: ``lasso``, ``anchored``, ``sampled`` or ``exact``.
    cells_per_step : int
        Number of cells that ``sampled`` draws in each region at a training step.

    Returns
    -------
    Dataset
        Per contribution: ``cell`` (flat index in the target grid), ``contribution_region``,
        ``theta`` [m2]. Per region: ``intercept`` [g d-1], R2 and the checks. Per land cell:
        ``cluster`` and ``is_candidate``. ``n_drawn``: number of contributions of a region that a
        training step draws at random, in proportion to theta; 0 if every step uses all.
    """
    dataset = xr.merge([_contributions(parts, fluxes), _cells(parts, fluxes)])
    land_area = regional_sums(fluxes.land_area.values, fluxes.cell_region.values)[:-1]
    dataset = dataset.merge(_regions(parts, land_area))
    shift = shift_response(dataset.theta.values, dataset.contribution_region.values, land_area)
    dataset["shift"] = _per_region(
        np.round(shift, DECIMALS), "1", "answer to a uniform shift over that of the integral"
    )
    dataset["n_missing"] = _per_region(
        _missing(fluxes), "1", "land cells without data, which no fit and no cluster knows"
    )
    n_drawn = cells_per_step if method == "sampled" else 0
    dataset["n_drawn"] = (
        (),
        np.int32(n_drawn),
        {"units": "1", "long_name": "cells of a region drawn at each training step, 0 for all"},
    )
    dataset.attrs = {
        "title": "linear models of regional carbon fluxes",
        "method": method,
        "formula": FORMULA,
    }
    return dataset


def _contributions(parts: Sequence[RegionalBridge], fluxes: xr.Dataset) -> xr.Dataset:
    used = [np.flatnonzero(part.model.theta) for part in parts]
    at = np.concatenate(
        [part.at[part.model.candidate[u]] for part, u in zip(parts, used, strict=True)]
    ).astype(int)
    theta = np.concatenate([part.model.theta[u] for part, u in zip(parts, used, strict=True)])
    number = np.repeat([part.number for part in parts], [len(u) for u in used])
    dim = "contribution"
    return xr.Dataset(
        {
            "cell": (
                dim,
                fluxes.cell.values[at],
                {"long_name": "flat index, row * n_lon + column"},
            ),
            "cell_lat": (dim, fluxes.cell_lat.values[at], {"units": "degree_north"}),
            "cell_lon": (dim, fluxes.cell_lon.values[at], {"units": "degree_east"}),
            "contribution_region": (dim, number.astype(np.int8), {"long_name": "region number"}),
            "theta": (dim, theta, {"units": "m2", "long_name": "area that the cell stands for"}),
        }
    )


def _cells(parts: Sequence[RegionalBridge], fluxes: xr.Dataset) -> xr.Dataset:
    cluster = np.full(fluxes.sizes["cell"], -1, dtype=np.int16)
    candidate = np.zeros(fluxes.sizes["cell"], dtype=np.int8)
    for part in parts:
        cluster[part.at] = part.cluster
        candidate[part.at[part.model.candidate]] = 1
    dim = "cell_all"
    return xr.Dataset(
        {
            "cluster": (dim, cluster, {"long_name": "cluster in its region, -1 for none"}),
            "is_candidate": (dim, candidate, {"long_name": "1 where the regression could choose"}),
        },
        coords={dim: fluxes.cell.values},
    )


def _regions(parts: Sequence[RegionalBridge], land_area: np.ndarray) -> xr.Dataset:
    models = [part.model for part in parts]
    columns = {
        "intercept": ([model.intercept for model in models], "g d-1", "intercept"),
        "alpha": ([model.penalty for model in models], "g2 m-4 d-2", "penalty of the fit"),
        "r2": ([model.r2 for model in models], "1", "R2 in training"),
        "r2_cv": ([model.r2_cv for model in models], "1", "R2 of years left out"),
        "n_candidates": ([len(model.candidate) for model in models], "1", "candidates"),
        "n_contributions": ([(model.theta != 0).sum() for model in models], "1", "contributions"),
        "land_area": (land_area, "m2", "land area"),
    }
    return xr.Dataset(
        {
            name: _per_region(_rounded(np.asarray(values)), units, meaning)
            for name, (values, units, meaning) in columns.items()
        },
        coords={"region": list(ABBREVIATIONS)},
    )


def _rounded(values: np.ndarray) -> np.ndarray:
    return np.round(values, DECIMALS) if values.dtype.kind == "f" else values.astype(np.int32)


def _per_region(values: np.ndarray, units: str, meaning: str) -> xr.DataArray:
    return xr.DataArray(values, dims="region", attrs={"units": units, "long_name": meaning})


def _missing(fluxes: xr.Dataset) -> np.ndarray:
    number = fluxes.cell_region.values
    return np.array(
        [(number == r.number).sum() - len(cells_with_data(fluxes, r.number)) for r in REGIONS],
        np.int32,
    )
