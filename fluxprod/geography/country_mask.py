"""The 18 regions as unions of countries, where no mask of them is at hand."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from scipy.ndimage import distance_transform_edt
from shapely import union_all
from shapely.geometry import MultiPolygon, box

from fluxprod.core.grid import Grid
from fluxprod.core.regions import REGIONS
from fluxprod.geography.country_lists import region_of
from fluxprod.geography.country_raster import SEA, country_raster

HALF_DEGREE = Grid(0.5)  # as the mask of the Global Carbon Project
FINE = 5  # centres of the raster along one side of a cell
COAST = 3  # cells from the nearest cell with a country: what still belongs to it
NOWHERE = len(REGIONS)
ANTARCTICA = "ATA"  # its ring runs around the pole; there are no land cells
# Natural Earth counts these as the country: west, south, east, north [degree]
OVERSEAS = {
    ("FRA", "GUF"): (-56.0, 0.0, -50.0, 10.0),
    ("FRA", "GLP"): (-63.0, 14.0, -60.0, 17.0),  # with Martinique
    ("FRA", "REU"): (40.0, -25.0, 60.0, -10.0),  # with Mayotte
    ("NLD", "BES"): (-70.0, 11.0, -62.0, 18.0),
}


def country_mask(countries: Sequence[tuple[str, str, MultiPolygon]]) -> xr.DataArray:
    """Regions of half-degree cells: that of most centres of a 0.1 degree raster.

    Sea within three cells of a coast goes to the nearest country, for land cover and borders do
    not draw the same coast, and small islands are on one of them only.

    Parameters
    ----------
    countries : sequence of (code, name, area)
        Three-letter code, name, and polygons [degree].

    Returns
    -------
    DataArray of int8, dims (region, lat, lon)
        1 inside the region, 0 outside; each cell in one at most. South to north, -180 to 180.

    Raises
    ------
    ValueError
        If a country is on no list.
    """
    countries = [country for country in countries if country[0] != ANTARCTICA]
    codes, areas = _with_overseas(countries)
    number = _numbers(codes, region_of())
    raster = country_raster(areas, Grid(HALF_DEGREE.resolution / FINE))
    fine = np.where(raster == SEA, SEA, number[raster])
    return _as_mask(_with_coast(_most_frequent(fine)))


def _with_overseas(
    countries: Sequence[tuple[str, str, MultiPolygon]],
) -> tuple[list[str], list[MultiPolygon]]:
    """Departments overseas as areas of their own."""
    codes, areas = [], []
    for code, _, area in countries:
        parts = {here: box(*bounds) for (whole, here), bounds in OVERSEAS.items() if whole == code}
        away = union_all(list(parts.values()))
        for here, frame in parts.items():
            codes.append(here)
            areas.append(MultiPolygon([p for p in area.geoms if frame.contains(p)]))
        codes.append(code)
        areas.append(MultiPolygon([p for p in area.geoms if not away.contains(p)]))
    return codes, areas


def _numbers(codes: Sequence[str], table: Mapping[str, int]) -> np.ndarray:
    """Region of each country; those that belong to none have a number too, unlike the sea."""
    unknown = sorted(set(codes) - set(table))
    if unknown:
        raise ValueError(f"countries on no list of regions: {unknown}")
    return np.array([table[code] if table[code] >= 0 else NOWHERE for code in codes])


def _most_frequent(fine: np.ndarray) -> np.ndarray:
    """Number of most centres in a cell, whatever the share of sea; -1 where all are sea."""
    n_lat, n_lon = HALF_DEGREE.shape
    blocks = fine.reshape(n_lat, FINE, n_lon, FINE)
    counts = np.stack([(blocks == k).sum(axis=(1, 3)) for k in range(NOWHERE + 1)])
    return np.where(counts.any(axis=0), counts.argmax(axis=0), SEA)


def _with_coast(number: np.ndarray) -> np.ndarray:
    """Sea near a coast takes the number of the nearest cell that has one, around the globe."""
    around = np.pad(number, ((0, 0), (COAST, COAST)), mode="wrap")
    away, (row, column) = distance_transform_edt(around == SEA, return_indices=True)
    return np.where(away <= COAST, around[row, column], SEA)[:, COAST:-COAST]


def _as_mask(number: np.ndarray) -> xr.DataArray:
    layers = np.stack([number == region.number for region in REGIONS]).astype(np.int8)
    coords = {"lat": HALF_DEGREE.lat, "lon": HALF_DEGREE.lon}
    return xr.DataArray(layers, dims=("region", "lat", "lon"), coords=coords, name="MASK")
