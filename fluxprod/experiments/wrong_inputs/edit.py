"""An edit of a folder of raw files, and tools to make one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import netCDF4
import numpy as np
import pandas as pd
from pyhdf.SD import SD, SDC

Change = Callable[[np.ndarray], np.ndarray]
FolderChange = Callable[[Path], None]
TableChange = Callable[[pd.DataFrame], pd.DataFrame]


class WrongEdit(NamedTuple):
    """A mistake that a user or a provider could make.

    Parameters
    ----------
    folder : str
        Folder of raw files, such as ``era5``.
    mistake : str
        What is wrong, in words.
    apply : callable
        Function that edits a copy of the folder in place.
    """

    folder: str
    mistake: str
    apply: FolderChange


def netcdf(pattern: str, variable: str, change: Change) -> FolderChange:
    """Edit one variable in all matching NetCDF files of a folder, in physical units.

    Parameters
    ----------
    pattern : str
        Files of the folder.
    variable : str
        Name of the variable.
    change : callable
        Function of its values, which keeps the shape.
    """

    def apply(folder: Path) -> None:
        for path in _matching(folder, pattern):
            with netCDF4.Dataset(path, "a") as dataset:
                field = dataset[variable]
                field[:] = change(np.asarray(np.ma.filled(field[:].astype(float), np.nan)))

    return apply


def attribute(pattern: str, variable: str, name: str, value: object) -> FolderChange:
    """Edit one attribute of a variable in all matching NetCDF files of a folder."""

    def apply(folder: Path) -> None:
        for path in _matching(folder, pattern):
            with netCDF4.Dataset(path, "a") as dataset:
                dataset[variable].setncattr(name, value)

    return apply


def hdf4(pattern: str, layer: str, change: Change) -> FolderChange:
    """Edit one layer in all matching HDF4 files of a folder, in raw integers."""

    def apply(folder: Path) -> None:
        for path in _matching(folder, pattern):
            file = SD(str(path), SDC.WRITE)
            data = file.select(layer)
            raw = data[:]
            data[:] = np.ascontiguousarray(change(raw)).astype(raw.dtype)
            data.endaccess()
            file.end()

    return apply


def csv(pattern: str, change: TableChange) -> FolderChange:
    """Edit the table in all matching CSV files of a folder; missing values are -9999."""

    def apply(folder: Path) -> None:
        for path in _matching(folder, pattern):
            change(pd.read_csv(path)).to_csv(path, index=False)

    return apply


def columns(prefixes: tuple[str, ...], change: Change) -> TableChange:
    """Edit the columns that start with one of the prefixes, except their quality flags."""

    def edited(table: pd.DataFrame) -> pd.DataFrame:
        for name in table.columns[[_is_value(name, prefixes) for name in table.columns]]:
            values = table[name].to_numpy(float, copy=True)
            present = values > -9000.0  # -9999 marks missing values
            values[present] = change(values[present])
            table[name] = values
        return table

    return edited


def _is_value(name: str, prefixes: tuple[str, ...]) -> bool:
    return name.startswith(prefixes) and not name.endswith(("QC", "qcOK"))


def renamed(pattern: str, new_name: Callable[[str], str]) -> FolderChange:
    """Rename all matching files of a folder."""

    def apply(folder: Path) -> None:
        paths = _matching(folder, pattern)
        aside = [path.rename(path.with_name(f".{path.name}")) for path in paths]
        for path, old in zip(aside, paths, strict=True):
            path.rename(path.with_name(new_name(old.name)))

    return apply


def removed(pattern: str) -> FolderChange:
    """Remove all matching files of a folder."""

    def apply(folder: Path) -> None:
        for path in _matching(folder, pattern):
            path.unlink()

    return apply


def copied(source: str, target: str) -> FolderChange:
    """Overwrite the matching target of each matching source with its content.

    ``source`` and ``target`` are patterns with as many matches, which are paired in their order.
    """

    def apply(folder: Path) -> None:
        for old, new in zip(_matching(folder, source), _matching(folder, target), strict=True):
            new.write_bytes(old.read_bytes())

    return apply


def in_turn(*steps: FolderChange) -> FolderChange:
    """Make one edit of several."""

    def apply(folder: Path) -> None:
        for step in steps:
            step(folder)

    return apply


def times(factor: float) -> Change:
    """Multiply by a factor, as a wrong unit does."""
    return partial(np.multiply, factor)


def plus(offset: float) -> Change:
    """Add an offset."""
    return partial(np.add, offset)


def rolled(steps: int, axis: int) -> Change:
    """Move values along an axis, past its end to its beginning."""
    return partial(np.roll, shift=steps, axis=axis)


def half_rolled(values: np.ndarray) -> np.ndarray:
    """Move values by half the globe."""
    return np.roll(values, values.shape[-1] // 2, axis=-1)


def upside_down(values: np.ndarray) -> np.ndarray:
    """Exchange north and south."""
    return values[..., ::-1, :]


def _matching(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise FileNotFoundError(f"{folder}: no file {pattern}")
    return paths
