"""Names and units of our quantities in ERA5 files, and their conversion to our units.

Short names are those of the Climate Data Store, long names those of ARCO-ERA5, and tas, tdps, rsds
and pr those of CF tables.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fluxprod.core.errors import DataError
from fluxprod.core.units import SECONDS_PER_DAY, kelvin_to_celsius, metres_to_millimetres

VARIABLE_MAP = {
    "t2m": "TA",
    "2m_temperature": "TA",
    "tas": "TA",
    "d2m": "TD",
    "2m_dewpoint_temperature": "TD",
    "tdps": "TD",
    "ssrd": "SW_IN",
    "surface_solar_radiation_downwards": "SW_IN",
    "rsds": "SW_IN",
    "tp": "P",
    "total_precipitation": "P",
    "pr": "P",
}
UNITS = {"TA": "degC", "TD": "degC", "SW_IN": "W m-2", "P": "mm d-1"}
# excludes values in another unit, fill values and corrupt bytes; packing makes some rain negative
PLAUSIBLE = {
    "TA": (-100.0, 70.0),
    "TD": (-120.0, 50.0),
    "SW_IN": (-10.0, 1600.0),
    "P": (-5.0, 20_000.0),
}
# conversion of a value that covers ``period`` [s], by (ours, unit in the file); all are increasing
CONVERSIONS: dict[tuple[str, str], Callable[[np.ndarray, np.float32], np.ndarray]] = {
    ("TA", "K"): lambda value, period: kelvin_to_celsius(value),
    ("TA", "degC"): lambda value, period: value,
    ("TD", "K"): lambda value, period: kelvin_to_celsius(value),
    ("TD", "degC"): lambda value, period: value,
    ("SW_IN", "J m-2"): lambda value, period: value / period,
    ("SW_IN", "W m-2"): lambda value, period: value,
    ("P", "m"): lambda value, period: metres_to_millimetres(value) * (SECONDS_PER_DAY / period),
    ("P", "kg m-2 s-1"): lambda value, period: value * SECONDS_PER_DAY,
}
ACCUMULATED = {"J m-2", "m"}
FILLS = (-999.0, -9999.0, -32767.0, -32768.0)  # left undeclared by some tools


def stated_unit(path: Path, ours: str, native: str, unit: object) -> str:
    """Unit of a variable as spelled in `CONVERSIONS`.

    Parameters
    ----------
    path : Path
        File name for error messages.
    ours : str
        ``TA``, ``TD``, ``SW_IN`` or ``P``.
    native : str
        Name of the variable in the file.
    unit : object
        The attribute ``units`` as found, or None.

    Returns
    -------
    str
        A unit in the keys of `CONVERSIONS`.

    Raises
    ------
    DataError
        If the unit is missing or not known for the variable.
    """
    plain = str("none" if unit is None else unit).replace("**", "")
    if (ours, plain) not in CONVERSIONS:
        known = [unit for name, unit in CONVERSIONS if name == ours]
        raise DataError(path, native, f"unit {plain!r}", f"one of {known}")
    return plain


def converted(
    path: Path, ours: str, native: str, unit: str, values: np.ndarray, period: float
) -> np.ndarray:
    """Convert values to our unit.

    Parameters
    ----------
    path : Path
        File name for error messages.
    ours : str
        ``TA``, ``TD``, ``SW_IN`` or ``P``.
    native : str
        Name of the variable in the file, for error messages.
    unit : str
        Unit as returned by `stated_unit`.
    values : ndarray of float32
        As in the file.
    period : float
        Time that an accumulated value covers [s].

    Returns
    -------
    ndarray of float32
        [degC], [W m-2] or [mm d-1].

    Raises
    ------
    DataError
        If a value is impossible, because of a fill value, another unit or corrupt bytes.
    """
    convert = CONVERSIONS[ours, unit]
    ends = np.array([np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)])
    if ends[0] in FILLS:
        raise DataError(
            path, native, f"{ends[0]:g} {unit}", "no undeclared fill value", "get it again"
        )
    with np.errstate(over="ignore"):
        least, most = convert(ends, np.float32(period))
        low, high = PLAUSIBLE[ours]
        if least < low or most > high:
            found = f"{least:g} to {most:g} {UNITS[ours]}"
            raise DataError(path, native, found, f"{low:g} to {high:g}", "check the fill value")
        return convert(values, np.float32(period)).astype(np.float32, copy=False)
