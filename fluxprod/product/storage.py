"""How product files are stored: rounding with a stated bound, and chunks for maps and series.

Fluxes are 32-bit floats rounded to multiples of a power of two. These are exact in binary and
compress like integers, yet programs that keep the type of their input, such as CDO, do not overflow
when summing them. The steps are so fine that global monthly totals of the daily and members' files
agree with those of the monthly file within 1e-5 PgC; a spread needs less precision.
"""

from typing import NamedTuple

import numpy as np
import xarray as xr
from zarr.codecs import BloscCodec

FLOAT_MISSING = np.float32(9.96921e36)  # default fill value of the NetCDF library, exact in float32
BOUND = "Rounded to multiples of {step} g m-2 d-1: stored values err by less than that."


class Storage(NamedTuple):
    """How the fluxes of one kind of file are stored.

    Parameters
    ----------
    step, spread_step : float
        Rounding steps of means and spreads [g m-2 d-1].
    chunk : dict of int
        Length of a chunk by dimension, such that a map and the series of a cell both span few
        chunks.
    slab : int
        Number of time steps that are in memory at once and share a file (shard) of the zarr store;
        a multiple of the chunk length.
    """

    step: float
    spread_step: float
    chunk: dict[str, int]
    slab: int


STORAGE = {
    "daily": Storage(2.0**-13, 2.0**-9, {"time": 61, "lat": 60, "lon": 60}, slab=366),
    "monthly": Storage(2.0**-16, 2.0**-13, {"time": 12, "lat": 90, "lon": 180}, slab=72),
    "monthly-members": Storage(
        2.0**-14, np.nan, {"time": 12, "realization": 1, "lat": 90, "lon": 180}, slab=12
    ),
}


def is_flux(name: object) -> bool:
    """Whether a variable is a flux of the product or the spread of one."""
    return str(name) in {"nee", "nee_spread", "nee_ec", "nee_ec_spread"}


def rounded(dataset: xr.Dataset, storage: Storage) -> xr.Dataset:
    """Round the fluxes to the steps of the kind of file, and say so in their comments."""
    dataset = dataset.copy()
    for name in filter(is_flux, dataset.data_vars):
        field = dataset[name]
        step = storage.spread_step if str(name).endswith("_spread") else storage.step
        nearest = ((field.astype(float) / step).round() * step).astype(np.float32)
        comment = f"{field.attrs['comment']} {BOUND.format(step=step)}"
        dataset[name] = nearest.assign_attrs(field.attrs | {"comment": comment})
    return dataset


def netcdf_encoding(dataset: xr.Dataset, storage: Storage | None = None) -> dict[str, dict]:
    """Encoding of a NetCDF file: chunks, compression, missing values and units of time.

    Parameters
    ----------
    dataset : Dataset
        Content of the file, with ``time_bnds``; times count from the first bound.
    storage : Storage, optional
        How to store its fluxes; absent for tables.

    Returns
    -------
    dict of dict
        Encoding of each variable.
    """
    encoding = _times(dataset)
    # variables with a record dimension have to be chunked: one chunk each, unless set below
    for name, variable in dataset.variables.items():
        if "time" in variable.dims:
            encoding[str(name)]["chunksizes"] = variable.shape
    if "region_name" in dataset:  # CDO and iris read characters but not strings
        encoding["region_name"] |= {"dtype": "S1", "char_dim_name": "name_length"}
    if storage is None:
        return encoding
    for name, chunk in _chunks(dataset, storage).items():
        encoding[name] = {
            "dtype": np.float32,
            "_FillValue": FLOAT_MISSING,
            "zlib": True,
            "complevel": 4,
            "shuffle": True,
            "chunksizes": chunk,
        }
    return encoding


def zarr_encoding(dataset: xr.Dataset, storage: Storage | None = None) -> dict[str, dict]:
    """Encoding of a zarr group: chunks, shards, compression, missing values and units of time.

    A shard holds a slab of times over the whole map, in whole chunks.

    Parameters
    ----------
    dataset : Dataset
        Content of the group, with ``time_bnds``; times count from the first bound.
    storage : Storage, optional
        How to store its fluxes; absent for tables.

    Returns
    -------
    dict of dict
        Encoding of each variable.
    """
    encoding = _times(dataset)
    if storage is None:
        return encoding
    for name, chunk in _chunks(dataset, storage).items():
        sizes = dataset[name].sizes
        slab = {**sizes, "time": min(storage.slab, sizes["time"])}
        shard = (-(-slab[dim] // length) * length for dim, length in zip(sizes, chunk))
        encoding[name] = {
            "dtype": np.float32,
            "_FillValue": FLOAT_MISSING,
            "compressors": BloscCodec(cname="zstd", clevel=5, shuffle="shuffle"),
            "chunks": chunk,
            "shards": tuple(shard),
        }
    return encoding


def _chunks(dataset: xr.Dataset, storage: Storage) -> dict[str, tuple[int, ...]]:
    """Shape of the chunks of each flux, limited to the shape of the field."""
    return {
        str(name): tuple(min(storage.chunk[str(dim)], n) for dim, n in field.sizes.items())
        for name, field in dataset.data_vars.items()
        if is_flux(name)
    }


def _times(dataset: xr.Dataset) -> dict[str, dict]:
    """Basic encoding of all variables: no fill value, and the units of time."""
    since = f"days since {dataset.time_bnds.values[0, 0]:.10}"
    count = {"units": since, "calendar": "proleptic_gregorian", "dtype": np.float64}
    return {
        str(name): {"_FillValue": None, **(count if name in ("time", "time_bnds") else {})}
        for name in dataset.variables
    }
