"""Product files: NetCDF-4, as their datasets say, whole or absent."""

from pathlib import Path

import xarray as xr

from fluxprod.writers.whole_file import whole


def write_netcdf(dataset: xr.Dataset, path: Path) -> None:
    """Write a dataset whose variables carry their own encoding."""
    with whole(path) as beside:
        dataset.to_netcdf(beside, engine="netcdf4", format="NETCDF4", unlimited_dims=[])
