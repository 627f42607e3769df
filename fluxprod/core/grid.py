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


def _turned(lon):
    """Longitudes between -180 and 180 [degree_east]."""
    return (lon + 180.0) % 360.0 - 180.0


def to_south_north(field: xr.DataArray | xr.Dataset):
    """Order a global field south to north and -180 to 180, whatever its file's order."""
    field = field.assign_coords(lon=_turned(field.lon))
    return field.sortby("lat").sortby("lon")


def _longitude_overlap(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Overlap on the circle: a source cell across the date line counts on both sides."""
    return np.sum([overlap(source + turn, target) for turn in (-360.0, 0.0, 360.0)], axis=0)


class Regridder:
    """Area-weighted means of intensive fields on another grid; NaN cells carry no weight.

    Where the source covers a target cell wholly, the integral over the cell is conserved. The
    weights are made once, for any number of fields on the same axes.

    Parameters
    ----------
    lat, lon : array-like
        Cell centres of the source [degree_north, degree_east], equally spaced, in any order;
        longitudes 0 to 360 or -180 to 180. Rows at the poles may be half cells, as in ERA5.
    grid : Grid
        Target.
    min_coverage : float
        Share of the target cell that valid source cells must cover [1]; below it, NaN.
    """

    def __init__(
        self, lat: ArrayLike, lon: ArrayLike, grid: Grid, *, min_coverage: float = 0.0
    ) -> None:
        north, east = np.asarray(lat, float), _turned(np.asarray(lon, float))
        self.axes = np.array(lat, float), np.array(lon, float)
        self.rows, self.columns = _rising(north), _rising(east)
        bands = np.sin(np.radians(np.clip(edges(north[self.rows]), -90.0, 90.0)))
        target_bands = np.sin(np.radians(grid.lat_edges))
        self.lat_weight = overlap(bands, target_bands)
        self.lon_weight = _longitude_overlap(edges(east[self.columns]), grid.lon_edges)
        whole = np.diff(target_bands)[:, None] * np.diff(grid.lon_edges)
        self.least = np.maximum(min_coverage - 1e-9, 1e-12) * whole
        self.full = np.outer(self.lat_weight.sum(1), self.lon_weight.sum(1))
        self._sparse = csr_array(self.lat_weight), csr_array(self.lon_weight)

    def fits(self, lat: ArrayLike, lon: ArrayLike) -> bool:
        """Whether the weights are those of these axes."""
        return np.array_equal(self.axes[0], lat) and np.array_equal(self.axes[1], lon)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Average fields of shape (..., lat, lon) onto the target, float64."""
        values = values[..., self.rows, :][..., self.columns].astype(float)
        valid = np.isfinite(values)
        if valid.all():  # the same weights at all times
            total = self._sums(values)
            weight = np.broadcast_to(self.full, total.shape)
        else:
            total = self._sums(np.where(valid, values, 0.0))
            weight = self._sums(valid.astype(float))
        return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > self.least)

    def _sums(self, values: np.ndarray) -> np.ndarray:
        """Sum (..., lat, lon) over the source cells of each target cell; few of them overlap it."""
        by_lat, by_lon = self._sparse
        lead, (n_lat, n_lon) = values.shape[:-2], values.shape[-2:]
        rows = by_lon @ values.reshape(-1, n_lon).T  # (lon, time x lat)
        rows = rows.reshape(-1, int(np.prod(lead)), n_lat).transpose(2, 1, 0)
        sums = by_lat @ rows.reshape(n_lat, -1)  # (lat, time x lon)
        sums = sums.reshape(by_lat.shape[0], -1, by_lon.shape[0]).transpose(1, 0, 2)
        return np.ascontiguousarray(sums).reshape(*lead, by_lat.shape[0], by_lon.shape[0])


def _rising(axis: np.ndarray) -> slice | np.ndarray:
    """Order in which an axis rises; a slice, which copies nothing, where one does."""
    step = np.diff(axis)
    if (step > 0).all():
        return slice(None)
    return slice(None, None, -1) if (step < 0).all() else np.argsort(axis)


def regrid(field: xr.DataArray, grid: Grid, *, min_coverage: float = 0.0) -> xr.DataArray:
    """Average an intensive field onto another grid, as `Regridder`.

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
    field = field.transpose(..., "lat", "lon")
    mean = Regridder(field.lat.values, field.lon.values, grid, min_coverage=min_coverage)(
        field.values
    )
    dims = field.dims
    coords = {name: field[name] for name in dims[:-2] if name in field.coords}
    return xr.DataArray(
        mean, dims=dims, coords={**coords, "lat": grid.lat, "lon": grid.lon}, name=field.name
    )
