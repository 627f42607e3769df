import numpy as np
import pytest
import xarray as xr
from scipy.stats import linregress

from fluxprod.evaluation.run.totals import ROWS
from fluxprod.evaluation.tables.map_scores import map_scores, regional_moments
from tests.evaluation.conftest import Evaluated


def test_one_row_a_reference_source_and_region(evaluated: Evaluated):
    table = evaluated.tables["map_scores"]
    of = table.groupby(["reference", "source"], sort=False).region.agg(list)
    assert of.index.tolist() == [
        *(("inversions", source) for source in ("EC-ATM", "EC", "FLUXCOM")),
        *(("truth", source) for source in ("EC-ATM", "EC", "FLUXCOM", "inversions")),
    ]
    assert all(regions == list(ROWS) for regions in of)


def test_planted_maps_come_back(evaluated: Evaluated):
    # EC is the truth less 1 g m-2 d-1 in the tropics: 365 g m-2 yr-1, on the same pattern
    table = evaluated.tables["map_scores"].set_index(["reference", "source", "region"]).sort_index()
    brazil, europe = (table.loc["truth", "EC", name] for name in ("BRA", "EU"))
    assert (brazil.bias, brazil.RMSE) == pytest.approx((-365.0, 365.0), abs=0.01)
    assert (europe.bias, europe.RMSE) == pytest.approx((0.0, 0.0), abs=0.01)
    # FLUXCOM is 0.9 of the truth less 0.5 g m-2 d-1
    assert table.loc["truth", "FLUXCOM"].R.tolist() == pytest.approx([1.0] * 19)
    with xr.open_dataset(evaluated.run.folder / "geography.nc") as land:
        tropical = evaluated.run.tropical_area / float(land.land_area.sum())
    globe = table.loc["truth", "EC", "GLOBAL"]
    assert globe.bias == pytest.approx(-365.0 * tropical, abs=0.01)
    assert globe.RMSE == pytest.approx(365.0 * np.sqrt(tropical), abs=0.01)


def test_the_globe_counts_land_of_no_region_and_area_is_a_weight():
    # region USA with areas 1 and 3, and a cell of no region of area 2
    estimate, reference = np.array([2.0, 0.0, 5.0]), np.array([1.0, 1.0, 2.0])
    found = regional_moments(estimate, reference, np.array([1.0, 3.0, 2.0]), np.array([0, 0, -1]))
    assert found["USA"].bias == (1 - 3) / 4
    assert found["GLOBAL"].bias == pytest.approx((1 - 3 + 6) / 6)
    assert found["GLOBAL"].rmse == pytest.approx(np.sqrt((1 + 3 + 18) / 6))
    repeated = linregress([1, 1, 1, 1, 2, 2], [2, 0, 0, 0, 5, 5])
    assert found["GLOBAL"].pearson_r == pytest.approx(repeated.rvalue)
    assert np.isnan(found["BRA"].bias)


def test_no_truth_no_rows(evaluated: Evaluated):
    months = xr.date_range("2001-01-01", periods=12, freq="MS")
    field = xr.DataArray(np.ones((2, 12)), dims=("cell", "time"), coords={"time": months})
    land = xr.Dataset({"land_area": ("cell", [1.0, 1.0]), "cell_region": ("cell", [0, 17])})
    series = dict.fromkeys(("inversions", "EC-ATM", "EC", "FLUXCOM"), field)
    assert set(map_scores(land, series).reference) == {"inversions"}
