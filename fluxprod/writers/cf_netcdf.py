"""Product files: NetCDF-4, whole or absent."""

from pathlib import Path

import dask
import xarray as xr

from fluxprod.writers.whole_file import whole


def write_netcdf(dataset: xr.Dataset, path: Path, encoding: dict[str, dict]) -> None:
    """Write a dataset; what is lazy in it is computed block by block, in one order.

    Time is a record dimension: NCO then concatenates files, and time may come before members.
    """
    with whole(path) as beside, dask.config.set(scheduler="synchronous"):
        dataset.to_netcdf(
            beside, engine="netcdf4", format="NETCDF4", unlimited_dims=["time"], encoding=encoding
        )
