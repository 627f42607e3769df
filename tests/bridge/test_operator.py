"""The dataset predicts regional totals by its own formula, without our code."""

import numpy as np
import pytest

from fluxprod.bridge.operator import bridge_dataset
from fluxprod.bridge.region import bridge_region
from fluxprod.bridge.settings import BridgeSettings
from fluxprod.core.regions import REGIONS
from tests.bridge.conftest import CELL

LASSO = BridgeSettings(
    method="lasso",
    r2_threshold=0.95,
    n_alphas=60,
    n_cv_folds=2,
    cells_per_step=5,
    n_clusters=3,
    candidates_per_cluster=3,
    seed=4,
)


def build(fluxes, settings):
    parts = [bridge_region(fluxes, region.number, settings) for region in REGIONS]
    return bridge_dataset(parts, fluxes, method=settings.method, cells_per_step=5)


@pytest.fixture(scope="module")
def lasso(fluxes):
    return build(fluxes, LASSO)


@pytest.fixture(scope="module")
def anchored(fluxes):
    return build(fluxes, LASSO.changed(method="anchored"))


def totals_by_formula(bridge, fluxes, number):
    """Regional total [g d-1] as the attribute says, in plain Python."""
    total = np.full(24, float(bridge.intercept[number]))
    for theta, cell, region in zip(
        bridge.theta.values, bridge.cell.values, bridge.contribution_region.values, strict=True
    ):
        if region == number:
            total += theta * fluxes.NEE_month.sel(cell=cell).values
    return total


@pytest.mark.parametrize("kind", ["lasso", "anchored"])
@pytest.mark.parametrize("number", [6, 10])
def test_formula_gives_the_r2_that_the_file_states(kind, number, fluxes, request):
    bridge = request.getfixturevalue(kind)
    inside = (fluxes.cell_region.values == number) & ~np.isin(CELL, [40, 41])
    y = fluxes.land_area.values[inside] @ fluxes.NEE_month.values[inside]
    error = ((totals_by_formula(bridge, fluxes, number) - y) ** 2).sum()
    r2 = 1 - error / ((y - y.mean()) ** 2).sum()
    assert r2 == pytest.approx(float(bridge.r2[number]), abs=1e-5)
    assert r2 >= 0.95


def test_shift_is_the_sum_of_theta_over_the_land(lasso, fluxes):
    rus = lasso.theta.values[lasso.contribution_region.values == 10].sum()
    area = fluxes.land_area.values[fluxes.cell_region.values == 10].sum()
    assert float(lasso["shift"].sel(region="RUS")) == pytest.approx(rus / area, abs=1e-6)


def test_anchored_conserves_mass(anchored, fluxes):
    assert float(anchored["shift"].sel(region="RUS")) == pytest.approx(1.0, abs=1e-6)
    # cells 40 and 41 of EU have no data: the shift falls short by their land only
    area = fluxes.land_area.where(fluxes.cell_region == 6, drop=True)
    without = float(area.sel(cell=[40, 41]).sum() / area.sum())
    assert float(anchored["shift"].sel(region="EU")) == pytest.approx(1.0 - without, abs=1e-6)
    assert (anchored.intercept == 0).all()


def test_contributions_are_candidates_with_data_of_their_region(lasso, fluxes):
    candidate = lasso.cell_all.values[lasso.is_candidate.values == 1]
    assert np.isin(lasso.cell.values, candidate).all()
    assert not np.isin(candidate, [40, 41]).any()
    assert (
        fluxes.cell_region.sel(cell=lasso.cell.values).values == lasso.contribution_region.values
    ).all()
    assert lasso.cluster.values[np.isin(CELL, [40, 41])].tolist() == [-1, -1]
    assert lasso.n_missing.sel(region="EU") == 2


def test_regions_without_land_are_empty(lasso):
    assert lasso.n_contributions.sel(region="BRA") == 0
    assert np.isnan(lasso["shift"].sel(region="BRA"))
    assert lasso.intercept.sel(region="BRA") == 0


@pytest.mark.parametrize(("method", "n_drawn"), [("exact", 0), ("sampled", 5)])
def test_every_cell_counts_its_own_land(method, n_drawn, fluxes):
    bridge = build(fluxes, LASSO.changed(method=method))
    assert int(bridge.n_drawn) == n_drawn
    assert bridge.cell.values.tolist() == CELL.tolist()  # without data too
    np.testing.assert_allclose(bridge.theta, fluxes.land_area, rtol=1e-8)
    np.testing.assert_allclose(bridge["shift"].sel(region=["EU", "RUS"]), 1.0, atol=1e-6)
    assert (bridge.intercept == 0).all()
    assert bridge.r2.sel(region="EU") == 1.0  # a total is its own sum
    assert np.isnan(bridge.r2.sel(region="BRA"))  # without a cell
    assert bridge.cluster.values[np.isin(CELL, [40, 41])].tolist() == [-1, -1]
    assert bridge.cluster.values.max() == 2  # clusters for the robustness stage all the same


def test_same_seed_same_bridge(lasso, fluxes):
    assert build(fluxes, LASSO).identical(lasso)
