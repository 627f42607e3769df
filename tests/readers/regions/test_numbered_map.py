import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, cell_area
from fluxprod.readers.files.global_field import checked_variable, opened_dataset
from fluxprod.readers.regions.numbered_map import read_region_index


def test_transcom_mask_against_plain_xarray(realdata):
    path = realdata / "regions" / "TRANSCOM_mask_original_1x1.nc"
    index = read_region_index(path)
    plain = xr.open_dataset(path).mask64.values
    assert plain[0, 0] not in range(23)  # a Fortran record marker, not a region
    np.testing.assert_array_equal(index.values.ravel()[1:], plain.ravel()[1:])
    assert index[0, 0] == 0
    # 11 land and 11 ocean regions of Gurney et al. 2002: Kansas and Iberia
    assert set(np.unique(index)) == set(range(23))
    assert index.sel(lat=39.5, lon=-98.0) == 2
    assert index.sel(lat=39.5, lon=-4.0) == 11


def test_cell_areas_agree_with_those_of_the_provider(realdata):
    path = realdata / "regions" / "area-1x1.nc"
    with opened_dataset(path) as dataset:
        area = checked_variable(path, dataset, "cell_area", ("lat", "lon")).values
    np.testing.assert_array_equal(area, xr.open_dataset(path).cell_area)
    # CDO: 6371 km, sides of cells along great circles; ours 6371.007 km, along parallels
    grid = Grid(1.0)
    ours = cell_area(grid.lat_edges, grid.lon_edges) * (6_371_000.0 / 6_371_007.181) ** 2
    np.testing.assert_allclose(area, ours, rtol=1e-4)


def test_two_maps_or_none(tmp_path):
    grid = Grid(45.0)
    field = xr.DataArray(np.zeros((4, 8)), coords={"lat": grid.lat, "lon": grid.lon})
    xr.Dataset({"a": field, "b": field}).to_netcdf(tmp_path / "two.nc")
    xr.Dataset({"a": field[0]}).to_netcdf(tmp_path / "none.nc")
    for name, found in (("two", r"\['a', 'b'\]"), ("none", r"\['a'\]")):
        with pytest.raises(DataError, match=f"variable: found {found}, expected one variable over"):
            read_region_index(tmp_path / f"{name}.nc")
