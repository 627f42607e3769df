"""Files between stages: rounded, packed as integers, and either complete or absent."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.variables import VARIABLES

PACKED = np.int16
MISSING = np.iinfo(PACKED).min


def packing(name: str, values: np.ndarray) -> dict:
    """Encoding that packs a variable of the vocabulary into 16 bits with its rounding step.

    Parameters
    ----------
    name : str
        Variable of the vocabulary.
    values : ndarray
        Values to check, in the unit of the vocabulary; NaN is missing.

    Returns
    -------
    dict
        Data type, scale factor, offset and fill value, as xarray expects them.

    Raises
    ------
    ValueError
        If a value is infinite or outside the valid range of the variable, as it would overflow.
    """
    variable = VARIABLES[name]
    low, high = variable.valid
    offset = np.round((low + high) / 2.0)
    finite = values[~np.isnan(values)]
    if finite.size and not (finite.min() >= low - 1e-6 and finite.max() <= high + 1e-6):
        raise ValueError(
            f"{name}: values {finite.min():g} to {finite.max():g} {variable.units} "
            f"outside {low:g} to {high:g}"
        )
    assert (high - low) / variable.step < 2 * np.iinfo(PACKED).max, name
    return {
        "dtype": PACKED,
        "scale_factor": variable.step,
        "add_offset": offset,
        "_FillValue": MISSING,
    }


def in_vocabulary(dataset: xr.Dataset) -> list[str]:
    """Variables in the unit of the vocabulary; regional NEE [Pg month-1], for example, is not."""
    names = [str(name) for name in dataset.variables if name in VARIABLES]
    return [n for n in names if dataset[n].attrs.get("units") in (None, VARIABLES[n].units)]


def described(dataset: xr.Dataset) -> xr.Dataset:
    """Add units and long names to all variables of the vocabulary."""
    dataset = dataset.copy()
    for name in in_vocabulary(dataset):
        variable = VARIABLES[name]
        dataset[name].attrs.update(units=variable.units, long_name=variable.long_name)
    return dataset


def write_interim(
    dataset: xr.Dataset, path: Path, *, rounding: dict[str, float] | None = None
) -> None:
    """Write a dataset for later stages, as NetCDF or zarr according to the suffix of ``path``.

    Parameters
    ----------
    dataset : Dataset
        Variables of the vocabulary are packed with their rounding steps.
    path : Path
        File (.nc) or store (.zarr) to write.
    rounding : dict of float, optional
        Rounding steps of other variables, in their units.

    Raises
    ------
    ValueError
        If a value is infinite or outside the valid range of its variable.
    DataError
        If another run is writing the same output, or if the disk is full.
    """
    dataset = described(dataset)
    for name, step in (rounding or {}).items():
        dataset[name] = np.round(dataset[name] / step) * step
    encoding = {
        name: packing(name, dataset[name].values)
        for name in in_vocabulary(dataset)
        if name in dataset.data_vars
    }
    with atomic_output(path) as temporary:
        if path.suffix == ".zarr":
            _write_zarr(dataset, temporary, encoding)
        else:
            deflate = {
                str(name): {"zlib": True, "complevel": 1, **encoding.get(str(name), {})}
                for name in dataset.data_vars
                if dataset[name].ndim and dataset[name].dtype.kind in "fiub"
            }
            dataset.to_netcdf(temporary, engine="netcdf4", encoding=deflate)


def _write_zarr(dataset: xr.Dataset, path: Path, encoding: dict) -> None:
    """Write chunks of 256 cells and all times, so that a block of cells takes one read."""
    for name, variable in dataset.data_vars.items():
        chunks = tuple(
            min(size, 256) if dim in ("cell", "patch") else size
            for dim, size in variable.sizes.items()
        )
        if chunks:
            encoding.setdefault(str(name), {})["chunks"] = chunks
    dataset.to_zarr(path, mode="w", encoding=encoding, zarr_format=3, consolidated=False)
