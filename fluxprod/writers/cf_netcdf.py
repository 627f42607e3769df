"""Product files: NetCDF-4, whole or absent."""

from pathlib import Path

import dask
import xarray as xr

from fluxprod.core.atomic_output import atomic_output


def write_netcdf(dataset: xr.Dataset, path: Path, encoding: dict[str, dict]) -> None:
    """Write a dataset; what is lazy in it is computed block by block.

    Time is a record dimension: NCO then concatenates files, and time may come before members.
    Lazy variables follow one by one, as dask writes several in an order that is never the same.
    """
    lazy = [name for name, variable in dataset.variables.items() if variable.chunks]
    parts = [dataset.drop_vars(lazy), *(dataset[[n]].drop_vars(dataset.coords) for n in lazy)]
    with atomic_output(path) as beside, dask.config.set(scheduler="synchronous"):
        for part in parts:
            part.to_netcdf(
                beside,
                mode="a" if beside.exists() else "w",
                engine="netcdf4",
                format="NETCDF4",
                unlimited_dims=["time"],
                encoding={name: encoding[str(name)] for name in part.variables},
            )
