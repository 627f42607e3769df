import numpy as np
import pytest
import torch

from fluxprod.networks import loss

NAN = float("nan")


def _losses(estimate, members, norm=3):
    inversions = torch.tensor(members, dtype=torch.float64)[:, None, None]
    estimate = torch.tensor([[estimate]], dtype=torch.float64, requires_grad=True)
    value, present = loss.monthly_losses(estimate, inversions, norm)
    value.sum().backward()
    return value.item(), bool(present), estimate.grad.item()


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        (1, (3 + 2) / 2 / 2),
        (2, np.sqrt((9 + 4) / 2) / 2),
        (3, np.cbrt((27 + 8) / 2) / 2),
    ],
)
def test_equations_6_and_7_by_hand(norm, expected):
    # members 0 and 1 against 3: differences 3 and 2, range 1, so the norm is halved
    assert _losses(3.0, [0.0, 1.0], norm)[0] == pytest.approx(expected)


def test_the_norm_does_not_let_errors_of_either_sign_cancel():
    # the signed mean of cubes, as printed, would be zero
    assert _losses(0.0, [-1.0, 1.0])[0] == pytest.approx(1.0 / 3.0)


def test_an_absent_member_changes_neither_norm_nor_range_nor_slope():
    assert _losses(3.0, [0.0, NAN, 1.0]) == _losses(3.0, [0.0, 1.0])


def test_a_month_without_members_is_no_loss_and_has_no_slope():
    assert _losses(3.0, [NAN, NAN]) == (0.0, False, 0.0)


def test_agreement_of_all_has_a_finite_slope():
    value, _, slope = _losses(1.5, [1.5, 1.5])
    assert value == pytest.approx(1e-4)  # cube root of epsilon
    assert slope == 0.0


def test_the_slope_of_the_norm_never_exceeds_one():
    slopes = [_losses(e, [0.3, 0.3])[2] for e in np.linspace(-3, 3, 61)]
    assert np.abs(slopes).max() <= 1.0


def test_equation_7_averages_over_months_that_have_an_inversion():
    monthly = torch.tensor([[1.0, 3.0, 0.0]])
    present = torch.tensor([[True, True, False]])
    assert loss.regional_losses(monthly, present).tolist() == [2.0]


def test_equation_8_weighs_by_land_area():
    # (3 * 1 + 1 * 2) / 4; the third region has no inversion
    regional = torch.tensor([1.0, 2.0, 0.0])
    present = torch.tensor([[True], [True], [False]])
    area = torch.tensor([3e12, 1e12, 7e12])
    assert loss.atmospheric_loss(regional, present, area).item() == pytest.approx(1.25)


def test_equations_9_to_11_by_hand():
    # 2 / (2*1) + 8 / (2*4) + log sqrt(1) + log sqrt(4)
    terms, s = torch.tensor([2.0, 8.0]), torch.log(torch.tensor([1.0, 4.0]))
    assert loss.total_loss(terms, s).item() == pytest.approx(1.0 + 1.0 + np.log(2.0))


def test_the_best_variance_is_the_loss_itself():
    s = torch.log(torch.tensor([2.0, 8.0])).requires_grad_()
    loss.total_loss(torch.tensor([2.0, 8.0]), s).backward()
    torch.testing.assert_close(s.grad, torch.zeros(2))


def test_a_single_term_is_the_loss():
    assert loss.total_loss(torch.tensor([2.0]), torch.tensor([5.0])).item() == 2.0


def test_the_annual_term_by_hand():
    # regions of 1 + 2 and 3 + 4: 10; members of 12, 9 and one with a gap: differences 2 and 1
    totals = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    members = torch.tensor(
        [[[3.0, 3.0], [3.0, 3.0]], [[2.0, 2.0], [2.0, 3.0]], [[NAN, 1.0], [1.0, 1.0]]]
    )
    expected = np.cbrt((8 + 1) / 2) / (1 + 3)
    assert loss.annual_loss(totals, members).item() == pytest.approx(expected)
