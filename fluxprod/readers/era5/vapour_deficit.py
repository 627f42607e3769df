"""Daily maps of vapour pressure deficit, from those of air temperature and dewpoint at 2 m.

Computed from daily means, the deficit is a little below the mean of its hourly values, because
saturation rises with temperature more than linearly.
"""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.units import vapour_pressure
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.series import Era5Series, files_of_day

# air is hardly ever supersaturated over water; the rest is packing, and room for polar winters
EXCESS = 1.0  # K by which the dewpoint may exceed the temperature in any cell
MOST_ABOVE = 0.05  # share of the cells of a map where it may exceed that [1]


def vapour_pressure_deficit(air: np.ndarray, dewpoint: np.ndarray) -> np.ndarray:
    """Compute the vapour pressure deficit, at least 0.

    Parameters
    ----------
    air, dewpoint : ndarray
        Air temperature and dewpoint [degC].

    Returns
    -------
    ndarray
        Deficit [hPa], NaN where either is.

    References
    ----------
    `fluxprod.core.units.vapour_pressure` gives the formula and its source.
    """
    return np.asarray(np.maximum(vapour_pressure(air) - vapour_pressure(dewpoint), 0.0))


def vapour_deficit_days(
    air: Era5Series, dewpoint: Era5Series, start: int = 0
) -> Iterator[xr.DataArray]:
    """Compute the maps of the deficit one by one.

    Parameters
    ----------
    air, dewpoint : Era5Series
        ``TA`` and ``TD`` of the same days.
    start : int
        Position of the first day to yield; see `era5_days`.

    Yields
    ------
    DataArray, dims (lat, lon), float32
        Deficit of the UTC day ``time`` [hPa].

    Raises
    ------
    DataError
        As `era5_days`; also if the two maps of a day differ in their grid, or the dewpoint exceeds
        the temperature in too many cells.
    """
    pairs = zip(era5_days(air, start), era5_days(dewpoint, start), strict=True)
    for position, (warm, moist) in enumerate(pairs, start):
        if not (warm.lat.equals(moist.lat) and warm.lon.equals(moist.lon)):
            found = "other latitudes or longitudes than those of TA"
            raise _fault(air, dewpoint, position, found, "one grid")
        above = float((moist.values > warm.values + EXCESS).mean())
        if above > MOST_ABOVE:
            found = f"more than {EXCESS:g} K above TA in {above:.1%} of the cells"
            raise _fault(air, dewpoint, position, found, f"that in at most {MOST_ABOVE:.0%}")
        deficit = vapour_pressure_deficit(warm.values, moist.values)
        yield warm.copy(data=deficit.astype(np.float32)).rename("VPD").assign_attrs(units="hPa")


def _fault(
    air: Era5Series, dewpoint: Era5Series, position: int, found: str, expected: str
) -> DataError:
    """Describe a contradiction, which may be the fault of either file of the day."""
    files = files_of_day([air, dewpoint], position)
    action = "check the dates, axes and units of d2m and t2m"
    return DataError(files, "TD", f"{found} on {air.days[position]}", expected, action)
