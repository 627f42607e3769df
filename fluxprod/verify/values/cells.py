"""Checks of the grid, cell areas, land fractions and regions of a file."""

import numpy as np
import xarray as xr

from fluxprod.core.grid import EARTH_RADIUS, Grid
from fluxprod.core.regions import REGIONS, UNASSIGNED

AREA_TOLERANCE = 1e-6  # relative to the surface of the sphere [1]
DEGREES_TOLERANCE = 1e-9  # [degree]
FLAGS = {UNASSIGNED: "none", **{region.number: region.abbreviation for region in REGIONS}}


def cell_faults(dataset: xr.Dataset, resolution: float) -> list[str]:
    """Check the grid and the properties of its cells.

    Parameters
    ----------
    dataset : Dataset
        Contents of a gridded file with the expected structure.
    resolution : float
        Cell size according to the name of the file [degree].

    Returns
    -------
    list of str
        Faults.
    """
    try:
        grid = Grid(resolution)
    except ValueError as error:
        return [f"grid: {error}"]
    return [
        *_axis_faults(dataset, "lat", grid.lat_edges),
        *_axis_faults(dataset, "lon", grid.lon_edges),
        *_area_faults(dataset),
        *_land_faults(dataset.land_fraction.values),
        *_region_faults(dataset.region),
    ]


def _axis_faults(dataset: xr.Dataset, axis: str, edges: np.ndarray) -> list[str]:
    bounds = dataset[f"{axis}_bnds"].values
    expected = np.stack([edges[:-1], edges[1:]], axis=1)
    faults = []
    if not _equal(bounds, expected):
        faults.append(f"{axis}_bnds: not {len(expected)} contiguous cells from {edges[0]:g}")
    if not _equal(dataset[axis].values, expected.mean(axis=1)):
        faults.append(f"{axis}: not the centres of {len(expected)} cells from {edges[0]:g}")
    return faults


def _equal(found: np.ndarray, expected: np.ndarray) -> bool:
    return found.shape == expected.shape and bool(
        np.allclose(found, expected, rtol=0, atol=DEGREES_TOLERANCE)
    )


def _area_faults(dataset: xr.Dataset) -> list[str]:
    area, radius = dataset.cell_area.values, dataset.crs.attrs.get("earth_radius")
    faults = []
    if not np.array_equal(radius, EARTH_RADIUS):
        faults.append(f"crs: earth_radius {radius}, expected {EARTH_RADIUS} m")
    if not (area > 0).all():
        faults.append(f"cell_area: {np.sum(~(area > 0))} cells not above 0")
    share = area.sum(dtype=float) / (4 * np.pi * EARTH_RADIUS**2)
    if not abs(share - 1) <= AREA_TOLERANCE:
        faults.append(f"cell_area: sums to {share:.9g} of the Earth's surface")
    return faults


def _land_faults(fraction: np.ndarray) -> list[str]:
    outside = ~((fraction >= 0) & (fraction <= 1))
    return [f"land_fraction: {outside.sum()} cells outside 0 to 1"] if outside.any() else []


def _region_faults(region: xr.DataArray) -> list[str]:
    faults = []
    values = np.atleast_1d(region.attrs.get("flag_values", [])).tolist()
    meanings = str(region.attrs.get("flag_meanings", "")).split()
    if dict(zip(values, meanings)) != FLAGS or len(values) != len(meanings):
        faults.append("region: flag_values and flag_meanings are not -1 (none) to 17 (OCE)")
    unknown = ~np.isin(region.values, list(FLAGS))
    if unknown.any():
        faults.append(f"region: {unknown.sum()} cells of unknown regions")
    return faults


def land_differences(dataset: xr.Dataset, other: xr.Dataset) -> list[str]:
    """Cell areas, land fractions and regions that differ between two files on the same grid."""
    names = ("cell_area", "land_fraction", "region")
    return [
        f"{name}: differs from that in the monthly file"
        for name in names
        if not np.array_equal(dataset[name].values, other[name].values)
    ]
