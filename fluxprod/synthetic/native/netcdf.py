"""Parts of NetCDF-4 files that all providers use: axes and deflated fields."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from fluxprod.core.atomic_output import atomic_output


@contextmanager
def new_netcdf(path: Path, **attributes: object) -> Iterator[netCDF4.Dataset]:
    """Open a new file that appears under its name only when it is complete."""
    with (
        atomic_output(path) as temporary,
        netCDF4.Dataset(temporary, "w", format="NETCDF4") as dataset,
    ):
        dataset.setncatts(attributes)
        yield dataset


def add_axis(dataset: netCDF4.Dataset, name: str, values: np.ndarray, **attributes: object) -> None:
    """Add a dimension and its coordinate variable, in the type of ``values``."""
    dataset.createDimension(name, len(values))
    axis = dataset.createVariable(name, values.dtype, (name,), fill_value=False)
    axis.setncatts(attributes)
    axis[:] = values


def add_field(
    dataset: netCDF4.Dataset,
    name: str,
    dtype: Any,
    dims: tuple[str, ...],
    *,
    fill_value: Any = None,
    **attributes: object,
) -> netCDF4.Variable:
    """Add an empty deflated variable with one chunk per map.

    Values written to it are stored as they are, without masking or scaling.

    Parameters
    ----------
    dataset : netCDF4.Dataset
        File that already has the dimensions.
    name : str
        Name of the variable.
    dtype : data type
        Type of the stored values.
    dims : tuple of str
        Names of the dimensions, the last two those of a map.
    fill_value : number, optional
        Fill value.
    **attributes : object
        Attributes of the variable.
    """
    sizes = [len(dataset.dimensions[dim]) for dim in dims]
    chunks = [1] * (len(sizes) - 2) + sizes[-2:]
    variable = dataset.createVariable(
        name,
        dtype,
        dims,
        compression="zlib",
        complevel=1,
        shuffle=True,
        fill_value=fill_value,
        chunksizes=chunks,
    )
    variable.set_auto_maskandscale(False)
    variable.setncatts(attributes)
    return variable


def round_to_step(values: np.ndarray, step: float) -> np.ndarray:
    """Round to multiples of ``step``, a power of two: exact in float32, and deflates well."""
    return (np.rint(np.asarray(values, np.float64) / step) * step).astype(np.float32)
