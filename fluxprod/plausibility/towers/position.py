"""Positions and biomes of towers against the land of the target grid."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import Grid, great_circle
from fluxprod.core.variables import IGBP
from fluxprod.drivers.tower_records import nearest_cells
from fluxprod.plausibility.criterion import Criterion, Finding

REACH = 2.0  # cells; farther land does not have the tower's weather
ISLAND = 1.0  # degree; land this close on the map of regions is an island that the grid lacks
KM_PER_DEGREE = 111.2  # along a meridian
WITHOUT_FLUX = ("SNO", "WAT")  # classes of IGBP without a plant functional type here

POSITION = Criterion(
    "towers.position",
    f"a land cell within {REACH:g} cells",
    "the weather and the vegetation of a tower are those of the nearest land cell",
    "check latitude and longitude in the site table, or remove the site",
)
BIOME = Criterion(
    "towers.igbp",
    f"one of {', '.join(IGBP.values())}",
    "IGBP classes, MCD12 User Guide, table 4; a tower of another class gets the mean of all types "
    "in its cell",
    "write the IGBP code into the site table, or remove the site",
)


def position_findings(
    sites: pd.DataFrame, cell: np.ndarray, grid: Grid, regions: xr.DataArray
) -> list[Finding]:
    """Test the position and the biome of every tower.

    Parameters
    ----------
    sites : DataFrame
        Columns ``lat`` [degree_north], ``lon`` [degree_east] and ``igbp``, indexed by site.
    cell : ndarray of int, shape (cell,)
        Flat indices of the land cells.
    grid : Grid
        Target grid.
    regions : DataArray of int, dims (lat, lon)
        Map of region numbers at half a degree, -1 outside all regions. It shows islands that are
        too small for the target grid.

    Returns
    -------
    list of Finding
        Two findings for each site.
    """
    lat, lon = sites.lat.to_numpy(float), sites.lon.to_numpy(float)
    row = nearest_cells(cell, grid, lat, lon)
    away = great_circle(lat, lon, *grid.lat_lon_of(cell[row])) / (KM_PER_DEGREE * grid.resolution)
    places = zip(sites.index, lat, lon, away, strict=True)
    return [
        *(_position(str(site), y, x, cells, regions) for site, y, x, cells in places),
        *(_biome(str(site), str(code)) for site, code in sites.igbp.items()),
    ]


def _position(site: str, lat: float, lon: float, away: float, regions: xr.DataArray) -> Finding:
    far = away > REACH
    island = far and _on_island(lat, lon, regions)
    found = f"{away:.1f} cells from land at {lat:.2f}, {lon:.2f}"
    if island:
        found += ", on an island that the grid does not resolve"
    return POSITION.finding(site, found, stop=far and not island, warn=island)


def _on_island(lat: float, lon: float, regions: xr.DataArray) -> bool:
    across = np.abs((regions.lon - lon + 180.0) % 360.0 - 180.0)
    near = (np.abs(regions.lat - lat) <= ISLAND) & (across <= ISLAND)
    return bool(((regions >= 0) & near).any())


def _biome(site: str, code: str) -> Finding:
    known = code in IGBP.values()
    return BIOME.finding(
        site, repr(code), stop=not known and code not in WITHOUT_FLUX, warn=not known
    )
