import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.product.regional_table import regional_table


def test_totals_by_hand():
    # One cell in USA (region 0), one of no region, one of sea; January and February 2004.
    # USA: 2 g/m2/d x 1e12 m2 x 0.5 land x 31 d = 3.1e13 g = 0.031 Pg.
    dims = ("time", "lat", "lon")
    nee = np.array([[[2.0, -1.0, np.nan]], [[1.0, 0.0, np.nan]]])
    monthly = xr.Dataset(
        {
            "nee": (dims, nee),
            "nee_ec": (dims, 2.0 * nee),
            "cell_area": (("lat", "lon"), [[1e12, 1e12, 1e12]]),
            "land_fraction": (("lat", "lon"), [[0.5, 1.0, 0.0]]),
            "region": (("lat", "lon"), np.array([[0, -1, -1]], np.int8)),
        },
        coords={"time": pd.to_datetime(["2004-01-16T12:00", "2004-02-15T12:00"])},
    )
    table = regional_table(monthly).set_index(["month", "region", "model"]).nee_PgC_per_month
    assert table["2004-01", "USA", "EC-ATM"] == pytest.approx(0.031)
    assert table["2004-01", "unassigned", "EC-ATM"] == pytest.approx(-0.031)
    assert table["2004-01", "GLOBAL", "EC-ATM"] == pytest.approx(0.0)
    assert table["2004-02", "USA", "EC-ATM"] == pytest.approx(0.0145)  # 29 days
    assert table["2004-02", "GLOBAL", "EC"] == pytest.approx(0.029)
    assert len(table) == 2 * 20 * 2
