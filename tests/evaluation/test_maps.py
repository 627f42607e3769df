import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.evaluation.maps import annual_density, per_land_area
from tests.evaluation.conftest import Evaluated


def test_a_year_of_one_gram_a_day():
    months = pd.date_range("2003-01-01", "2004-12-01", freq="MS")
    series = xr.DataArray(np.ones((1, 24)), dims=("cell", "time"), coords={"time": months})
    assert annual_density(series).tolist() == [[365.0, 366.0]]


def test_flux_of_half_a_cell_of_land_is_twice_as_dense():
    geography = xr.Dataset({"land_fraction": (("lat", "lon"), [[0.0, 0.5]])})
    whole = xr.DataArray([[3.0]], dims=("time", "cell"), coords={"cell": [1]})
    assert per_land_area(whole, geography).values.tolist() == [[6.0]]


def test_inversions_that_carry_the_truth_have_its_map(evaluated: Evaluated):
    table = evaluated.tables["maps"]
    np.testing.assert_allclose(table.inversions_mean, table.truth_mean, atol=0.11)
    assert (table["EC-ATM_std"] - table.truth_std).abs().max() == pytest.approx(0.0, abs=0.2)
