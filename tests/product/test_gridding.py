import numpy as np
import xarray as xr

from fluxprod.product.gridding import on_grid


def test_cells_go_to_their_rows_and_columns():
    # a grid of two rows and three columns:
    #   row 1:  -  -  7
    #   row 0:  -  5  -
    values = xr.DataArray(
        [[5.0, 50.0], [7.0, 70.0]], dims=("cell", "time"), coords={"cell": [1, 5], "time": [0, 1]}
    )
    lat = xr.DataArray([-45.0, 45.0], dims="lat")
    lon = xr.DataArray([-120.0, 0.0, 120.0], dims="lon")
    field = on_grid(values, lat, lon)
    nan = np.nan
    np.testing.assert_array_equal(field[0], [[nan, 5, nan], [nan, nan, 7]])
    np.testing.assert_array_equal(field[1], [[nan, 50, nan], [nan, nan, 70]])
    assert field.dtype == np.float32


def test_a_lazy_field_stays_lazy_and_has_the_same_values():
    rng = np.random.default_rng(2)
    values = xr.DataArray(
        rng.normal(size=(2, 3, 8)).astype(np.float32),
        dims=("member", "cell", "time"),
        coords={"cell": [0, 4, 5]},
    )
    lat = xr.DataArray([-45.0, 45.0], dims="lat")
    lon = xr.DataArray([-120.0, 0.0, 120.0], dims="lon")
    lazy = on_grid(values.chunk(time=4), lat, lon)
    assert lazy.chunks is not None
    assert lazy.dims == ("member", "time", "lat", "lon")
    xr.testing.assert_identical(lazy.compute(), on_grid(values, lat, lon))
