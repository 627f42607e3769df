import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS, TROPICS
from fluxprod.core.time_axis import monthly_axis
from fluxprod.evaluation.run.maps import annual_density, monthly_map_table, per_land_area
from tests.evaluation.conftest import Evaluated


@pytest.fixture
def tropical(evaluated: Evaluated) -> np.ndarray:
    with xr.open_dataset(evaluated.run.folder / "geography.nc") as land:
        return np.isin(land.cell_region, [ABBREVIATIONS.index(name) for name in TROPICS])


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


def test_bias_is_the_planted_shift(evaluated: Evaluated, tropical):
    table = pd.read_csv(evaluated.folder / "figures" / "bias_maps.csv")
    # both means are rounded to 0.1; -1 and -0.1 g m-2 d-1 over 365 days, 0 outside the tropics
    for source, shift in (("EC", -365.0), ("EC-ATM", -36.5), ("inversions", 0.0)):
        assert table[source][tropical].tolist() == pytest.approx(tropical.sum() * [shift], abs=0.3)
        assert table[source][~tropical].abs().max() < 0.3


def test_months_are_means_over_the_years():
    time = monthly_axis(2001, 2002)
    values = np.array([np.arange(24.0), np.full(24, 0.123)])
    series = xr.DataArray(values, dims=("cell", "time"), coords={"time": time})
    land = xr.Dataset({"cell_lat": ("cell", [1.0, 3.0]), "cell_lon": ("cell", [5.0, 5.0])})
    table = monthly_map_table(land, {"EC-ATM": series, "EC": series - 1.0})
    assert table.columns[:3].tolist() == ["lat", "lon", "EC-ATM_1"]
    # January is month 0 and 12: the mean of 0 and 12
    assert table.loc[0, ["EC-ATM_1", "EC-ATM_12", "EC_1"]].tolist() == [6.0, 17.0, 5.0]
    assert table.loc[1, "EC-ATM_7"] == 0.12


def test_models_differ_by_the_planted_shift_in_every_month(evaluated: Evaluated, tropical):
    table = pd.read_csv(evaluated.folder / "figures" / "monthly_maps.csv")
    for month in range(1, 13):
        apart = table[f"EC_{month}"] - table[f"EC-ATM_{month}"]
        np.testing.assert_allclose(apart, np.where(tropical, -0.9, 0.0), atol=0.011)
