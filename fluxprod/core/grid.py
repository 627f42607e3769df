"""The global latitude-longitude grid, its cell areas, and regridding that conserves the integral.

Beyond the readers all fields run from south to north and from -180 to 180. Land cells are
identified by their flat index ``row * n_lon + column`` in the grid; row 0 is the southernmost.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

Longitudes = TypeVar("Longitudes", np.ndarray, xr.DataArray)
Field = TypeVar("Field", xr.DataArray, xr.Dataset)

EARTH_RADIUS = 6_371_007.181  # m, authalic sphere of the MODIS products (MCD12 User Guide)


@dataclass(frozen=True)
class Grid:
    """A regular global grid.

    Parameters
    ----------
    resolution : float
        Cell size [degree]; 180 must be a multiple of it.

    Raises
    ------
    ValueError
        If the resolution does not divide 180 degrees.
    """

    resolution: float

    def __post_init__(self) -> None:
        if abs(180.0 / self.resolution - round(180.0 / self.resolution)) > 1e-9:
            raise ValueError(f"resolution {self.resolution} does not divide 180 degrees")

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns, (n_lat, n_lon)."""
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
        """Flat index of the cell that contains each point ([degree_north], [degree_east])."""
        n_lat, n_lon = self.shape
        row = np.floor((np.asarray(lat, float) + 90.0) / self.resolution).astype(int)
        turn = (np.asarray(lon, float) + 180.0) % 360.0
        column = np.floor(turn / self.resolution).astype(int)
        cell: np.ndarray = np.clip(row, 0, n_lat - 1) * n_lon + np.clip(column, 0, n_lon - 1)
        return cell

    def lat_lon_of(self, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Centre of each flat cell index ([degree_north], [degree_east])."""
        row, column = np.divmod(np.asarray(cell), self.shape[1])
        return self.lat[row], self.lon[column]


def centres(edges: np.ndarray) -> np.ndarray:
    """Midpoints between consecutive edges."""
    middle: np.ndarray = (edges[:-1] + edges[1:]) / 2.0
    return middle


def edges(centre: np.ndarray) -> np.ndarray:
    """Edges of equally spaced cells, from their centres.

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
    """Area of each cell on the sphere, shape (n_lat, n_lon) [m2]; the globe sums to 4 pi R^2."""
    band = np.abs(np.diff(np.sin(np.radians(lat_edges))))
    width = np.abs(np.diff(np.radians(lon_edges)))
    area: np.ndarray = EARTH_RADIUS**2 * band[:, None] * width[None, :]
    return area


def great_circle(
    lat: ArrayLike, lon: ArrayLike, to_lat: ArrayLike, to_lon: ArrayLike
) -> np.ndarray:
    """Great-circle distance by the haversine formula, with broadcasting of shapes [km]."""
    lat, lon, to_lat, to_lon = (np.radians(angle) for angle in (lat, lon, to_lat, to_lon))
    chord = (
        np.sin((to_lat - lat) / 2.0) ** 2
        + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2.0) ** 2
    )
    distance: np.ndarray = 2.0 * EARTH_RADIUS / 1e3 * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return distance


def overlap(source_edges: np.ndarray, target_edges: np.ndarray) -> np.ndarray:
    """Length of the overlap of each target interval with each source interval.

    Parameters
    ----------
    source_edges, target_edges : ndarray, shape (n_source + 1,), (n_target + 1,)
        Edges of adjoining intervals, in ascending order.

    Returns
    -------
    ndarray, shape (n_target, n_source)
        Lengths in the unit of the edges.
    """
    low = np.maximum(target_edges[:-1, None], source_edges[None, :-1])
    high = np.minimum(target_edges[1:, None], source_edges[None, 1:])
    length: np.ndarray = np.clip(high - low, 0.0, None)
    return length


def _centred_on_greenwich(lon: Longitudes) -> Longitudes:
    """Longitudes between -180 and 180 [degree_east]."""
    turned: Longitudes = (lon + 180.0) % 360.0 - 180.0
    return turned


def to_south_north(field: Field) -> Field:
    """Sort a global field from south to north and from -180 to 180, whatever its order."""
    field = field.assign_coords(lon=_centred_on_greenwich(field.lon))
    return field.sortby("lat").sortby("lon")


