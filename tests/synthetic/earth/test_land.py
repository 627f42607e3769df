import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.synthetic.earth.land import majority_class, make_land, place_towers

# The 45 degree sub-cells of a world of 90 degree cells, south to north and west to east
SUB_CELLS = np.array(
    [
        [15, 15, 15, 15, 15, 15, 15, 15],  # south of 60 S nothing counts as land
        [0, 0, 2, 2, 0, 0, 9, 9],
        [0, 10, 2, 9, 0, 0, 0, 0],
        [1, 1, 15, 0, 0, 0, 0, 0],
    ]
)


@pytest.fixture
def drawn():
    grid = Grid(45.0)
    pixels = (np.arange(17)[:, None, None] == SUB_CELLS) * 100
    return xr.DataArray(pixels, dims=("igbp", "lat", "lon"), coords={"lat": grid.lat})


@pytest.fixture
def land(drawn):
    return make_land(drawn, 90.0)


def test_cells_and_patches_as_drawn(land):
    # row 0: cells 1 and 3 hold the southern forest and savanna; row 1: cells 4 and 5
    assert land.cell.tolist() == [1, 3, 4, 5]
    patches = list(zip(land.cell[land.patch_cell], land.patch_igbp, strict=True))
    assert patches == [(1, 2), (3, 9), (4, 1), (4, 10), (5, 2), (5, 9)]


def test_shares_are_of_area(land):
    # of a quarter of a hemisphere, sin 45 lies between 0 and 45 degrees, the rest beyond
    low = np.sin(np.radians(45.0))
    assert land.land_fraction == pytest.approx([low, low, low / 2 + (1 - low), low])
    assert land.patch_share[3] == pytest.approx(low / 2 / (low / 2 + 1 - low))
    assert np.bincount(land.patch_cell, land.patch_share) == pytest.approx(1.0)


def test_spreading_conserves_area(land):
    ones = np.ones((3, len(land.patch_cell)))
    assert land.cell_mean(ones) == pytest.approx(1.0)
    assert land.on_subgrid(ones).sum() == 3 * len(land.sub_flat)
    assert np.isfinite(land.on_grid(np.ones(4))).sum() == 4


def test_majority_takes_the_most_common_class(drawn):
    coarse = majority_class(drawn, Grid(90.0))
    assert coarse[1, 0] == 1  # pixels count equally, whatever their area
    assert majority_class(drawn, Grid(22.5))[2:4, 4:6].tolist() == [[2, 2], [2, 2]]


def test_towers_keep_their_years_within_the_world(land):
    towers = pd.DataFrame(
        {
            "site": ["ZZ-Two", "AA-One", "BB-Out"],
            "lat": [-10.0, 20.0, 20.0],
            "lon": [-60.0, 100.0, 100.0],
            "igbp": ["EBF", "GRA", "GRA"],
            "first_year": [1996, 2002, 2009],
            "last_year": [2014, 2003, 2014],
        }
    )
    placed = place_towers(towers, land, range(2001, 2010))
    assert placed.site.tolist() == ["AA-One", "ZZ-Two"]
    assert placed[["first_year", "last_year"]].to_numpy().tolist() == [[2002, 2003], [2001, 2007]]
    assert placed.number.tolist() == [10, 2]
    assert land.cell[placed.cell].tolist()[1] == 1
