"""The files of the product as datasets ready to be written; gridded fields are lazy."""

from typing import NamedTuple

import pandas as pd
import xarray as xr

from fluxprod.product.attributes import global_attributes
from fluxprod.product.coordinates import (
    day_bounds,
    month_bounds,
    with_map,
    with_times,
    year_bounds,
)
from fluxprod.product.edition import Edition
from fluxprod.product.fluxes import (
    MODELS,
    Ensemble,
    ensemble_fields,
    member_fields,
    monthly_ensemble,
    number_of_days,
)
from fluxprod.product.gridding import on_grid
from fluxprod.product.land import land_fields
from fluxprod.product.regional import regional_dataset, regional_series
from fluxprod.product.storage import STORAGE, rounded


class Sources(NamedTuple):
    """Inputs of the gridded files.

    Parameters
    ----------
    stores : dict of Dataset
        Stores of the forward run by variable name (``nee``, ``nee_ec``), each with ``NEE_mean`` and
        ``NEE_spread``, dims (cell, time), and ``NEE_month``, dims (member, cell, month)
        [g m-2 d-1].
    geography : Dataset
        Land cells of the grid.
    edition : Edition
        Edition of the product.
    """

    stores: dict[str, xr.Dataset]
    geography: xr.Dataset
    edition: Edition


def daily_file(sources: Sources, years: range) -> xr.Dataset:
    """File of daily fluxes of the given years."""
    ensembles = {}
    for name, store in sources.stores.items():
        days = store[["NEE_mean", "NEE_spread"]].sel(time=slice(f"{years[0]}", f"{years[-1]}"))
        days = days.chunk(cell=-1, time=STORAGE["daily"].slab)
        ensembles[name] = Ensemble(days.NEE_mean, days.NEE_spread, store.sizes["member"])
    return _gridded(ensemble_fields(ensembles), sources, "daily", years)


def monthly_file(sources: Sources) -> xr.Dataset:
    """File of monthly fluxes of the whole period."""
    members = _monthly_members(sources, "monthly")
    ensembles = {name: monthly_ensemble(each) for name, each in members.items()}
    return _gridded(ensemble_fields(ensembles), sources, "monthly", sources.edition.period)


def members_file(sources: Sources) -> xr.Dataset:
    """File of monthly fluxes of every member, for the whole period."""
    content = "monthly-members"
    fields = member_fields(_monthly_members(sources, content))
    return _gridded(fields, sources, content, sources.edition.period)


def _monthly_members(sources: Sources, content: str) -> dict[str, xr.DataArray]:
    slab = STORAGE[content].slab
    stored = {name: store.NEE_month.rename(month="time") for name, store in sources.stores.items()}
    return {name: each.chunk(member=-1, cell=-1, time=slab) for name, each in stored.items()}


def _gridded(fields: xr.Dataset, sources: Sources, content: str, years: range) -> xr.Dataset:
    """Put fields of land cells on the map and add coordinates, land fields and attributes."""
    land = sources.geography
    fields = rounded(fields, STORAGE[content])  # before the sea, which needs no rounding, is added
    on_map = fields.drop_dims("cell")
    for name, field in fields.data_vars.items():
        if "cell" in field.dims:
            on_map[name] = on_grid(field, land.lat, land.lon).assign_attrs(field.attrs)
    on_map = on_map.transpose("time", "realization", "lat", "lon", missing_dims="ignore")
    bounds = {"daily": day_bounds}.get(content, month_bounds)(pd.DatetimeIndex(on_map.time.values))
    if content != "daily":
        on_map["days"] = number_of_days(*(side.values for side in bounds))
        for name in MODELS:
            others = on_map[name].attrs.get("ancillary_variables", "")
            on_map[name].attrs["ancillary_variables"] = f"{others} days".strip()
    least = sources.edition.provenance.params["geography"]["min_land_fraction"]
    whole = with_map(with_times(on_map.merge(land_fields(land, least)), bounds))
    whole.attrs = global_attributes(whole, sources.edition, content=content, years=years)
    return whole


def regional_files(
    monthly: xr.Dataset, members: xr.Dataset, inversions: xr.Dataset, edition: Edition
) -> dict[str, xr.Dataset]:
    """Files of monthly and annual totals of regions, by content.

    Parameters
    ----------
    monthly, members, inversions : Dataset
        Arguments of `regional_series`.
    edition : Edition
        Edition of the product.

    Returns
    -------
    dict of Dataset
        "regional-monthly" and "regional-annual".
    """
    months = pd.DatetimeIndex(inversions.time.values)
    bounds = {
        "regional-monthly": month_bounds(months),
        "regional-annual": year_bounds(months[::12]),
    }
    files = {}
    for content, series in regional_series(monthly, members, inversions).items():
        table = with_times(regional_dataset(series, bounds[content][0]), bounds[content])
        table.attrs = global_attributes(table, edition, content=content, years=edition.period)
        files[content] = table
    return files
