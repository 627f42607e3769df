"""The land cells of the target grid: ice-free land, plant functional types and regions."""

import numpy as np
import xarray as xr

from fluxprod.core.grid import Grid, cell_area, regrid
from fluxprod.core.regions import REGIONS, UNASSIGNED
from fluxprod.core.variables import IGBP

SOUTHERN_LIMIT = -60.0  # degree_north; Antarctica is left out
SHARE_STEP = 1e-6  # [1]; shares are rounded to give the same bytes on every processor
AREA_STEP = 1.0  # m2


def type_shares(igbp: xr.DataArray, grid: Grid) -> xr.DataArray:
    """Compute the share of each target cell that each plant functional type covers.

    Parameters
    ----------
    igbp : DataArray of int, dims (lat, lon)
        Global IGBP class numbers at any resolution.
    grid : Grid
        Target grid.

    Returns
    -------
    DataArray, dims (pft, lat, lon)
        Share of the whole cell, sea included [1].
    """
    shares = [regrid((igbp == number).astype(float), grid) for number in IGBP]
    stacked = xr.concat(shares, dim=xr.DataArray(list(IGBP), dims="pft", name="pft"))
    return ((stacked / SHARE_STEP).round() * SHARE_STEP).where(stacked.lat > SOUTHERN_LIMIT, 0.0)


def region_numbers(mask: xr.DataArray, grid: Grid) -> xr.DataArray:
    """Find the region with the largest share of each target cell.

    Parameters
    ----------
    mask : DataArray, dims (region, lat, lon)
        1 inside the region, 0 outside.
    grid : Grid
        Target grid.

    Returns
    -------
    DataArray of int8, dims (lat, lon)
        Region number; -1 outside all regions.

    Raises
    ------
    ValueError
        If the mask does not have 18 regions.
    """
    if mask.sizes["region"] != len(REGIONS):
        raise ValueError(f"mask of {mask.sizes['region']} regions, expected {len(REGIONS)}")
    share = (regrid(mask.astype(float), grid) / SHARE_STEP).round()
    number = share.argmax("region").where(share.max("region") > 0, UNASSIGNED)
    return number.astype(np.int8).drop_vars("region", errors="ignore")


def land_cells(
    igbp: xr.DataArray, mask: xr.DataArray, grid: Grid, *, min_land_fraction: float
) -> xr.Dataset:
    """Describe the land cells of the target grid for all later stages.

    Parameters
    ----------
    igbp : DataArray of int, dims (lat, lon)
        IGBP class numbers.
    mask : DataArray, dims (region, lat, lon)
        The 18 regions: 1 inside, 0 outside.
    grid : Grid
        Target grid.
    min_land_fraction : float
        Smallest share of ice-free land of a land cell; cells with less are left out [1].

    Returns
    -------
    Dataset
        On the grid (lat, lon): ``land_fraction`` [1], ``cell_area`` [m2] and ``region``. Per land
        cell: ``cell_lat`` and ``cell_lon`` [degree], ``land_area`` [m2], ``cell_region`` and
        ``pft_fraction`` (cell, pft), which sums to 1 [1]. ``cell`` is the flat index in the grid.
    """
    shares = type_shares(igbp, grid)
    land = shares.sum("pft").clip(max=1.0)  # rounded shares of 15 types can sum to slightly more
    land = land.where(land >= min_land_fraction, 0.0)
    area = np.round(cell_area(grid.lat_edges, grid.lon_edges) / AREA_STEP) * AREA_STEP
    region = region_numbers(mask, grid).where(land > 0, UNASSIGNED).astype(np.int8)
    cell = np.flatnonzero(land.values > 0).astype(np.int32)
    lat, lon = grid.lat_lon_of(cell)
    flat_land = land.values.ravel()[cell]
    fraction = shares.values.reshape(len(IGBP), -1)[:, cell].T / flat_land[:, None]
    assert np.allclose(fraction.sum(axis=1), 1.0)
    return xr.Dataset(
        {
            "land_fraction": (("lat", "lon"), land.values, {"units": "1"}),
            "cell_area": (("lat", "lon"), area, {"units": "m2"}),
            "region": (("lat", "lon"), region.values),
            "cell_lat": ("cell", lat, {"units": "degree_north"}),
            "cell_lon": ("cell", lon, {"units": "degree_east"}),
            "land_area": ("cell", np.round(area.ravel()[cell] * flat_land), {"units": "m2"}),
            "cell_region": ("cell", region.values.ravel()[cell]),
            "pft_fraction": (("cell", "pft"), np.round(fraction, 6), {"units": "1"}),
        },
        coords={"lat": grid.lat, "lon": grid.lon, "cell": cell, "pft": list(IGBP)},
    )
