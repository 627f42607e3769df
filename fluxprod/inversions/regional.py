"""Regional totals of a field whose grid differs from the grid of the regions.

The totals are those of a conservative regridding to the grid of the regions followed by a sum over
its cells. Both steps are linear, so they reduce to one weight: the area that a source cell shares
with a region.
"""

import numpy as np
import xarray as xr

from fluxprod.core.grid import EARTH_RADIUS, edges, overlap
from fluxprod.core.regions import REGIONS, UNASSIGNED
from fluxprod.core.time_axis import month_days
from fluxprod.core.units import PG


def shared_area(region: xr.DataArray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Compute the area that each source cell shares with each region.

    Parameters
    ----------
    region : DataArray of int, dims (lat, lon)
        Region number of each target cell, -1 outside all regions; south to north, -180 to 180.
    lat, lon : ndarray, shape (lat,), (lon,)
        Centres of the source cells in ascending order [degree].

    Returns
    -------
    ndarray, shape (19, lat, lon)
        Area shared with each of the 18 regions, then area outside all regions; the sum over the
        first axis is the area of the source cell [m2].
    """
    numbers = np.array([*(r.number for r in REGIONS), UNASSIGNED])
    member = (region.transpose("lat", "lon").values == numbers[:, None, None]).astype(float)
    band = overlap(_sines(lat), _sines(region.lat.values))
    width = np.radians(overlap(edges(lon), edges(region.lon.values)))
    return np.asarray(
        EARTH_RADIUS**2 * np.einsum("ts,rtu,uv->rsv", band, member, width, optimize=True)
    )


def _sines(lat: np.ndarray) -> np.ndarray:
    """Sines of the latitudes of the cell edges; edges beyond the poles are moved to the poles."""
    return np.asarray(np.sin(np.radians(np.clip(edges(lat), -90.0, 90.0))))


def monthly_totals(flux: xr.DataArray, area: np.ndarray) -> np.ndarray:
    """Compute monthly totals of the regions from the true lengths of the months.

    Parameters
    ----------
    flux : DataArray, dims (time, lat, lon)
        Mean flux of each month, NaN in months without data [g m-2 d-1 of the whole cell].
    area : ndarray, shape (19, lat, lon)
        Result of `shared_area` [m2].

    Returns
    -------
    ndarray, shape (19, time)
        Totals of the 18 regions, then of the area outside all regions; they sum to the global
        total [PgC month-1].
    """
    flat = flux.transpose("time", "lat", "lon").values.reshape(flux.sizes["time"], -1)
    return np.asarray(area.reshape(len(area), -1) @ flat.T * month_days(flux.time.values) / PG)
