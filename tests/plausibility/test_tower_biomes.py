"""IGBP classes of a network against the land cover of the cells."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.variables import IGBP
from fluxprod.plausibility.towers.biomes import biome_findings

GRID = Grid(10.0)
NUMBERS = {code: number for number, code in IGBP.items()}
CODES = ("ENF", "EBF", "GRA", "CRO")


@pytest.fixture
def fraction():
    """Each cell has one class alone, in turn."""
    cells = np.arange(GRID.shape[0] * GRID.shape[1])
    cover = np.zeros((len(cells), len(IGBP)))
    for cell in cells:
        cover[cell, list(IGBP).index(NUMBERS[CODES[cell % 4]])] = 1.0
    return xr.DataArray(cover, {"cell": cells, "pft": list(IGBP)}, ("cell", "pft"))


def sites(number, igbp):
    lat, lon = GRID.lat_lon_of(np.arange(number))
    return pd.DataFrame({"lat": lat, "lon": lon, "igbp": igbp}, index=range(number))


def outcomes(table, fraction):
    return {each.criterion.name: each.outcome for each in biome_findings(table, fraction, GRID)}


def test_a_sound_network_passes(fraction):
    right = [CODES[site % 4] for site in range(200)]
    assert outcomes(sites(200, right), fraction) == {
        "towers.land_cover": "pass",
        "towers.one_class": "pass",
    }


def test_all_sites_in_one_class_are_noticed(fraction):
    """Sites of one class have nothing to exchange."""
    assert outcomes(sites(200, "EBF"), fraction) == {
        "towers.land_cover": "pass",
        "towers.one_class": "warn",
    }


def test_classes_of_other_sites_are_noticed(fraction):
    wrong = [CODES[(site + 1) % 4] for site in range(200)]
    assert outcomes(sites(200, wrong), fraction)["towers.land_cover"] == "stop"


def test_the_share_by_chance_is_a_quarter(fraction):
    right = [CODES[site % 4] for site in range(200)]
    finding, _ = biome_findings(sites(200, right), fraction, GRID)
    assert finding.found == "100% of 200 sites, and 25% after an exchange"


def test_few_sites_and_unknown_classes_say_nothing(fraction):
    assert outcomes(sites(99, "EBF"), fraction) == {}
    assert outcomes(sites(200, "FOREST"), fraction) == {}
