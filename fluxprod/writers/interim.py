"""Files between stages: rounded, packed as integers, and either complete or absent.

They carry checksums, and a store has a value of its own where nothing was written, so that readers
notice damage; `fluxprod.core.intact` describes both.
"""

from pathlib import Path

import numpy as np
import xarray as xr
import zarr
from zarr.codecs import BloscCodec, Crc32cCodec, ZstdCodec

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.intact import METADATA, digest, last_line, unwritten
from fluxprod.core.variables import VARIABLES

PACKED = np.int16
MISSING = np.iinfo(PACKED).min
COMPACT = ZstdCodec(level=0)
# 32-bit integers whose upper bytes hardly vary, read as fast as 16 bits
WIDE = BloscCodec(cname="lz4", clevel=5, shuffle="shuffle", typesize=4)
CRC = Crc32cCodec()  # comes last, so that it is checked before anything is decompressed


def packing(name: str, values: np.ndarray) -> dict:
    """Encoding that packs a variable of the vocabulary as integers with its rounding step.

    The integers have 16 bits if the valid range fits, otherwise 32.

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
    offset = np.round((low + high) / 2.0) if variable.offset is None else variable.offset
    finite = values[~np.isnan(values)]
    if finite.size and not (finite.min() >= low - 1e-6 and finite.max() <= high + 1e-6):
        raise ValueError(
            f"{name}: values {finite.min():g} to {finite.max():g} {variable.units} "
            f"outside {low:g} to {high:g}"
        )
    # two integers are reserved: one for missing values, one for what was never written
    fits = (high - low) / variable.step < 2 * (np.iinfo(PACKED).max - 1)
    dtype = PACKED if fits else np.int32
    return {
        "dtype": dtype,
        "scale_factor": variable.step,
        "add_offset": offset,
        "_FillValue": np.iinfo(dtype).min,
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
            create_store(dataset, temporary, _in_chunks(dataset, encoding))
        else:
            _write_netcdf(dataset, temporary, encoding)


def _write_netcdf(dataset: xr.Dataset, path: Path, encoding: dict[str, dict]) -> None:
    deflate = {
        str(name): {"zlib": True, "complevel": 1, "fletcher32": True, **encoding.get(str(name), {})}
        for name in dataset.data_vars
        if dataset[name].ndim and dataset[name].dtype.kind in "fiub"
    }
    dataset.to_netcdf(path, engine="netcdf4", encoding=deflate)
    line = last_line(path.read_bytes())
    with path.open("ab") as file:
        file.write(line)


def _in_chunks(dataset: xr.Dataset, encoding: dict[str, dict]) -> dict[str, dict]:
    """Add chunks of 256 cells and all times, so that a block of cells takes one read."""
    chunks = {
        str(name): tuple(
            min(size, 256) if dim in ("cell", "patch") else size
            for dim, size in variable.sizes.items()
        )
        for name, variable in dataset.data_vars.items()
    }
    return {
        name: encoding.get(name, {}) | ({"chunks": each} if each else {})
        for name, each in chunks.items()
    }


def create_store(
    dataset: xr.Dataset, path: Path, encoding: dict[str, dict], *, compute: bool = True
) -> None:
    """Write a zarr store with checksums of chunks and metadata.

    Parameters
    ----------
    dataset : Dataset
        Content of the store.
    path : Path
        Store to create; an existing one is replaced.
    encoding : dict of dict
        Encoding of some variables, as xarray takes it.
    compute : bool
        Whether to write the values of lazy variables, too.
    """
    encoding = {
        str(name): _layout(variable, encoding.get(str(name), {}))
        for name, variable in dataset.variables.items()
    }
    lazy = described(dataset).to_zarr(
        path, mode="w", compute=False, encoding=encoding, zarr_format=3, consolidated=False
    )
    if compute:
        lazy.compute()
    metadata = {name: digest((path / name / "zarr.json").read_bytes()) for name in sorted(encoding)}
    zarr.open_group(path, mode="r+").attrs[METADATA] = metadata


def _layout(variable: xr.Variable, encoding: dict) -> dict:
    """Add compression, CRC-32C and the value of what is not written to an encoding."""
    dtype = np.dtype(encoding.get("dtype", variable.dtype))
    compressor = encoding.get("compressors", WIDE if dtype == np.int32 else COMPACT)
    never = unwritten(np.dtype(np.int64) if dtype.kind == "M" else dtype)
    fill = {} if never is None else {"fill_value": never}
    return encoding | {"compressors": (compressor, CRC)} | fill
