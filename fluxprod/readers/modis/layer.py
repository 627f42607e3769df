"""A layer of a MODIS product: what its documentation says of it, asserted against the file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fluxprod.core.errors import DataError


@dataclass(frozen=True)
class Layer:
    """What a layer's documentation says of it.

    Parameters
    ----------
    name : str
        Dataset name, to which Collection 5 may append a band in brackets.
    fill : int
        Raw value of missing data.
    valid : (int, int)
        Range of raw values that are data.
    scale : float
        Physical value of one raw unit.
    units : str
        Of the physical values.
    """

    name: str
    fill: int
    valid: tuple[int, int]
    scale: float
    units: str = "1"


def physical(raw: np.ndarray, layer: Layer) -> np.ndarray:
    """Physical values as float32, NaN where raw ones are filled or out of their valid range."""
    low, high = layer.valid
    values = raw * np.float32(layer.scale)
    values[(raw == layer.fill) | (raw < low) | (raw > high)] = np.nan
    return values


def check_packing(path: Path, layer: Layer, packing: dict[str, object]) -> None:
    """Raise a DataError unless fill value, scale and offset of a file are the documented ones."""
    if packing["_FillValue"] != layer.fill:
        raise DataError(path, layer.name, f"_FillValue {packing['_FillValue']}", layer.fill)
    factor = packing["scale_factor"]
    scale = step_of(factor)
    if scale is None or abs(scale - layer.scale) > 1e-6 * layer.scale:
        raise DataError(path, layer.name, f"scale_factor {factor}", f"{layer.scale:g} a raw unit")
    if packing["add_offset"] not in (None, 0.0):
        raise DataError(path, layer.name, f"add_offset {packing['add_offset']}", "0")


def step_of(scale_factor: object) -> float | None:
    """Physical value of a raw unit, whether the factor multiplies or, as in MOD13, divides."""
    if not isinstance(scale_factor, int | float) or not scale_factor > 0:
        return None
    return scale_factor if scale_factor < 1 else 1.0 / scale_factor
