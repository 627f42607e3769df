"""The complete synthetic Earth: land, weather, ecosystems, fires and the tower network."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.earth.carbon import Carbon, close_budget, gpp_scale
from fluxprod.synthetic.earth.fire import fire_emission
from fluxprod.synthetic.earth.hidden import make_hidden, sink_share
from fluxprod.synthetic.earth.history import simulate
from fluxprod.synthetic.earth.land import Land, make_land, place_towers
from fluxprod.synthetic.earth.normals import monthly_normals
from fluxprod.synthetic.earth.reference import Reference
from fluxprod.synthetic.earth.tower_records import Records, tower_records
from fluxprod.synthetic.earth.traits import make_traits
from fluxprod.synthetic.earth.weather import EarthWeather, make_weather

CARBON = ("gpp", "autotrophic", "heterotrophic")
AT_TOWERS = (*CARBON, "evapotranspiration", "wetness")


@dataclass(frozen=True)
class Earth:
    """A synthetic Earth, in memory.

    Parameters
    ----------
    seed : int
        Seed of all random streams.
    land : Land
        Land cells, patches and sub-cells.
    normals : dict of str to ndarray, shape (12, lat, lon)
        Monthly ``TA`` [degC] and ``P`` [mm d-1] on the target grid, oceans included.
    weather : EarthWeather
        Daily weather of the land cells.
    composite : dict of str to ndarray, shape (period, patch)
        Means of ``fapar`` [1], ``wetness`` [1] and ``snow`` [mm] over 8-day periods.
    carbon : Carbon
        True fluxes of the patches.
    fire : ndarray, shape (time, cell)
        Fire emission [g m-2 d-1 of land].
    towers : DataFrame
        Towers in the order of the columns of ``records``.
    records : Records
        Their measurements.
    region : DataArray, dims (lat, lon)
        Region number of 0.5 degree cells, -1 outside all regions.
    """

    seed: int
    land: Land
    normals: dict[str, np.ndarray]
    weather: EarthWeather
    composite: dict[str, np.ndarray]
    carbon: Carbon
    fire: np.ndarray
    towers: pd.DataFrame
    records: Records
    region: xr.DataArray


def make_earth(reference: Reference, resolution: float, years: range, seed: int) -> Earth:
    """Make a synthetic Earth.

    Parameters
    ----------
    reference : Reference
        Grids and tables of the real Earth.
    resolution : float
        Cell size of the target grid [degree].
    years : range
        Calendar years to simulate.
    seed : int
        Seed of all random streams.
    """
    land = make_land(reference.pixels, resolution)
    normals = monthly_normals(reference.climate, land.grid)
    at_cells = {name: field.reshape(12, -1)[:, land.cell] for name, field in normals.items()}
    weather = make_weather(at_cells, daily_axis(years[0], years[-1]), *land.lat_lon, seed)
    composite, carbon, offset = _simulate_patches(land, at_cells, weather, seed)
    towers = place_towers(reference.towers, land, years)
    return Earth(
        seed=seed,
        land=land,
        normals=normals,
        weather=weather,
        composite=composite,
        carbon=carbon,
        fire=fire_emission(land, weather, carbon, composite["wetness"], seed),
        towers=towers,
        records=_observe_towers(towers, land, at_cells, weather, carbon.scale, offset, seed),
        region=reference.region,
    )


def _simulate_patches(
    land: Land, normals: dict[str, np.ndarray], weather: EarthWeather, seed: int
) -> tuple[dict[str, np.ndarray], Carbon, float]:
    """Composite states and carbon of all patches, and the global mean of the hidden excess sink."""
    lat, lon = (centre[land.patch_cell] for centre in land.lat_lon)
    hidden = make_hidden(lat, lon, seed, "cells")
    traits = make_traits(normals, land.patch_cell, land.patch_igbp, hidden)
    history = simulate(traits, weather, CARBON)
    weight = history.daily["gpp"].mean(axis=0) * land.patch_area
    offset = float((hidden.excess * weight).sum() / weight.sum())
    share = sink_share(hidden.excess, land.patch_igbp, offset)
    carbon = close_budget(history, share, gpp_scale(history, land.patch_area))
    return history.composite, carbon, offset


def _observe_towers(
    towers: pd.DataFrame,
    land: Land,
    normals: dict[str, np.ndarray],
    weather: EarthWeather,
    scale: float,
    offset: float,
    seed: int,
) -> Records:
    """Records of the towers; their patches follow the same model and the weather of their cells."""
    home, igbp = towers.cell.to_numpy(), towers.number.to_numpy()
    lat, lon = (centre[home] for centre in land.lat_lon)
    hidden = make_hidden(lat, lon, seed, "towers")
    history = simulate(make_traits(normals, home, igbp, hidden), weather, AT_TOWERS)
    carbon = close_budget(history, sink_share(hidden.excess, igbp, offset), scale)
    return tower_records(towers, carbon, history, weather, seed)
