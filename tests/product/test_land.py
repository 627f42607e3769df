import numpy as np
import xarray as xr

from fluxprod.product.land import land_fields


def test_no_cell_is_more_than_land():
    maps = {"cell_area": 1e10, "land_fraction": 1.000001, "region": 3}
    geography = xr.Dataset({name: (("lat", "lon"), np.full((2, 2), v)) for name, v in maps.items()})
    geography["land_fraction"][0] = [0.0, 0.25]
    assert land_fields(geography).land_fraction.values.tolist() == [[0.0, 0.25], [1.0, 1.0]]
