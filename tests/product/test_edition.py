import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.product.edition import cells_without_flux, years_of_climatology


def test_a_cell_without_one_month_of_one_model_counts_once():
    full = xr.DataArray(np.zeros((2, 4, 3)), dims=("member", "cell", "month"))
    assert cells_without_flux([full, full]) == 0
    one, other = full.copy(deep=True), full.copy(deep=True)
    one[1, 2, 0] = np.nan
    other[0, 2, 1] = other[0, 3, 1] = np.nan
    assert cells_without_flux([one, other]) == 2


def test_a_year_with_one_month_of_climatology_counts():
    months = pd.date_range("2002-11-01", "2003-02-01", freq="MS")
    flags = xr.Dataset({"fire_is_climatology": ("time", [0, 1, 0, 0])}, {"time": months})
    assert years_of_climatology(flags) == (2002,)
