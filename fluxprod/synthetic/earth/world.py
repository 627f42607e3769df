"""The whole synthetic Earth in memory: land, weather, life, fires and those who watch."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.earth.carbon import Carbon, close_budget, gpp_scale
from fluxprod.synthetic.earth.fire import fire_emission
from fluxprod.synthetic.earth.hidden import make_hidden, sink_share
from fluxprod.synthetic.earth.history import live
from fluxprod.synthetic.earth.land import Land, make_land, place_towers
from fluxprod.synthetic.earth.normals import monthly_normals
from fluxprod.synthetic.earth.reference import Reference
from fluxprod.synthetic.earth.tower_records import Records, record
from fluxprod.synthetic.earth.traits import make_traits
from fluxprod.synthetic.earth.weather import EarthWeather, make_weather

CARBON = ("gpp", "autotrophic", "heterotrophic")
AT_TOWERS = (*CARBON, "evapotranspiration", "wetness")


@dataclass(frozen=True)
class Earth:
    """A synthetic Earth.

    Parameters
    ----------
    normals : dict of ndarray, (12, lat, lon)
        Monthly TA [degC] and P [mm d-1] on the target grid, oceans too.
    composite : dict of ndarray, (period, patch)
        Means of fAPAR [1], relative soil water [1] and snow [mm] over 8 days.
    fire : ndarray, (time, cell)
        Carbon burnt [g m-2 d-1 of land].
    towers, records
        The network in the order of the columns of its records.
    region : DataArray, (lat, lon)
        Number of the region of 0.5 degree cells.
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
    """Make the Earth of a seed on a grid [degree] for some years."""
    land = make_land(reference.pixels, resolution)
    normals = monthly_normals(reference.climate, land.grid)
    at_cells = {name: field.reshape(12, -1)[:, land.cell] for name, field in normals.items()}
    weather = make_weather(at_cells, daily_axis(years[0], years[-1]), *land.lat_lon, seed)
    composite, carbon, offset = _life(land, at_cells, weather, seed)
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
        records=_watch(towers, land, at_cells, weather, carbon.scale, offset, seed),
        region=reference.region,
    )


def _life(
    land: Land, normals: dict, weather: EarthWeather, seed: int
) -> tuple[dict[str, np.ndarray], Carbon, float]:
    """Composite states and carbon of all patches, and the mean hidden excess of sinks."""
    lat, lon = (place[land.patch_cell] for place in land.lat_lon)
    hidden = make_hidden(lat, lon, seed, "cells")
    traits = make_traits(normals, land.patch_cell, land.patch_igbp, hidden)
    history = live(traits, weather, CARBON)
    weight = history.daily["gpp"].mean(axis=0) * land.patch_area
    offset = float((hidden.excess * weight).sum() / weight.sum())
    share = sink_share(hidden.excess, land.patch_igbp, offset)
    carbon = close_budget(history, share, gpp_scale(history, land.patch_area))
    return history.composite, carbon, offset


def _watch(towers, land: Land, normals, weather, scale: float, offset: float, seed: int) -> Records:
    """Records of the towers, whose patches live by the same law in their cells' weather."""
    home, igbp = towers.cell.to_numpy(), towers.number.to_numpy()
    lat, lon = (place[home] for place in land.lat_lon)
    hidden = make_hidden(lat, lon, seed, "towers")
    history = live(make_traits(normals, home, igbp, hidden), weather, AT_TOWERS)
    carbon = close_budget(history, sink_share(hidden.excess, igbp, offset), scale)
    return record(towers, carbon, history, weather, seed)
