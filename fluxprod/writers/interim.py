"""Files between stages: rounded, packed as integers, whole or absent."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.variables import VARIABLES

PACKED = np.int16
MISSING = np.iinfo(PACKED).min


def packing(name: str, values: np.ndarray) -> dict:
    """Encoding that packs a variable of the vocabulary to 16 bits at its step.

    Raises
    ------
    ValueError
        If a value is infinite or lies outside the variable's valid range: it would wrap around.
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
    """Names of the vocabulary, less those that say another unit: a regional NEE in Pg month-1."""
    names = [str(name) for name in dataset.variables if name in VARIABLES]
    return [n for n in names if dataset[n].attrs.get("units") in (None, VARIABLES[n].units)]


def described(dataset: xr.Dataset) -> xr.Dataset:
    """Give every variable of the vocabulary its units and long name."""
    dataset = dataset.copy()
    for name in in_vocabulary(dataset):
        variable = VARIABLES[name]
        dataset[name].attrs.update(units=variable.units, long_name=variable.long_name)
    return dataset


def write_interim(dataset: xr.Dataset, path: Path, *, rounding: dict[str, float] | None = None):
    """Write a dataset between stages, as NetCDF or zarr by the ending of ``path``.

    Variables of the vocabulary are packed at their step; ``rounding`` gives a step to others.
    """
    dataset = described(dataset)
    for name, step in (rounding or {}).items():
        dataset[name] = np.round(dataset[name] / step) * step
    encoding = {
        name: packing(name, dataset[name].values)
        for name in in_vocabulary(dataset)
        if name in dataset.data_vars
    }
    with atomic_output(path) as beside:
        if path.suffix == ".zarr":
            _write_zarr(dataset, beside, encoding)
        else:
            deflate = {
                str(name): {"zlib": True, "complevel": 1, **encoding.get(str(name), {})}
                for name in dataset.data_vars
                if dataset[name].ndim and dataset[name].dtype.kind in "fiub"
            }
            dataset.to_netcdf(beside, engine="netcdf4", encoding=deflate)


def _write_zarr(dataset: xr.Dataset, path: Path, encoding: dict) -> None:
    """Blocks of 256 cells by all times, so that a block of cells is one read."""
    for name, variable in dataset.data_vars.items():
        chunks = tuple(
            min(size, 256) if dim in ("cell", "patch") else size
            for dim, size in variable.sizes.items()
        )
        if chunks:
            encoding.setdefault(str(name), {})["chunks"] = chunks
    dataset.to_zarr(path, mode="w", encoding=encoding, zarr_format=3, consolidated=False)
