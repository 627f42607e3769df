"""Positions and biomes of towers."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.variables import IGBP
from fluxprod.plausibility.towers.position import position_findings
from tests.plausibility.small_tower import outcomes

GRID = Grid(2.0)
HALF = Grid(0.5)


def world():
    """A continent from 40 to 60 degrees north and 0 to 30 east, and an island at 20 S, 178 W."""
    lat, lon = np.meshgrid(GRID.lat, GRID.lon, indexing="ij")
    cell = np.flatnonzero(((lat > 40) & (lat < 60) & (lon > 0) & (lon < 30)).ravel())
    regions = xr.DataArray(
        np.full(HALF.shape, -1, np.int8), coords={"lat": HALF.lat, "lon": HALF.lon}
    )
    regions.loc[{"lat": slice(40, 60), "lon": slice(0, 30)}] = 6
    regions.loc[{"lat": -19.75, "lon": -177.75}] = 17
    return cell, GRID, regions


def found(lat, lon, igbp="ENF"):
    sites = pd.DataFrame({"lat": [lat], "lon": [lon], "igbp": [igbp]}, index=["XX-One"])
    return outcomes(position_findings(sites, *world()))


@pytest.mark.parametrize(
    ("lat", "lon", "outcome"),
    [
        (50.0, 10.0, "pass"),
        (50.0, -2.0, "pass"),  # within two cells of the coast
        (0.0, 0.0, "stop"),
        (10.0, 50.0, "stop"),  # latitude and longitude exchanged
        (-50.0, 10.0, "stop"),
        (50.0, -10.0, "stop"),
        (-20.0, -178.0, "warn"),  # an island that the grid does not resolve
        (-20.0, 178.0, "stop"),  # without the sign of the longitude
        (-20.0, 181.5, "warn"),  # 178.5 west, in longitudes from 0 to 360
    ],
)
def test_position(lat, lon, outcome):
    assert found(lat, lon)["towers.position:XX-One"] == outcome


def test_the_text_names_the_distance_and_the_place():
    """From the equator to the centre of the southernmost cells: 41 degrees, or 20.5 cells."""
    sites = pd.DataFrame({"lat": [0.0], "lon": [1.0], "igbp": ["ENF"]}, index=["XX-One"])
    finding = position_findings(sites, *world())[0]
    assert finding.found == "20.5 cells from land at 0.00, 1.00"


@pytest.mark.parametrize("code", IGBP.values())
def test_every_type_of_the_model_is_a_biome(code):
    assert found(50.0, 10.0, code)["towers.igbp:XX-One"] == "pass"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("SNO", "warn"), ("WAT", "warn"), ("EBD", "stop"), ("enf", "stop"), ("Forest", "stop")],
)
def test_other_codes(code, outcome):
    assert found(50.0, 10.0, code)["towers.igbp:XX-One"] == outcome