def _longitude_overlap(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Overlap on the circle: a source cell across the date line counts on both of its sides."""
    turns = (-360.0, 0.0, 360.0)
    length: np.ndarray = np.sum([overlap(source + turn, target) for turn in turns], axis=0)
    return length


class Regridder:
    """Area-weighted averaging of intensive fields onto another grid; NaN cells have no weight.

    Where the source covers a target cell completely, the integral over the cell is conserved. The
    weights are computed once for any number of fields on the same axes.

    Parameters
    ----------
    lat, lon : array-like
        Cell centres of the source, equally spaced and in any order; longitudes from 0 to 360 or
        from -180 to 180. Rows at the poles may be half cells, as in ERA5 [degree_north],
        [degree_east].
    grid : Grid
        Target grid.
    min_coverage : float, optional
        Share of a target cell that valid source cells must cover; below it, the mean is NaN [1].
    """

    def __init__(
        self, lat: ArrayLike, lon: ArrayLike, grid: Grid, *, min_coverage: float = 0.0
    ) -> None:
        north, east = np.asarray(lat, float), _centred_on_greenwich(np.asarray(lon, float))
        self.axes = np.array(lat, float), np.array(lon, float)
        self.rows, self.columns = _ascending_order(north), _ascending_order(east)
        bands = np.sin(np.radians(np.clip(edges(north[self.rows]), -90.0, 90.0)))
        target_bands = np.sin(np.radians(grid.lat_edges))
        self.lat_weight = overlap(bands, target_bands)
        self.lon_weight = _longitude_overlap(edges(east[self.columns]), grid.lon_edges)
        whole = np.diff(target_bands)[:, None] * np.diff(grid.lon_edges)
        self.least = np.maximum(min_coverage - 1e-9, 1e-12) * whole
        self.full = np.outer(self.lat_weight.sum(1), self.lon_weight.sum(1))
        self._sparse = csr_array(self.lat_weight), csr_array(self.lon_weight)

    def fits(self, lat: ArrayLike, lon: ArrayLike) -> bool:
        """Whether the weights were computed for these axes."""
        return np.array_equal(self.axes[0], lat) and np.array_equal(self.axes[1], lon)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Average fields of shape (..., lat, lon) onto the target grid, as float64."""
        values = values[..., self.rows, :][..., self.columns].astype(float)
        valid = np.isfinite(values)
        if valid.all():  # all fields have the same weights
            total = self._sums(values)
            weight = np.broadcast_to(self.full, total.shape)
        else:
            total = self._sums(np.where(valid, values, 0.0))
            weight = self._sums(valid.astype(float))
        mean: np.ndarray = np.divide(
            total, weight, out=np.full_like(total, np.nan), where=weight > self.least
        )
        return mean

    def _sums(self, values: np.ndarray) -> np.ndarray:
        """Weighted sums over the source cells that overlap each target cell, (..., lat, lon)."""
        by_lat, by_lon = self._sparse
        lead, (n_lat, n_lon) = values.shape[:-2], values.shape[-2:]
        rows = by_lon @ values.reshape(-1, n_lon).T  # (lon, time x lat)
        rows = rows.reshape(-1, int(np.prod(lead)), n_lat).transpose(2, 1, 0)
        sums = by_lat @ rows.reshape(n_lat, -1)  # (lat, time x lon)
        sums = sums.reshape(by_lat.shape[0], -1, by_lon.shape[0]).transpose(1, 0, 2)
        return np.ascontiguousarray(sums).reshape(*lead, by_lat.shape[0], by_lon.shape[0])


def _ascending_order(axis: np.ndarray) -> slice | np.ndarray:
    """Index that sorts an axis; a slice, which copies nothing, if the axis is monotonic."""
    step = np.diff(axis)
    if (step > 0).all():
        return slice(None)
    return slice(None, None, -1) if (step < 0).all() else np.argsort(axis)


def regrid(field: xr.DataArray, grid: Grid, *, min_coverage: float = 0.0) -> xr.DataArray:
    """Average an intensive field onto another grid with a `Regridder`.

    Parameters
    ----------
    field : DataArray, dims (..., lat, lon)
        Intensive quantity, for example a flux per area; latitude and longitude in any order.
    grid : Grid
        Target grid.
    min_coverage : float, optional
        Share of a target cell that valid source cells must cover; below it, the mean is NaN [1].

    Returns
    -------
    DataArray of float64, dims (..., lat, lon)
        Means of the target cells, in the unit of ``field``.
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
