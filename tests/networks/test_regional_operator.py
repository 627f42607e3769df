import numpy as np
import pytest
import torch

from fluxprod.networks.regional_operator import Footprint, month_weights, regional_totals


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
