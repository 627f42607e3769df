"""Files that stages pass to one another; what is not as it was written is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import AbstractDataStore, BackendArray, NetCDF4DataStore, ZarrStore
from xarray.core.indexing import (
    ExplicitIndexer,
    IndexingSupport,
    LazilyIndexedArray,
    explicit_indexing_adapter,
)

from fluxprod.core.errors import DataError
from fluxprod.core.intact import METADATA, content_of, digest, unwritten

ACTION = "remove it and run dvc repro; if it returns, see docs/operations.md"
# how a store is laid out, which must not pass on to what is made from its values
LAYOUT = ("fill_value", "compressors")


def read_interim(path: Path) -> xr.Dataset:
    """Load the output of a stage, NetCDF or zarr by its suffix, into memory.

    Raises
    ------
    DataError
        If the file does not exist, or is unreadable, damaged or incomplete.
    """
    with open_interim(path) as dataset:
        return dataset.load()


def open_interim(path: Path) -> xr.Dataset:
    """Open the output of a stage lazily; values are checked when they are read.

    Raises
    ------
    DataError
        If the file does not exist or is unreadable; later, if values are damaged or were never
        written.
    """
    if not path.exists():
        expected = "the output of an earlier stage"
        raise DataError(path, "file", "no such file", expected, "run dvc repro")
    try:
        return xr.open_dataset(CheckedStore(path), engine="store")
    except (DataError, MemoryError):
        raise
    except Exception as error:  # the libraries raise almost any error for damaged files
        found = f"unreadable content ({_reason(error)})"
        raise DataError(path, "file", found, "a complete file", ACTION) from error


class CheckedStore(AbstractDataStore):
    """A NetCDF file or zarr store whose values are checked as xarray reads them.

    Parameters
    ----------
    path : Path
        File or store, by its suffix.

    Raises
    ------
    ValueError
        If the file, or the metadata of the store, has another checksum than it states.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.suffix == ".zarr":
            _check_metadata(path)
            self.store: Any = ZarrStore.open_group(path, mode="r", consolidated=False)
        else:
            content_of(path.read_bytes())
            self.store = NetCDF4DataStore.open(path)

    def get_variables(self) -> dict[str, xr.Variable]:
        """Variables with checked lazy values."""
        return {
            name: self._checked(name, each) for name, each in self.store.get_variables().items()
        }

    def _checked(self, name: str, raw: xr.Variable) -> xr.Variable:
        encoding = {key: value for key, value in raw.encoding.items() if key not in LAYOUT}
        values = LazilyIndexedArray(CheckedArray(self.path, name, raw))
        return xr.Variable(raw.dims, values, raw.attrs, encoding)

    def get_attrs(self) -> dict[str, Any]:
        """Attributes without the checksums."""
        return {key: each for key, each in self.store.get_attrs().items() if key != METADATA}

    def get_encoding(self) -> dict[str, Any]:
        """Encoding of the dataset."""
        return dict(self.store.get_encoding())

    def close(self) -> None:
        """Close the file."""
        self.store.close()


class CheckedArray(BackendArray):
    """Values of a variable in a file; reading damaged or absent ones raises a `DataError`.

    Parameters
    ----------
    path : Path
        File or store, for error messages.
    name : str
        Variable, for error messages.
    raw : Variable
        Lazy variable, not decoded.
    """

    def __init__(self, path: Path, name: str, raw: xr.Variable) -> None:
        self.path, self.name, self.raw = path, name, raw
        self.shape, self.dtype = raw.shape, raw.dtype
        never = unwritten(raw.dtype)
        # product files use the same value for missing data, and say so
        self.never = None if raw.attrs.get("_FillValue") == never else never

    def __getitem__(self, key: ExplicitIndexer) -> Any:
        """Read some values."""
        return explicit_indexing_adapter(key, self.shape, IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple) -> np.ndarray:
        try:
            values = np.asarray(self.raw[key].values)
        except MemoryError:
            raise
        except Exception as error:  # codecs and HDF5 raise almost any error for damaged chunks
            found = f"unreadable values{self._at(key)} ({_reason(error)})"
            raise self._fault(found) from error
        if self.never is not None and (lost := values == self.never).any():
            raise self._fault(f"no values{self._at(key, lost)}")
        return values

    def _at(self, key: tuple, which: np.ndarray | None = None) -> str:
        """Range of positions along each dimension, of all values or some of those selected."""
        positions = [np.atleast_1d(np.arange(size)[at]) for size, at in zip(self.shape, key)]
        shape = [len(each) for each in positions]
        chosen = np.nonzero(np.ones(shape, bool) if which is None else which.reshape(shape))
        ranges = [
            f"{dim} {each[at].min()} to {each[at].max()}"
            for dim, each, at in zip(self.raw.dims, positions, chosen)
        ]
        return f" at {', '.join(ranges)}" if ranges else ""

    def _fault(self, found: str) -> DataError:
        return DataError(self.path, self.name, found, "the values that were written", ACTION)


def _check_metadata(path: Path) -> None:
    """Compare the metadata of the arrays of a store with the digests in its root."""
    root = json.loads((path / "zarr.json").read_text(encoding="utf-8"))
    for name, expected in root.get("attributes", {}).get(METADATA, {}).items():
        if digest((path / name / "zarr.json").read_bytes()) != expected:
            raise ValueError(f"{name}/zarr.json does not have the SHA-256 that zarr.json states")


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    file = getattr(error, "filename", None)
    return f"{text}: {file}" if isinstance(file, str) else text
