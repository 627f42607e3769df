"""Documented properties of a layer of a MODIS product, checked against its files."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fluxprod.core.errors import DataError


@dataclass(frozen=True)
class Layer:
    """Documented properties of a layer.

    Parameters
    ----------
    name : str
        Name of the dataset, to which Collection 5 may append a band in brackets.
    fill : int
        Raw value of missing data.
    valid : (int, int)
        Range of valid raw values.
    scale : float
        Physical value per raw unit [units].
    units : str
        Unit of the physical values.
    """

    name: str
    fill: int
    valid: tuple[int, int]
    scale: float
    units: str = "1"


def physical_values(raw: np.ndarray, layer: Layer) -> np.ndarray:
    """Physical values [layer.units], float32, NaN where missing or outside the valid range."""
    low, high = layer.valid
    values: np.ndarray = raw * np.float32(layer.scale)
    values[(raw == layer.fill) | (raw < low) | (raw > high)] = np.nan
    return values


def check_packing(path: Path, layer: Layer, packing: dict[str, object]) -> None:
    """Raise a DataError if fill value, scale or offset in a file differ from the documentation."""
    if packing["_FillValue"] != layer.fill:
        raise DataError(path, layer.name, f"_FillValue {packing['_FillValue']}", layer.fill)
    factor = packing["scale_factor"]
    scale = step_of(factor)
    if scale is None or abs(scale - layer.scale) > 1e-6 * layer.scale:
        raise DataError(path, layer.name, f"scale_factor {factor}", f"{layer.scale:g} per raw unit")
    if packing["add_offset"] not in (None, 0.0):
        raise DataError(path, layer.name, f"add_offset {packing['add_offset']}", "0")


def step_of(scale_factor: object) -> float | None:
    """Physical value per raw unit, for factors that multiply or, as in MOD13, divide."""
    if not isinstance(scale_factor, int | float) or not scale_factor > 0:
        return None
    return scale_factor if scale_factor < 1 else 1.0 / scale_factor
