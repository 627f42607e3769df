import numpy as np
import pytest
import torch

from fluxprod.networks.constraint.regional_operator import (
    Contributions,
    Footprint,
    month_weights,
    regional_totals,
)


def test_weights_are_the_month_length_shared_among_its_days():
    # two days of January, one of February
    weights = month_weights(np.array([0, 0, 1]), np.array([31.0, 28.0]))
    assert weights.tolist() == [[15.5, 0.0], [15.5, 0.0], [0.0, 28.0]]


def test_a_month_without_days_is_refused():
    with pytest.raises(ValueError, match="stride"):
        month_weights(np.array([0, 0, 2]), np.array([31.0, 28.0, 31.0]))


def test_totals_by_hand():
    # region 0: cells 0 and 1 of 2e12 and 1e12 m2, region 1: cell 1 less 0.5e12 m2 of cell 0
    # day 1: f = (1, 4), day 2: f = (3, 4) [g m-2 d-1]; one month of 10 days
    # region 0: 10 d * mean(2*1 + 4, 2*3 + 4) Tg/d = 10 * 8e-3 PgC; intercept 1e12 g/d adds 1e-2
    # region 1: 10 d * mean(4 - 0.5, 4 - 1.5) Tg/d = 10 * 3e-3 PgC
    theta = torch.tensor([[2e-3, 1e-3], [-0.5e-3, 1e-3]])
    footprint = Footprint(None, theta, torch.tensor([1e-3, 0.0]))
    weights = torch.from_numpy(month_weights(np.array([0, 0]), np.array([10.0]))).float()
    totals = regional_totals(torch.tensor([1.0, 3.0, 4.0, 4.0]), footprint, weights)
    torch.testing.assert_close(totals, torch.tensor([[0.09], [0.03]]))


# BRA of three cells and EU of two, in a mixed order [1e15 m2]
LAND = np.array([[1.0, 0.0, 2.0, 0.0, 3.0], [0.0, 1.0, 0.0, 1.0, 0.0]])
NOTHING = np.zeros(2)


def _draws(n_drawn, times):
    operator = Contributions(LAND, NOTHING, n_drawn).on_device(torch.device("cpu"))
    rng = np.random.default_rng(3)
    return operator, [operator.draw(rng) for _ in range(times)]


def test_each_draw_stands_for_the_land_of_its_region():
    _, draws = _draws(4, 5)
    for footprint in draws:
        torch.testing.assert_close(footprint.theta.sum(1), torch.tensor([6.0, 2.0]))
        assert set(footprint.cells[:4].tolist()) <= {0, 2, 4}
        assert set(footprint.cells[4:].tolist()) <= {1, 3}
        assert (footprint.theta[0, 4:] == 0).all()
        assert (footprint.theta[1, :4] == 0).all()


def test_the_mean_over_draws_is_the_sum_over_all_cells():
    # cells of 1, 2 and 3 with fluxes 5, -1 and 0.5: 5 - 2 + 1.5 = 4.5; EU: 1 * 2 + 1 * 4 = 6
    nee = torch.tensor([5.0, 2.0, -1.0, 4.0, 0.5])
    operator, draws = _draws(10, 4000)
    totals = torch.stack([f.theta @ nee[f.cells] for f in draws])
    # one draw of BRA is 6 * flux: variance 36 * (25/6 + 1/3 + 0.125 - 0.5625), a tenth of it for 10
    error = np.sqrt(36 * (25 / 6 + 1 / 3 + 0.125 - 0.75**2) / 10 / 4000)
    assert float(totals[:, 0].mean()) == pytest.approx(4.5, abs=4 * error)
    assert float(totals[:, 0].std()) == pytest.approx(error * np.sqrt(4000), rel=0.05)
    whole = operator.full()
    assert whole.cells is None
    torch.testing.assert_close(whole.theta @ nee, torch.tensor([4.5, 6.0]))


def test_the_same_generator_draws_the_same_cells():
    assert all(torch.equal(a.cells, b.cells) for a, b in zip(_draws(7, 3)[1], _draws(7, 3)[1]))


def test_without_draws_all_cells_contribute_at_each_step():
    operator = Contributions(LAND, NOTHING).on_device(torch.device("cpu"))
    assert operator.draw(np.random.default_rng(0)) is operator.full()


def test_a_part_of_the_regions_has_its_own_cells_alone():
    operator = Contributions(LAND, np.array([0.1, 0.2])).on_device(torch.device("cpu"))
    eu = operator.full().of_regions(torch.tensor([1]))
    assert eu.cells.tolist() == [1, 3]
    assert eu.theta.tolist() == [[1.0, 1.0]]
    assert eu.intercept.tolist() == pytest.approx([0.2])
