"""The target latitude-longitude grid, its cell areas, and regridding that conserves the integral.

Everything after the readers is south to north and -180 to 180. A land cell is known by its flat
index ``row * n_lon + column`` in that grid (row 0 is the southernmost).
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

EARTH_RADIUS = 6_371_007.181  # m, authalic sphere of the MODIS products (MCD12 User Guide)


@dataclass(frozen=True)
class Grid:
    """A regular global grid.

    Parameters
    ----------
    resolution : float
        Cell size [degree]; 180 must be a multiple of it.
    """

    resolution: float

    def __post_init__(self) -> None:
        if abs(180.0 / self.resolution - round(180.0 / self.resolution)) > 1e-9:
            raise ValueError(f"resolution {self.resolution} does not divide 180 degrees")

    @property
    def shape(self) -> tuple[int, int]:
        """(n_lat, n_lon)."""
        n_lat = round(180.0 / self.resolution)
        return n_lat, 2 * n_lat

    @property
    def lat_edges(self) -> np.ndarray:
        """Cell edges, south to north, shape (n_lat + 1,) [degree_north]."""
        return np.linspace(-90.0, 90.0, self.shape[0] + 1)

    @property
    def lon_edges(self) -> np.ndarray:
        """Cell edges, west to east, shape (n_lon + 1,) [degree_east]."""
        return np.linspace(-180.0, 180.0, self.shape[1] + 1)

    @property
    def lat(self) -> np.ndarray:
        """Cell centres, south to north [degree_north]."""
        return centres(self.lat_edges)

    @property
    def lon(self) -> np.ndarray:
        """Cell centres, west to east [degree_east]."""
        return centres(self.lon_edges)

    def cell_of(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """Flat index of the cell that holds each point ([degree_north], [degree_east])."""
        n_lat, n_lon = self.shape
        row = np.floor((np.asarray(lat, float) + 90.0) / self.resolution).astype(int)
        turn = (np.asarray(lon, float) + 180.0) % 360.0
        column = np.floor(turn / self.resolution).astype(int)
        return np.clip(row, 0, n_lat - 1) * n_lon + np.clip(column, 0, n_lon - 1)

    def lat_lon_of(self, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Centre of each flat cell index ([degree_north], [degree_east])."""
        row, column = np.divmod(np.asarray(cell), self.shape[1])
        return self.lat[row], self.lon[column]


def centres(edges: np.ndarray) -> np.ndarray:
    """Midpoints of consecutive edges."""
    return (edges[:-1] + edges[1:]) / 2.0


def edges(centre: np.ndarray) -> np.ndarray:
    """Edges of equally spaced cells from their centres.

    Raises
    ------
    ValueError
        If the spacing is not constant.
    """
    centre = np.asarray(centre, dtype=float)
    step = np.diff(centre)
    if len(centre) < 2 or not np.allclose(step, step.mean(), rtol=0, atol=1e-3 * abs(step.mean())):
        raise ValueError("coordinates are not equally spaced")
    half = step.mean() / 2.0
    return np.concatenate([centre - half, [centre[-1] + half]])


def cell_area(lat_edges: np.ndarray, lon_edges: np.ndarray) -> np.ndarray:
    """Area of each cell on the sphere, shape (n_lat, n_lon) [m2]. Sums to the sphere's."""
    band = np.abs(np.diff(np.sin(np.radians(lat_edges))))
    width = np.abs(np.diff(np.radians(lon_edges)))
    return EARTH_RADIUS**2 * band[:, None] * width[None, :]


def great_circle(
    lat: ArrayLike, lon: ArrayLike, to_lat: ArrayLike, to_lon: ArrayLike
) -> np.ndarray:
    """Distance between points on the sphere [km], by the haversine formula; shapes broadcast."""
    lat, lon, to_lat, to_lon = (np.radians(angle) for angle in (lat, lon, to_lat, to_lon))
    chord = (
        np.sin((to_lat - lat) / 2.0) ** 2
        + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2.0) ** 2
    )
    return 2.0 * EARTH_RADIUS / 1e3 * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))


