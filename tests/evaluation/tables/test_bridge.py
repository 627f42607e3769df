import numpy as np
import pytest
import xarray as xr

from fluxprod.evaluation.tables.bridge import bridge_table
from tests.evaluation.conftest import Evaluated


def bridge(n_drawn: int, method: str) -> xr.Dataset:
    return xr.Dataset(
        {
            "r2": ("region", [0.96, 0.97]),
            "r2_cv": ("region", [0.94, 0.95]),
            "n_contributions": ("region", [300, 25]),
            "shift": ("region", [0.4, 0.6]),
            "n_drawn": ((), n_drawn),
        },
        coords={"region": ["USA", "OCE"]},
        attrs={"method": method},
    )


@pytest.fixture
def robustness() -> xr.Dataset:
    """Three draws in USA; OCE has no cells with data."""
    values = {
        "r2_mean": 0.96,
        "r2_std": 0.0081649,
        "n_contributions_mean": 5.0,
        "n_contributions_std": 1.5,
        "shift_mean": 0.41,
        "shift_std": 0.02,
        "overlap_chosen": 0.3,
        "overlap_drawn": 0.1,
    }
    known = np.array([1.0, np.nan])
    r2 = known[:, None] * [0.97, 0.95, 0.96]
    of_region = {name: ("region", value * known) for name, value in values.items()}
    return xr.Dataset({"r2": (("region", "draw"), r2), **of_region})


def test_a_region_and_its_draws(robustness):
    table = bridge_table(bridge(0, "anchored"), robustness).set_index("region")
    assert table.loc["USA"].to_dict() == {
        "method": "anchored",
        "r2": 0.96,
        "r2_held_out": 0.94,
        "draws_r2": 0.96,
        "draws_r2_sd": 0.0082,
        "draws_r2_min": 0.95,
        "cells": 300,
        "cells_a_step": 300,
        "draws_cells": 5.0,
        "draws_cells_sd": 1.5,
        "shift": 0.4,
        "draws_shift": 0.41,
        "draws_shift_sd": 0.02,
        "overlap_cells": 0.3,
        "overlap_candidates": 0.1,
    }


def test_a_region_without_draws_has_only_its_bridge(robustness):
    row = bridge_table(bridge(0, "exact"), robustness).iloc[1]
    assert (row.r2, row.cells, row["shift"]) == (0.97, 25, 0.6)
    assert row.filter(regex="draws|overlap").isna().all()


def test_a_sampled_bridge_draws_as_many_cells_in_each_region(robustness):
    table = bridge_table(bridge(40, "sampled"), robustness)
    assert table.cells.tolist() == [300, 25]
    assert table.cells_a_step.tolist() == [40, 40]


def test_metrics_are_the_worst_regions(evaluated: Evaluated):
    # tests/fake_run.py: R2 from 0.95 up, held out from 0.94 up; all draws alike
    found = evaluated.metrics["bridge"]
    contributions = xr.load_dataset(evaluated.run.folder / "bridge.nc").contribution_region
    assert found["method"] == "lasso"
    assert (found["r2_min"], found["r2_cv_min"]) == (0.95, 0.94)
    assert found["n_contributions"] == found["n_contributions_a_step"] == contributions.size
    assert found["n_contributions_max"] == np.bincount(contributions).max()
    assert found["draws"] == {
        "r2_min": 0.95,
        "r2_sd_max": 0.005,
        "n_contributions_mean_max": 4.0,
        "shift_sd_max": 0.02,
        "overlap_min": 0.25,
    }
