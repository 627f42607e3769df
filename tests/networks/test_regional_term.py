import numpy as np
import pytest
import torch

from fluxprod.errors import DataError
from fluxprod.networks.bridge_source import regional_source
from fluxprod.networks.loss import total_loss
from fluxprod.networks.recipe import Recipe
from fluxprod.networks.regional_term import drawn_years
from fluxprod.networks.scaling import fit_scaling
from fluxprod.networks.site_term import SiteTerm, site_sample
from fluxprod.networks.state import TrainingState
from fluxprod.networks.unconstrained import empty_bridge, empty_inversions
from tests.networks import plain_loss as plain
from tests.networks import tiny_world

CPU = torch.device("cpu")


def _source(day_stride=7, norm=3, **changes):
    files = {
        "bridge": tiny_world.bridge(),
        "inversions": tiny_world.inversions(),
        "drivers": tiny_world.driver_store(),
    } | changes
    options = {"n_held_out_years": 1, "day_stride": day_stride, "norm": norm, "seed": 3}
    return regional_source(*files.values(), years=tiny_world.YEARS, **options)


def _state(source, steps=1):
    records = tiny_world.site_records()
    x, y = records.x.values, records.NEE.values
    scaling = fit_scaling(x, y)
    sample = site_sample(x, y, scaling, CPU)
    terms = {"EC": SiteTerm(sample, sample, batch=100), "ATM": source.prepared(scaling, CPU)}
    state = TrainingState(terms, scaling, Recipe(steps=steps, seed=1), 0, CPU)
    with torch.no_grad():
        state.log_variance += torch.tensor([0.4, -1.3])
    return state


def _plain_total(state, samples, weights, log_variance):
    """The loss of the paper on the same samples, in float64 loops."""
    scaling, (sites, regions) = state.scaling, samples
    nee = [plain.f(s.x.double(), weights) * scaling.y_std + scaling.y_mean for s in samples]
    source, bridge = regions.source, tiny_world.bridge()
    month = regions.weights.double().argmax(1).tolist()
    lengths = regions.weights.double().sum(0).round().tolist()
    by_cell = nee[1].view(3, -1)
    m_hats = [
        plain.m_hat(by_cell[cells], month, lengths, theta, b)
        for cells, theta, b in (
            ([0, 1], bridge.theta.values[:2].tolist(), 1e11),
            ([2], bridge.theta.values[2:].tolist(), -2e11),
        )
    ]
    inversions = regions.inversions.double().tolist()
    l_atm = plain.loss_atm(m_hats, inversions, [6e12, 2e12], source.norm)
    sigma2 = log_variance.exp()
    return plain.loss_total(plain.loss_ec(nee[0], sites.y.double()), l_atm, *sigma2)


@pytest.mark.parametrize("norm", [1, 2, 3])
@pytest.mark.parametrize("draw", [1, 2])
def test_gradient_equals_that_of_the_plain_float64_loss(norm, draw, monkeypatch):
    state = _state(_source(norm=norm))
    samples = [t.draw(np.random.default_rng([draw, 9])) for t in state.terms.values()]
    for term, sample in zip(state.terms.values(), samples, strict=True):
        monkeypatch.setattr(type(term), "draw", lambda self, rng, sample=sample: sample)
    ours = total_loss(state.losses(draw), state.log_variance)
    ours.backward()
    weights = [weight.detach().double().requires_grad_() for weight in state.weights]
    s = state.log_variance.detach().double().requires_grad_()
    reference = _plain_total(state, samples, weights, s)
    reference.backward()
    assert ours.item() == pytest.approx(reference.item(), rel=1e-5)
    expected = torch.cat([parameter.grad.flatten() for parameter in [*weights, s]])
    assert (state.adam.slope - expected).norm() <= 1e-4 * expected.norm()


def test_uniform_flux_gives_the_annual_total_by_hand():
    # 1 g m-2 d-1 over 2e12 + 4e12 m2 and an intercept of 1e11 g/d: 6.1e12 g/d in BRA,
    # 1.5e12 - 2e11 = 1.3e12 g/d in EU; the held-out year has 365 or 366 days
    source = _source()
    (sample,) = source.prepared(fit_scaling(np.eye(10), np.arange(10.0)), CPU).held_out()
    days = len(source.held_out[0].days)
    parts = sample.diagnostics(torch.ones(len(sample.x)))
    assert len(sample.x) == 3 * days
    assert parts["val_NEE_BRA"] == pytest.approx(6.1e-3 * days, rel=1e-5)
    assert parts["val_NEE_EU"] == pytest.approx(1.3e-3 * days, rel=1e-5)


def test_every_nth_day_enters_with_a_phase_that_changes():
    term = _source(day_stride=10).prepared(fit_scaling(np.eye(10), np.arange(10.0)), CPU)
    samples = [term.draw(np.random.default_rng(k)) for k in range(40)]
    assert {len(sample.weights) for sample in samples} <= {36, 37}
    assert len({float(sample.x[0, 0]) for sample in samples}) > 10
    for sample in samples:
        np.testing.assert_allclose(sample.weights.sum(0)[[0, 3]], [31.0, 30.0], rtol=1e-6)


def test_training_never_draws_a_held_out_year():
    source = _source()
    first_days = {int(year.days[0]) for year in source.training}
    assert int(source.held_out[0].days[0]) not in first_days
    assert len(source.training) == 2


def test_regions_without_a_contributing_cell_take_no_part():
    source = _source()
    assert source.regions == ("BRA", "EU")
    assert source.land_area.tolist() == [6e12, 2e12]  # of all their cells, contributing or not


def test_empty_files_make_no_constraint():
    assert _source(bridge=empty_bridge(), inversions=empty_inversions()) is None


def test_years_without_inversions_take_no_part():
    inversions = tiny_world.inversions()
    inversions.NEE[:, :, :12] = np.nan
    source = _source(inversions=inversions)
    assert len(source.training) + len(source.held_out) == 2


def test_a_contributing_cell_that_has_no_drivers_is_named():
    bridge = tiny_world.bridge()
    bridge.cell[1] = 999
    with pytest.raises(DataError, match="999"):
        _source(bridge=bridge)


def test_a_gap_in_the_drivers_of_a_contributing_cell_is_named():
    drivers = tiny_world.driver_store()
    drivers.Tair[2, 5] = np.nan
    with pytest.raises(DataError, match="Tair: found gaps"):
        _source(drivers=drivers)


def test_all_years_held_out_is_refused():
    with pytest.raises(DataError, match="n_held_out_years"):
        regional_source(
            tiny_world.bridge(),
            tiny_world.inversions(),
            tiny_world.driver_store(),
            years=tiny_world.YEARS,
            n_held_out_years=3,
            day_stride=7,
            norm=3,
            seed=0,
        )


def test_held_out_years_are_drawn_by_the_seed():
    years = drawn_years(range(2001, 2018), 2, seed=5)
    assert years == drawn_years(range(2001, 2018), 2, seed=5)
    assert len({tuple(drawn_years(range(2001, 2018), 2, seed=seed)) for seed in range(9)}) > 1
