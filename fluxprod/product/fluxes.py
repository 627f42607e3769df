"""The fluxes of the product: NEE of EC-ATM and EC, with mean and spread over the members."""

from typing import NamedTuple

import numpy as np
import xarray as xr

SIGN = (
    "Positive to the atmosphere, negative: uptake by land. Mass of carbon per area of ice-free "
    "land. Without emissions from fire and without river evasion."
)
UNITS = "g m-2 d-1"
MODELS = {
    "nee": ("EC-ATM", "trained on eddy-covariance towers and atmospheric inversions"),
    "nee_ec": ("EC", "trained on eddy-covariance towers only; for comparison"),
}
ON_THE_MAP = {
    "units": UNITS,
    "cell_methods": "area: mean where ice_free_land time: mean",
    "cell_measures": "area: cell_area",
    "grid_mapping": "crs",
    "coverage_content_type": "modelResult",
}


class Ensemble(NamedTuple):
    """Mean and standard deviation over the members [g m-2 d-1], and the number of members."""

    mean: xr.DataArray
    spread: xr.DataArray
    n_members: int


def monthly_ensemble(members: xr.DataArray) -> Ensemble:
    """Mean and spread of monthly means, dims (member, cell, time) to (cell, time) [g m-2 d-1].

    Both are missing where any member is; the spread of a single member is missing everywhere.
    """
    exact, number = members.astype(float), members.sizes["member"]
    mean = exact.mean("member", skipna=False)
    if number == 1:
        return Ensemble(mean, xr.full_like(mean, np.nan), number)
    return Ensemble(mean, exact.std("member", ddof=1, skipna=False), number)


def ensemble_fields(ensembles: dict[str, Ensemble]) -> xr.Dataset:
    """Mean, spread and number of members of each model, with their attributes.

    Parameters
    ----------
    ensembles : dict of Ensemble
        Ensembles by variable name, ``nee`` and ``nee_ec``.

    Returns
    -------
    Dataset
        Fluxes [g m-2 d-1] and numbers of members [1].
    """
    fields = {}
    for name, ensemble in ensembles.items():
        fields[name] = ensemble.mean.assign_attrs(_mean_attributes(name))
        fields[f"{name}_spread"] = ensemble.spread.assign_attrs(_spread_attributes(name))
        fields[f"{name}_members"] = _number_of_members(name, ensemble.n_members)
    return xr.Dataset(fields)


def member_fields(members: dict[str, xr.DataArray]) -> xr.Dataset:
    """NEE of every member by variable name; the dimension ``member`` becomes ``realization``."""
    fields = {}
    for name, values in members.items():
        model, made = MODELS[name]
        fields[name] = values.rename(member="realization").assign_attrs(
            {
                "long_name": f"net ecosystem exchange of carbon, {model}, of each member",
                **ON_THE_MAP,
                "comment": f"{SIGN} Model {model}: {made}. Members are trained on the towers of "
                "different folds.",
            }
        )
    dataset = xr.Dataset(fields).drop_vars("realization", errors="ignore")
    number = np.arange(dataset.sizes["realization"], dtype=np.int32)
    names = {"standard_name": "realization", "long_name": "number of the member", "units": "1"}
    return dataset.assign_coords(realization=("realization", number, names))


def number_of_days(begin: np.ndarray, end: np.ndarray) -> xr.DataArray:
    """Number of days in each mean, the same for every cell, with attributes; dims (time,) [1]."""
    days = ((end - begin) / np.timedelta64(1, "D")).astype(np.int32)
    attributes = {
        "standard_name": "number_of_observations",
        "long_name": "number of days that went into the mean of every cell",
        "units": "1",
        "coverage_content_type": "auxiliaryInformation",
    }
    return xr.DataArray(days, dims="time", attrs=attributes)


def _mean_attributes(name: str) -> dict:
    model, made = MODELS[name]
    return {
        "long_name": f"net ecosystem exchange of carbon, {model}, mean over the ensemble",
        **ON_THE_MAP,
        "ancillary_variables": f"{name}_spread {name}_members",
        "comment": f"{SIGN} Model {model}: {made}.",
    }


def _spread_attributes(name: str) -> dict:
    return {
        "long_name": f"standard deviation over the ensemble of {name}",
        **ON_THE_MAP,
        "cell_methods": f"{ON_THE_MAP['cell_methods']} (then standard deviation over the members)",
        "coverage_content_type": "qualityInformation",
        "comment": f"Sample standard deviation (n - 1) over the members of {name}, of the value "
        "of this cell and period; a spread of models, not a full uncertainty. Members err alike "
        "in neighbouring cells: do not add these as independent errors; for the spread of a sum "
        "use the file of the members or the regional tables.",
    }


def _number_of_members(name: str, n_members: int) -> xr.DataArray:
    attributes = {
        "long_name": f"number of members that went into {name}",
        "units": "1",
        "coverage_content_type": "auxiliaryInformation",
    }
    return xr.DataArray(np.int32(n_members), attrs=attributes)
