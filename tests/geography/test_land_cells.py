import numpy as np
import pytest
import xarray as xr

from fluxprod.core.grid import EARTH_RADIUS, Grid
from fluxprod.geography.land_cells import land_cells


@pytest.fixture
def cells():
    """30-degree pixels in 60-degree cells; one cell has three forest pixels and one of sea."""
    fine = Grid(30.0)
    igbp = np.zeros(fine.shape, np.uint8)
    igbp[4, 0:2], igbp[5, 0] = 1, 5  # north of 30 N, west
    igbp[2:4, 4:6] = 15  # ice does not count as land
    igbp[0, :] = 10  # Antarctica
    mask = np.zeros((18, *fine.shape))
    mask[3, 4, 0] = 1
    mask[9, 4:6, 1] = 1
    dims, coords = ("lat", "lon"), {"lat": fine.lat, "lon": fine.lon}
    return land_cells(
        xr.DataArray(igbp, dims=dims, coords=coords),
        xr.DataArray(mask, dims=("region", *dims), coords=coords),
        Grid(60.0),
        min_land_fraction=0.2,
    )


def test_one_cell_is_land(cells):
    assert cells.cell.values.tolist() == [12]
    assert cells.cell_lat.item() == 60.0
    assert cells.cell_lon.item() == -150.0


def test_land_fraction_is_weighted_by_area(cells):
    low, high = np.sin(np.radians(60)) - 0.5, 1 - np.sin(np.radians(60))
    land = (2 * low + high) / (2 * low + 2 * high)
    assert cells.land_fraction.values[2, 0] == pytest.approx(land, abs=2e-6)
    assert cells.pft_fraction.sel(pft=1).item() == pytest.approx(
        2 * low / (2 * low + high), abs=3e-6
    )
    area = EARTH_RADIUS**2 * np.pi / 3 * 0.5
    assert cells.land_area.item() == pytest.approx(land * area, rel=1e-5)


def test_the_largest_share_decides_the_region(cells):
    # region 3 covers one lower pixel, region 9 a lower and an upper one
    assert cells.cell_region.item() == 9
    assert (cells.region.values == -1).sum() == cells.region.size - 1


def test_land_of_many_types_fills_no_more_than_its_cell():
    """Six types cover a sixth of the cell each; the rounded shares sum to 1.000002."""
    fine = Grid(10.0)
    types = np.array([1, 2, 4, 5, 8, 9] * 6, np.uint8)
    igbp = np.broadcast_to(types, fine.shape)
    dims, coords = ("lat", "lon"), {"lat": fine.lat, "lon": fine.lon}
    cells = land_cells(
        xr.DataArray(igbp, dims=dims, coords=coords),
        xr.DataArray(np.zeros((18, *fine.shape)), dims=("region", *dims), coords=coords),
        Grid(60.0),
        min_land_fraction=0.2,
    )
    assert cells.sizes["cell"] == 12  # all rows but that of Antarctica
    np.testing.assert_array_equal(cells.land_fraction.values[1:], 1.0)
    np.testing.assert_allclose(cells.pft_fraction.sum("pft"), 1.0, atol=6e-6)
