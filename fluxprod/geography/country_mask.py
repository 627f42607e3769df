"""The 18 regions as unions of countries, for use when no region mask is available."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from scipy.ndimage import distance_transform_edt
from shapely import union_all
from shapely.geometry import MultiPolygon, box

from fluxprod.core.grid import Grid
from fluxprod.core.regions import REGIONS
from fluxprod.geography.country_lists import region_by_country
from fluxprod.geography.country_raster import SEA, country_raster

HALF_DEGREE = Grid(0.5)  # grid of the mask of the Global Carbon Project
FINE = 5  # raster cells along one side of a half-degree cell
COAST = 3  # half-degree cells: sea this close to a country is assigned to it
NO_REGION = len(REGIONS)  # number of countries outside all regions
ANTARCTICA = "ATA"  # its outline encircles the pole, and it has no land cells here
# Overseas areas that Natural Earth counts as part of the country: west, south, east, north [degree]
OVERSEAS = {
    ("FRA", "GUF"): (-56.0, 0.0, -50.0, 10.0),
    ("FRA", "GLP"): (-63.0, 14.0, -60.0, 17.0),  # with Martinique
    ("FRA", "REU"): (40.0, -25.0, 60.0, -10.0),  # with Mayotte
    ("NLD", "BES"): (-70.0, 11.0, -62.0, 18.0),
}


def country_mask(countries: Sequence[tuple[str, str, MultiPolygon]]) -> xr.DataArray:
    """Make the region mask on half-degree cells from the outlines of countries.

    A cell belongs to the region that holds most of its land on a 0.1 degree raster. Sea within
    three cells of a coast is assigned to the nearest country, because the land cover map and the
    borders do not follow the same coastline, and some small islands appear on only one of them.

    Parameters
    ----------
    countries : sequence of (code, name, area)
        Three-letter code, name and polygons in longitude and latitude [degree].

    Returns
    -------
    DataArray of int8, dims (region, lat, lon)
        1 inside the region, 0 outside; no cell is in two regions. South to north, -180 to 180.

    Raises
    ------
    ValueError
        If a country is missing from the lists of regions.
    """
    countries = [country for country in countries if country[0] != ANTARCTICA]
    codes, areas = _with_overseas(countries)
    number = _numbers(codes, region_by_country())
    raster = country_raster(areas, Grid(HALF_DEGREE.resolution / FINE))
    fine = np.where(raster == SEA, SEA, number[raster])
    return _as_mask(_with_coast(_most_frequent(fine)))


def _with_overseas(
    countries: Sequence[tuple[str, str, MultiPolygon]],
) -> tuple[list[str], list[MultiPolygon]]:
    """Split overseas departments from their countries."""
    codes, areas = [], []
    for code, _, area in countries:
        parts = {part: box(*bounds) for (whole, part), bounds in OVERSEAS.items() if whole == code}
        overseas = union_all(list(parts.values()))
        for part, frame in parts.items():
            codes.append(part)
            areas.append(MultiPolygon([p for p in area.geoms if frame.contains(p)]))
        codes.append(code)
        areas.append(MultiPolygon([p for p in area.geoms if not overseas.contains(p)]))
    return codes, areas


def _numbers(codes: Sequence[str], table: Mapping[str, int]) -> np.ndarray:
    """Number of the region of each country; `NO_REGION`, unlike the sea, outside all regions."""
    unknown = sorted(set(codes) - set(table))
    if unknown:
        raise ValueError(f"countries on no list of regions: {unknown}")
    return np.array([table[code] if table[code] >= 0 else NO_REGION for code in codes])


def _most_frequent(fine: np.ndarray) -> np.ndarray:
    """Most frequent number in each cell, however large its share of sea; -1 if it is all sea."""
    n_lat, n_lon = HALF_DEGREE.shape
    blocks = fine.reshape(n_lat, FINE, n_lon, FINE)
    counts = np.stack([(blocks == k).sum(axis=(1, 3)) for k in range(NO_REGION + 1)])
    return np.where(counts.any(axis=0), counts.argmax(axis=0), SEA)


def _with_coast(number: np.ndarray) -> np.ndarray:
    """Assign sea near a coast to the nearest cell with a country, across the date line too."""
    around = np.pad(number, ((0, 0), (COAST, COAST)), mode="wrap")
    distance, (row, column) = distance_transform_edt(around == SEA, return_indices=True)
    return np.where(distance <= COAST, around[row, column], SEA)[:, COAST:-COAST]


def _as_mask(number: np.ndarray) -> xr.DataArray:
    layers = np.stack([number == region.number for region in REGIONS]).astype(np.int8)
    coords = {"lat": HALF_DEGREE.lat, "lon": HALF_DEGREE.lon}
    return xr.DataArray(layers, dims=("region", "lat", "lon"), coords=coords, name="MASK")
