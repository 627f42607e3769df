"""Raw files of a synthetic Earth that ``geography`` and ``bridge`` read, and no others.

Blocks of cells are simulated one after another, so that four years at 0.5 degree take 2.4 GB of
memory and 0.2 GB of disk. The files agree with those of ``synthesize`` up to their rounding.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.earth.hidden import Hidden, make_hidden
from fluxprod.synthetic.earth.history import simulate
from fluxprod.synthetic.earth.land import Land, make_land
from fluxprod.synthetic.earth.normals import monthly_normals
from fluxprod.synthetic.earth.reference import Reference, read_reference
from fluxprod.synthetic.earth.traits import make_traits
from fluxprod.synthetic.earth.weather import make_weather
from fluxprod.synthetic.native.fluxcom import write_fluxcom_year
from fluxprod.synthetic.native.modis import write_mcd12c1
from fluxprod.synthetic.native.regions import write_region_mask
from fluxprod.synthetic.observation.upscaling import gpp_factor, unscaled_fluxes

REFERENCE = Path(__file__).parents[1] / "data" / "reference" / "earth"
CELLS = 8_000  # simulated at once


def write_raw(raw: Path, resolution: float, years: range, seed: int) -> None:
    """Write land cover, regions and daily FLUXCOM NEE into ``modis``, ``regions``, ``fluxcom``."""
    reference = read_reference(REFERENCE)
    land = make_land(reference.pixels, resolution)
    for kind in ("modis", "regions", "fluxcom"):
        (raw / kind).mkdir(parents=True)
    write_mcd12c1(raw / "modis", years[0], land.igbp[::-1])
    mask = reference.region.values == np.arange(18)[:, None, None]
    write_region_mask(raw / "regions" / "GCP_18regions_mask_0.5deg_corr.nc", mask)
    time = daily_axis(years[0], years[-1])
    nee = daily_nee(land, reference, time, seed)
    for year in years:
        of_year = nee[np.asarray(time.year) == year]
        write_fluxcom_year(raw / "fluxcom", year, land.on_grid(of_year))


def daily_nee(land: Land, reference: Reference, time: pd.DatetimeIndex, seed: int) -> np.ndarray:
    """NEE of the FLUXCOM-like product, float32 (time, cell) [g m-2 d-1 of land]."""
    normals = monthly_normals(reference.climate, land.grid)
    lat, lon = (centre[land.patch_cell] for centre in land.lat_lon)
    hidden = make_hidden(lat, lon, seed, "cells")
    nee = np.empty((len(time), len(land.cell)), np.float32)
    gpp = np.empty(len(land.cell))
    for block, patch in blocks(land):
        part = part_of_land(land, block, patch)
        at = {name: field.reshape(12, -1)[:, part.cell] for name, field in normals.items()}
        weather = make_weather(at, time, *part.lat_lon, seed)
        of_part = Hidden(hidden.capacity[patch], hidden.light_use[patch], hidden.excess[patch])
        traits = make_traits(at, part.patch_cell, part.patch_igbp, of_part)
        composite = simulate(traits, weather, ()).composite
        nee[:, block], gpp[block] = unscaled_fluxes(part, weather, composite["fapar"])
    nee *= gpp_factor(gpp, land.land_area)
    return nee


def blocks(land: Land) -> Iterator[tuple[slice, slice]]:
    """Slices of cells, and of the patches in them."""
    for start in range(0, len(land.cell), CELLS):
        end = min(start + CELLS, len(land.cell))
        yield slice(start, end), slice(*np.searchsorted(land.patch_cell, (start, end)))


def part_of_land(land: Land, cell: slice, patch: slice) -> Land:
    """Some cells and their patches; sub-cells are left as they are."""
    return replace(
        land,
        cell=land.cell[cell],
        land_fraction=land.land_fraction[cell],
        cell_area=land.cell_area[cell],
        patch_cell=land.patch_cell[patch] - cell.start,
        patch_igbp=land.patch_igbp[patch],
        patch_share=land.patch_share[patch],
    )
