"""Product files in NetCDF-4, either complete or absent."""

from pathlib import Path

import dask
import xarray as xr

from fluxprod.core.atomic_output import atomic_output


def write_netcdf(dataset: xr.Dataset, path: Path, encoding: dict[str, dict]) -> None:
    """Write a dataset, computing its lazy variables block by block.

    Time is a record dimension, so that NCO can concatenate files and time may precede the members.
    Lazy variables are written one by one: together, dask would write them in a varying order.

    Parameters
    ----------
    dataset : Dataset
        Content of the file, including attributes.
    path : Path
        NetCDF file to write.
    encoding : dict of dict
        Encoding of every variable, as xarray takes it.

    Raises
    ------
    DataError
        If another run is writing the same file, or if the disk is full.
    """
    lazy = [name for name, variable in dataset.variables.items() if variable.chunks]
    parts = [dataset.drop_vars(lazy), *(dataset[[n]].drop_vars(dataset.coords) for n in lazy)]
    with atomic_output(path) as temporary, dask.config.set(scheduler="synchronous"):
        for part in parts:
            part.to_netcdf(
                temporary,
                mode="a" if temporary.exists() else "w",
                engine="netcdf4",
                format="NETCDF4",
                unlimited_dims=["time"],
                encoding={name: encoding[str(name)] for name in part.variables},
            )
