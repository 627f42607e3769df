"""The fluxes of the product: NEE of EC-ATM and EC, mean and spread over the members."""

from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.product.gridding import on_grid

SIGN = (
    "Positive to the atmosphere, negative: uptake by land. Mass of carbon per area of ice-free "
    "land. Without emissions from fire and without river evasion."
)
MODELS = {
    "nee": ("EC-ATM", "trained on eddy-covariance towers and atmospheric inversions"),
    "nee_ec": ("EC", "trained on eddy-covariance towers only; for comparison"),
}


class Ensemble(NamedTuple):
    """Mean and standard deviation over the members, dims (cell, time) [g m-2 d-1]."""

    mean: xr.DataArray
    spread: xr.DataArray


def monthly_ensemble(members: xr.DataArray) -> Ensemble:
    """Mean and spread of monthly means, dims (member, cell, month) to (cell, time) [g m-2 d-1]."""
    members = members.rename(month="time").astype(float)
    return Ensemble(members.mean("member"), members.std("member", ddof=1))


def _mean_attributes(name: str, n_members: int) -> dict:
    model, made = MODELS[name]
    return {
        "long_name": f"net ecosystem exchange of carbon, {model}, mean over the ensemble",
        "units": "g m-2 d-1",
        "cell_methods": "area: mean where ice_free_land time: mean",
        "cell_measures": "area: cell_area",
        "grid_mapping": "crs",
        "ancillary_variables": f"{name}_spread",
        "comment": f"{SIGN} Model {model}: {made}. {n_members} members.",
    }


def _spread_attributes(name: str, n_members: int) -> dict:
    return {
        "long_name": f"standard deviation over the ensemble of {name}",
        "units": "g m-2 d-1",
        "cell_methods": "area: mean where ice_free_land time: mean",
        "cell_measures": "area: cell_area",
        "grid_mapping": "crs",
        "comment": f"Sample standard deviation (n - 1) over {n_members} members of {name}, of "
        "the value of this cell and period; a spread of models, not a full uncertainty. Members "
        "err alike in neighbouring cells: do not add these as independent errors.",
    }


def flux_fields(
    ensembles: dict[str, Ensemble], n_members: dict[str, int], lat: xr.DataArray, lon: xr.DataArray
) -> xr.Dataset:
    """All fluxes on the map with their attributes.

    Parameters
    ----------
    ensembles : dict
        By name of the variable, ``nee`` and ``nee_ec``.
    n_members : dict
        Size of each ensemble [1].
    lat, lon : DataArray
        The grid.

    Returns
    -------
    Dataset, dims (time, lat, lon) [g m-2 d-1]
    """
    fields = {}
    for name, (mean, spread) in ensembles.items():
        for field, values, attributes in (
            (name, mean, _mean_attributes),
            (f"{name}_spread", spread, _spread_attributes),
        ):
            fields[field] = on_grid(values, lat, lon)
            fields[field].attrs = attributes(name, n_members[name])
    return xr.Dataset(fields)


def rounded(field: xr.DataArray, step: float) -> xr.DataArray:
    """Nearest multiples of ``step``, as float32."""
    return ((field.astype(float) / step).round() * step).astype(np.float32)
