"""The files of the product as datasets ready to be written."""

import pandas as pd
import xarray as xr

from fluxprod.product.attributes import global_attributes
from fluxprod.product.coordinates import day_bounds, month_bounds, with_coordinates
from fluxprod.product.fluxes import Ensemble, flux_fields, monthly_ensemble
from fluxprod.product.land import land_fields
from fluxprod.product.packing import packed_daily, packed_monthly

DESCRIPTIONS = {
    "daily": "daily NEE of EC-ATM and EC with spread, one year, NetCDF-4, CF-1.11",
    "monthly": "monthly NEE of EC-ATM and EC with spread, whole period, NetCDF-4, CF-1.11",
    "regional-monthly": "monthly totals of 18 regions, unassigned land and the globe, from the "
    "values in the monthly file",
}


def daily_file(
    models: dict[str, xr.Dataset], geography: xr.Dataset, year: int, *, labels: dict
) -> xr.Dataset:
    """One year of daily fluxes.

    Parameters
    ----------
    models : dict
        Stores of the forward run by name of the variable (``nee``, ``nee_ec``): ``NEE_mean`` and
        ``NEE_spread`` (cell, time), ``NEE_month`` (member, cell, month) [g m-2 d-1].
    geography : Dataset
        Land cells of the grid.
    year : int
    labels : dict
        Title, version, world and period of the product.
    """
    ensembles = {}
    for name, store in models.items():
        days = store[["NEE_mean", "NEE_spread"]].sel(time=str(year)).load()
        ensembles[name] = Ensemble(days.NEE_mean, days.NEE_spread)
    size = {name: store.sizes["member"] for name, store in models.items()}
    fields = flux_fields(ensembles, size, geography.lat, geography.lon)
    bounds = day_bounds(pd.DatetimeIndex(fields.time.values))
    whole = with_coordinates(fields.merge(land_fields(geography)), bounds)
    whole.attrs = global_attributes(whole, content="daily", years=range(year, year + 1), **labels)
    return packed_daily(whole)


def monthly_file(
    models: dict[str, xr.Dataset], geography: xr.Dataset, *, labels: dict
) -> xr.Dataset:
    """The whole period of monthly fluxes; arguments as of `daily_file`."""
    ensembles = {name: monthly_ensemble(store.NEE_month) for name, store in models.items()}
    size = {name: store.sizes["member"] for name, store in models.items()}
    fields = flux_fields(ensembles, size, geography.lat, geography.lon)
    bounds = month_bounds(pd.DatetimeIndex(fields.time.values))
    whole = with_coordinates(fields.merge(land_fields(geography)), bounds)
    whole.attrs = global_attributes(whole, content="monthly", years=labels["period"], **labels)
    return packed_monthly(whole)
