"""Regional totals of a field on one grid, the regions being cells of another.

The total is that of a conservative regridding to the regions' grid followed by a sum over its
cells. Both steps are linear, so they reduce to one weight: the area that a source cell shares with
a region.
"""

import numpy as np
import xarray as xr

from fluxprod.core.grid import EARTH_RADIUS, edges, overlap
from fluxprod.core.regions import REGIONS, UNASSIGNED
from fluxprod.core.time_axis import month_days
from fluxprod.core.units import PG


def shared_area(region: xr.DataArray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Area that each source cell shares with each region.

    Parameters
    ----------
    region : DataArray of int, dims (lat, lon)
        Region number of each target cell, -1 for none; south to north, -180 to 180.
    lat, lon : ndarray
        Centres of the source cells, rising [degree].

    Returns
    -------
    ndarray, shape (19, lat, lon) [m2]
        The 18 regions, then what belongs to none: sums to the area of the source cell.
    """
    numbers = np.array([*(r.number for r in REGIONS), UNASSIGNED])
    member = (region.transpose("lat", "lon").values == numbers[:, None, None]).astype(float)
    band = overlap(_sines(lat), _sines(region.lat.values))
    width = np.radians(overlap(edges(lon), edges(region.lon.values)))
    return EARTH_RADIUS**2 * np.einsum("ts,rtu,uv->rsv", band, member, width, optimize=True)


def _sines(lat: np.ndarray) -> np.ndarray:
    return np.sin(np.radians(np.clip(edges(lat), -90.0, 90.0)))


def monthly_totals(flux: xr.DataArray, area: np.ndarray) -> np.ndarray:
    """Monthly totals, with true lengths of months.

    Parameters
    ----------
    flux : DataArray, dims (time, lat, lon)
        [g m-2 d-1 of the whole cell], NaN in months without data.
    area : ndarray, shape (19, lat, lon)
        As `shared_area` gives it [m2].

    Returns
    -------
    ndarray, shape (19, time) [PgC month-1]
        The regions, then what belongs to none: the rows sum to the globe.
    """
    flat = flux.transpose("time", "lat", "lon").values.reshape(flux.sizes["time"], -1)
    return area.reshape(len(area), -1) @ flat.T * month_days(flux.time.values) / PG
