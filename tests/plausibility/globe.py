"""A small globe with the real climatology and land cover, and simple weather and vegetation."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import Grid, cell_area, regrid
from fluxprod.core.radiation import potential_radiation
from fluxprod.core.time_axis import daily_axis
from fluxprod.core.variables import IGBP

EARTH = Path(__file__).parents[2] / "data" / "reference" / "earth"
GRID = Grid(5.0)
TIME = daily_axis(2003, 2005)
YEAR = TIME.year.to_numpy()
STEP8 = pd.DatetimeIndex(
    [f"{y}-01-01" for y in range(2003, 2006) for _ in range(46)]
) + pd.to_timedelta(np.tile(np.arange(46) * 8 + 4, 3), "D")
STEP16 = STEP8[::2] + pd.Timedelta("4D")
CODE = {name: number for number, name in IGBP.items()}
# greenness in winter and summer, of groups of classes
GREENNESS = {
    **dict.fromkeys(("EBF",), (0.78, 0.8)),
    **dict.fromkeys(("ENF", "MF", "DBF", "DNF"), (0.45, 0.75)),
    **dict.fromkeys(("CSH", "OSH", "WSA", "SAV", "GRA", "WET", "CRO", "CVM", "URB"), (0.2, 0.45)),
    **dict.fromkeys(("BSV",), (0.08, 0.1)),
}


@functools.cache
def reference():
    with xr.open_dataset(EARTH / "climate.nc") as source:
        return source.load()


@functools.cache
def geography():
    """Land cells and their land cover, as from the stage geography."""
    with xr.open_dataset(EARTH / "land_cover.nc") as source:
        pixels = regrid(source.pixels.astype(float), GRID)
    shares = pixels.sel(igbp=list(IGBP)).values / 100.0
    land = shares.sum(axis=0)
    is_land = (land > 0.2) & (np.abs(GRID.lat)[:, None] < 80.0) & (GRID.lat[:, None] > -60.0)
    cell = np.flatnonzero(is_land)
    lat, lon = GRID.lat_lon_of(cell)
    area = land * cell_area(GRID.lat_edges, GRID.lon_edges)
    of_cells = shares.reshape(len(IGBP), -1)[:, cell] / land.flat[cell]
    return xr.Dataset(
        {
            "land_fraction": (("lat", "lon"), land),
            "cell_lat": ("cell", lat),
            "cell_lon": ("cell", lon),
            "land_area": ("cell", area.flat[cell]),
            "pft_fraction": (("cell", "pft"), of_cells.T),
        },
        coords={"lat": GRID.lat, "lon": GRID.lon, "cell": cell, "pft": list(IGBP)},
    )


def place(name):
    return geography()[name].values


def normal(name):
    """Climatology of each day over the whole globe, shape (cell of the grid, time)."""
    months = regrid(reference()[name], GRID).values.reshape(12, -1).T
    middle = np.arange(-1, 13) + 0.5
    wrapped = np.concatenate([months[:, -1:], months, months[:, :1]], axis=1)
    when = (TIME.day_of_year.to_numpy() - 0.5) / 365.25 * 12
    return np.stack([np.interp(when, middle, row) for row in wrapped])


def waves(rng, days, decay):
    """Weather of a few waves around the globe, whose amplitudes persist for some days."""
    lat, lon = (np.radians(each) for each in GRID.lat_lon_of(np.arange(np.prod(GRID.shape))))
    shapes = [
        f(k * lon + rng.uniform(0, 6)) * np.cos(m * lat + rng.uniform(0, 6))
        for k in (2, 4, 6)
        for m in (2, 5)
        for f in (np.cos, np.sin)
    ]
    amplitude = np.zeros((len(shapes), days))
    for day in range(1, days):
        amplitude[:, day] = decay * amplitude[:, day - 1] + rng.normal(size=len(shapes))
    return np.array(shapes).T @ (amplitude / amplitude.std())


@functools.cache
def sky():
    """TA [degC], SW_IN [W m-2] and P [mm d-1] of the whole globe, oceans included."""
    rng = np.random.default_rng(5)
    shape = int(np.prod(GRID.shape)), len(TIME)
    ta = normal("TA") + 1.2 * waves(rng, len(TIME), 0.85) + rng.normal(0.0, 0.5, shape)
    wet = rng.random(shape) < 0.4
    p = np.where(wet, rng.exponential(size=shape) * normal("P") / 0.4, 0.0)
    potential = potential_radiation(GRID.lat_lon_of(np.arange(shape[0]))[0], TIME.day_of_year)
    sw_in = potential * np.where(wet, 0.35, 0.62) * rng.uniform(0.9, 1.1, shape)
    return {"TA": ta, "SW_IN": sw_in, "P": p}


def on_land(field):
    """Select the land cells of a field of the whole globe, shape (cell of the grid, ...)."""
    return field[place("cell")]


def moved(field, rows=0, columns=0):
    """Move a field of the whole globe."""
    grid = field.reshape(*GRID.shape, *field.shape[1:])
    return np.roll(grid, (rows, columns), (0, 1)).reshape(field.shape)


def mirrored(field):
    return field.reshape(*GRID.shape, *field.shape[1:])[::-1].reshape(field.shape)


def climate(**changed):
    """Climate store; the keywords replace fields, shape (cell, time)."""
    fields = {name: on_land(field) for name, field in sky().items()} | changed
    return xr.Dataset(
        {name: (("cell", "time"), values) for name, values in fields.items()},
        coords={"cell": place("cell"), "time": TIME},
    )


def patch_facts():
    """Cell, class and share of each patch: the classes of more than a fifth of a cell."""
    row, column = np.nonzero(place("pft_fraction") > 0.2)
    return row, place("pft")[column], place("pft_fraction")[row, column]


def composites(daily, time, length):
    """Average days over composites, shape (cell, time) to (cell, composite)."""
    start = [int((day - TIME[0]).days) - length // 2 for day in time]
    return np.stack([daily[:, max(i, 0) : i + length].mean(axis=1) for i in start], axis=1)


@functools.cache
def surface():
    """The seven quantities of each patch, shape (patch, composite)."""
    rng = np.random.default_rng(6)
    row, pft, _ = patch_facts()
    air = on_land(sky()["TA"])
    air8 = composites(air, STEP8, 8)[row]
    seasonal = composites(on_land(normal("TA")), STEP8 - pd.Timedelta("16D"), 16)[row]
    warm = 1.0 / (1.0 + np.exp(-(seasonal - 8.0) / 3.0))
    low, high = np.array([GREENNESS[IGBP[number]] for number in pft]).T[:, :, None]
    green = low + (high - low) * warm + rng.normal(0.0, 0.01, air8.shape)
    snow = np.where(air8 < -3.0, 0.3, 0.0)
    rough = rng.normal(0.0, 0.8, (2, *air8.shape))
    return {
        "NDVI": green[:, ::2],
        "EVI": 0.75 * green[:, ::2] ** 1.2,
        "LST_DAY": air8 + 273.15 + 12.0 - 8.0 * green + rough[0],
        "LST_NIGHT": air8 + 273.15 - 6.0 + rough[1],
        "FPAR": np.clip(1.15 * green - 0.09, 0.01, None),
        "NDWI": 0.5 * green - 0.15,
        "BAND4": 0.2 - 0.18 * green + snow,
    }


def vegetation(**changed):
    """Vegetation store; the keywords replace quantities, shape (patch, composite)."""
    row, pft, share = patch_facts()
    fields = surface() | changed
    axis = {16: "time_mod13c1", 8: "time_mod11c2"}
    data = {
        name: (("patch", axis[16 if name in ("NDVI", "EVI") else 8]), values)
        for name, values in fields.items()
    }
    facts = {"patch_cell": place("cell")[row], "patch_pft": pft, "patch_share": share}
    return xr.Dataset(
        data | {name: ("patch", values) for name, values in facts.items()},
        coords={axis[16]: STEP16, axis[8]: STEP8},
    )


def moved_patches(name, *, rows=0, columns=0, mirror=False):
    """Take each patch's values from the mean of another cell; sea has none."""
    row, _, _ = patch_facts()
    values = surface()[name]
    count = np.bincount(row, minlength=len(place("cell")))[:, None]
    total = np.zeros((len(place("cell")), values.shape[1]))
    np.add.at(total, row, values)
    globe = np.full((int(np.prod(GRID.shape)), values.shape[1]), np.nan)
    globe[place("cell")] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return on_land(mirrored(globe) if mirror else moved(globe, rows, columns))[row]


def outcomes(findings):
    """Names of the tests that stop the run, and of those that warn."""
    return (
        {each.criterion.name.split(".")[1] for each in findings if each.outcome == "stop"},
        {each.criterion.name.split(".")[1] for each in findings if each.outcome == "warn"},
    )
