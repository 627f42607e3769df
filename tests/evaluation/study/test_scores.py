"""Scores checked by hand on regions whose totals are a few round values."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.evaluation.run.totals import Totals, with_globe
from fluxprod.evaluation.study.scores import (
    MODEL,
    bridge_scores,
    compared_with_reference,
    regional_scores,
    sink_scores,
    study_site_scores,
)

MONTHS = pd.date_range("2001-01-01", "2003-12-01", freq="MS")
YEARS = np.repeat([0.0, 1.0, -1.0], 12)  # anomalies of three years, -0.5, 1, -0.5 after detrending


def of_regions(values):
    """Monthly totals from one value or series per region, zero in all other regions."""
    series = np.zeros((18, len(MONTHS)))
    for number, value in values.items():
        series[number] = value
    regional = xr.DataArray(series, dims=("region", "time"), coords={"time": MONTHS})
    return with_globe(regional, xr.zeros_like(regional[0]))


@pytest.fixture
def totals():
    members = xr.concat(
        [of_regions({0: -0.5 + YEARS / 12, 1: 0.25}), of_regions({0: -0.25 + YEARS / 12, 1: 0.25})],
        "member",
    )
    means = {
        "truth": of_regions({0: -0.25 - YEARS / 6, 1: -0.25}),
        "inversions": of_regions({0: -0.5}),
        MODEL: members.mean("member"),
    }
    return Totals(xr.concat(means.values(), pd.Index(means, name="source")), {MODEL: members})


def test_sinks_of_the_globe(totals):
    scores = sink_scores(totals)
    assert scores["n_members"] == 2
    # 12 months of -0.375 + 0.25; members -3 and 0: deviation 3 / sqrt(2)
    assert scores["sink"] == pytest.approx(-1.5)
    assert scores["spread"] == pytest.approx(3 / np.sqrt(2))
    assert scores["truth"] == pytest.approx(-6.0)
    assert scores["inversions"] == pytest.approx(-6.0)


def test_absolute_biases_do_not_cancel(totals):
    # region 0: -4.5 against -3; region 1: 3 against -3
    assert sink_scores(totals)["abs_bias"] == pytest.approx(1.5 + 6.0)
    table = regional_scores(totals).set_index("region")
    assert table.bias["USA"] == pytest.approx(-1.5)
    assert table.bias["CAN"] == pytest.approx(6.0)
    assert table.bias["GLOBAL"] == pytest.approx(4.5)


def test_variability_of_years(totals):
    scores = sink_scores(totals)
    # annual anomalies 0, 1, -1 lie about the line 0.5, 0, -0.5 by -0.5, 1, -0.5
    assert scores["iav"] == pytest.approx(np.sqrt(0.5))
    assert scores["iav_truth"] == pytest.approx(2 * np.sqrt(0.5))
    assert scores["anomaly_r"] == pytest.approx(-1.0)


def test_site_errors_and_their_parts():
    # errors of two towers: 1, 3 about their mean 2, and -2, 0 about -1
    records = xr.Dataset(
        {"NEE": ("record", [1.0, 2.0, -1.0, 0.0]), "site_index": ("record", [0, 0, 2, 2])}
    )
    estimate = xr.DataArray([2.0, 5.0, -3.0, 0.0], dims="record")
    scores = study_site_scores(records, estimate)
    assert scores["site_rmse"] == pytest.approx(np.sqrt((1 + 9 + 4 + 0) / 4))
    assert scores["site_means"] == pytest.approx(np.sqrt((4 + 4 + 1 + 1) / 4))
    assert scores["site_days"] == pytest.approx(1.0)


def test_a_bridge_of_half_the_area_sees_half(totals):
    """Two regions of 1e15 m2; the bridge covers one of them with a single cell."""
    land = xr.Dataset(
        {"cell_region": ("cell", [0, 1]), "land_area": ("cell", [1e15, 1e15])},
        coords={"cell": [0, 1]},
    )
    bridge = xr.Dataset(
        {
            "cell": ("contribution", [0]),
            "contribution_region": ("contribution", [0]),
            "theta": ("contribution", [1e15]),
            "intercept": ("region", np.zeros(18)),
        }
    )
    density = xr.DataArray(
        np.zeros((len(MONTHS), 1, 2)), dims=("time", "lat", "lon"), coords={"time": MONTHS}
    )
    scores = bridge_scores(bridge, density, totals, land)
    assert scores["shift"] == pytest.approx(0.5)
    assert scores["post_hoc"] == pytest.approx(
        1.5
    )  # zero by the bridge, a sink of 1.5 by summation


def test_models_compared_with_the_one_without_regions():
    earths = {"seed": [1, 1, 1, 1], "drivers": ["a", "a", "b", "b"]}
    scores = pd.DataFrame(
        earths
        | {
            "variant": ["lasso", "EC", "EC", "lasso"],
            "sink": [-5.0, -23.0, -13.0, -3.0],
            "truth": -3.0,
            "inversions": -4.0,
            "abs_bias": [4.0, 20.0, 10.0, 5.0],
            "site_rmse": [1.1, 1.0, 2.0, 2.0],
        }
    )
    better = {("a", "lasso"): 5, ("b", "lasso"): 17}  # number of leading regions with a higher nNSE
    regional = pd.DataFrame(
        [
            {
                "seed": 1, "drivers": drivers, "variant": variant, "region": name,
                "nnse": 0.6 if number < better.get((drivers, variant), 0) else 0.5,
            }
            for drivers in "ab"
            for variant in ("EC", "lasso")
            for number, name in enumerate([*ABBREVIATIONS, "GLOBAL"])
        ]
    )  # fmt: skip
    found = compared_with_reference(scores, regional, "EC")
    lasso = found[found.variant == "lasso"].set_index("drivers")
    assert lasso.removed.tolist() == pytest.approx([0.9, 1.0])
    assert lasso.removed_inversions.tolist() == pytest.approx([18 / 19, 8 / 9])
    assert lasso.abs_bias_ratio.tolist() == pytest.approx([0.2, 0.5])
    assert lasso.site_ratio.tolist() == pytest.approx([1.1, 1.0])
    assert lasso.regions_better.tolist() == [5, 17]
    reference = found[found.variant == "EC"]
    assert (reference.removed == 0).all()
    assert (reference.site_ratio == 1).all()