def overlap(source_edges: np.ndarray, target_edges: np.ndarray) -> np.ndarray:
    """Length of the overlap of every target with every source interval.

    Both sets of edges rise. Shape (n_target, n_source), in the unit of the edges.
    """
    low = np.maximum(target_edges[:-1, None], source_edges[None, :-1])
    high = np.minimum(target_edges[1:, None], source_edges[None, 1:])
    return np.clip(high - low, 0.0, None)


def to_south_north(field: xr.DataArray | xr.Dataset):
    """Order a global field south to north and -180 to 180, whatever its file's order."""
    field = field.assign_coords(lon=(field.lon + 180.0) % 360.0 - 180.0)
    return field.sortby("lat").sortby("lon")


def _longitude_overlap(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Overlap on the circle: a source cell across the date line counts on both sides."""
    return np.sum([overlap(source + turn, target) for turn in (-360.0, 0.0, 360.0)], axis=0)


def _weighted_sums(
    values: np.ndarray, lat_weight: np.ndarray, lon_weight: np.ndarray
) -> np.ndarray:
    """Sum (..., lat, lon) over the source cells of each target cell; few of them overlap it."""
    lead, (n_lat, n_lon) = values.shape[:-2], values.shape[-2:]
    rows = csr_array(lon_weight) @ values.reshape(-1, n_lon).T  # (lon, time x lat)
    rows = rows.reshape(-1, int(np.prod(lead)), n_lat).transpose(2, 1, 0)
    sums = csr_array(lat_weight) @ rows.reshape(n_lat, -1)  # (lat, time x lon)
    sums = sums.reshape(len(lat_weight), -1, len(lon_weight)).transpose(1, 0, 2)
    return np.ascontiguousarray(sums).reshape(*lead, len(lat_weight), len(lon_weight))


def regrid(field: xr.DataArray, grid: Grid, *, min_coverage: float = 0.0) -> xr.DataArray:
    """Area-weighted mean of an intensive field on another grid; NaN cells carry no weight.

    Where the source covers a target cell wholly, the integral over the cell is conserved.

    Parameters
    ----------
    field : DataArray, dims (..., lat, lon)
        In any unit per area. Any order of latitude and longitude.
    grid : Grid
        Target.
    min_coverage : float
        Share of the target cell that valid source cells must cover [1]; below it, NaN.

    Returns
    -------
    DataArray, dims (..., lat, lon), float64
    """
    field = to_south_north(field).transpose(..., "lat", "lon")
    lat_weight = overlap(
        np.sin(np.radians(np.clip(edges(field.lat.values), -90.0, 90.0))),
        np.sin(np.radians(grid.lat_edges)),
    )
    lon_weight = _longitude_overlap(edges(field.lon.values), grid.lon_edges)
    values = field.values.astype(float)
    valid = np.isfinite(values)
    total = _weighted_sums(np.where(valid, values, 0.0), lat_weight, lon_weight)
    if valid.all():  # the same weights at all times
        weight = np.broadcast_to(np.outer(lat_weight.sum(1), lon_weight.sum(1)), total.shape)
    else:
        weight = _weighted_sums(valid.astype(float), lat_weight, lon_weight)
    whole = np.diff(np.sin(np.radians(grid.lat_edges)))[:, None] * np.diff(grid.lon_edges)
    enough = weight > np.maximum(min_coverage - 1e-9, 1e-12) * whole
    mean = np.divide(total, weight, out=np.full_like(total, np.nan), where=enough)
    dims = field.dims
    coords = {name: field[name] for name in dims[:-2] if name in field.coords}
    return xr.DataArray(
        mean, dims=dims, coords={**coords, "lat": grid.lat, "lon": grid.lon}, name=field.name
    )
