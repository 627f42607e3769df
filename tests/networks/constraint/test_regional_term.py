import numpy as np
import pytest
import torch

from fluxprod.core.errors import DataError
from fluxprod.core.variables import DRIVERS
from fluxprod.networks.constraint.bridge_source import regional_source
from fluxprod.networks.constraint.regional_term import drawn_years
from fluxprod.networks.loss import total_loss
from fluxprod.networks.model.mlp import network
from fluxprod.networks.model.scaling import fit_scaling
from fluxprod.networks.settings import ConstraintSettings, TrainingSettings
from fluxprod.networks.training.site_term import SiteTerm, site_sample
from fluxprod.networks.training.state import TrainingState
from tests.networks import plain_loss as plain
from tests.networks import tiny_world

CPU = torch.device("cpu")
STRIDE = ConstraintSettings(day_stride=7, n_held_out_years=1, seed=3)


def _source(norm=3, annual=False, settings=STRIDE, **changes):
    files = {
        "bridge": tiny_world.bridge(),
        "inversions": tiny_world.inversions(),
        "drivers": tiny_world.driver_store(),
    } | changes
    settings = settings.changed(norm=norm, annual_term=annual)
    return regional_source(*files.values(), years=tiny_world.YEARS, settings=settings)


def _state(source, steps=1):
    records = tiny_world.site_records()
    x, y = records.x.values, records.NEE.values
    scaling = fit_scaling(x, y)
    sample = site_sample(x, y, scaling, CPU)
    terms = [SiteTerm(sample, sample, batch=100)]
    if source:
        terms.append(source.on_device(CPU).scaled(scaling))
    state = TrainingState(terms, scaling, TrainingSettings(steps=steps, seed=1), 0, CPU)
    with torch.no_grad():
        state.log_variance += torch.tensor([0.4, -1.3, 0.7])[: len(state.names)]
    return state


def _plain_losses(state, samples, weights, method):
    """The losses of the paper on the same samples, in float64 loops."""
    scaling, sites = state.scaling, samples[0]
    nee = [plain.f(s.x.double(), weights) * scaling.y_std + scaling.y_mean for s in samples]
    losses = [plain.loss_ec(nee[0], sites.y.double())]
    for regions, of_cells in zip(samples[1:], nee[1:]):
        month = regions.weights.double().argmax(1).tolist()
        lengths = regions.weights.double().sum(0).round().tolist()
        by_cell = of_cells.view(-1, len(month))
        m_hats = [
            plain.m_hat(by_cell[rows], month, lengths, theta, intercept)
            for rows, theta, intercept in _contributions(method)
        ]
        inversions, norm = regions.inversions.double().tolist(), regions.source.settings.norm
        losses.append(plain.loss_atm(m_hats, inversions, [6e12, 2e12], norm))
        if regions.source.settings.annual_term:
            losses.append(plain.loss_annual(m_hats, inversions, norm))
    return losses


def _contributions(method):
    """Rows of a sample, their theta [m2] and the intercept [g d-1] for BRA and EU in turn."""
    regions, n_drawn = tiny_world.BRIDGES[method]
    first = 0
    for (_, theta, intercept), land in zip(regions.values(), (6.0, 2.0), strict=True):
        # each of n random cells stands for an n-th of the land
        areas = [land / n_drawn] * n_drawn if n_drawn else theta
        rows = list(range(first, first + len(areas)))
        first += len(areas)
        yield rows, [area * 1e12 for area in areas], intercept * 1e11


@pytest.mark.parametrize("draw", [1, 2])
@pytest.mark.parametrize(
    ("method", "norm", "annual"),
    [
        ("EC", 3, False),
        ("lasso", 1, False),
        ("lasso", 2, False),
        ("lasso", 3, False),
        ("lasso", 3, True),
        ("anchored", 3, False),
        ("sampled", 3, False),
        ("sampled", 2, True),
        ("exact", 3, False),
    ],
)
def test_gradient_equals_that_of_the_plain_float64_loss(method, norm, annual, draw):
    bridge = None if method == "EC" else tiny_world.bridge(method)
    state = _state(bridge and _source(norm, annual, bridge=bridge))
    samples = state.samples(draw)
    scaled = [network(sample.x, state.weights) for sample in samples]
    ours = total_loss(state.losses(samples, scaled), state.log_variance)
    ours.backward()
    weights = [weight.detach().double().requires_grad_() for weight in state.weights]
    s = state.log_variance.detach().double().requires_grad_()
    losses = _plain_losses(state, samples, weights, method)
    # a single loss needs no balance (decision 0007)
    reference = plain.loss_total(losses, s.exp()) if len(losses) > 1 else losses[0]
    reference.backward()
    assert ours.item() == pytest.approx(reference.item(), rel=1e-5)
    s.grad = torch.zeros_like(s) if s.grad is None else s.grad
    expected = torch.cat([parameter.grad.flatten() for parameter in [*weights, s]])
    assert (state.adam.slope - expected).norm() <= 1e-4 * expected.norm()


def test_sampled_cells_hold_the_drivers_of_their_region():
    source = _source(bridge=tiny_world.bridge("sampled"))
    term = source.on_device(CPU).scaled(fit_scaling(np.zeros((2, 10)), np.arange(2.0)))
    static = DRIVERS.index("AMP_Band4")
    known = tiny_world.driver_store().AMP_Band4.values.astype(np.float32)
    seen = term.draw(np.random.default_rng(5)).x.view(10, -1, 10)[:, 0, static].numpy()
    assert np.isin(seen[:5], known[:3]).all()
    assert np.isin(seen[5:], known[3:5]).all()


def test_some_regions_and_months_are_those_parts_of_all():
    scaling = fit_scaling(np.eye(10), np.arange(10.0))
    term = (
        _source(settings=STRIDE.changed(day_stride=7, n_regions=1, n_months=4))
        .on_device(CPU)
        .scaled(scaling)
    )
    for seed in range(6):
        sample = term.draw(np.random.default_rng(seed))
        assert sample.inversions.shape == (3, 1, 4)
        assert sample.weights.shape[1] == 4
        theta = sample.footprint.theta.numpy()
        # BRA's two cells, or EU's one
        expected = [2e-3, 4e-3] if sample.land_area[0] > 4e12 else [1.5e-3]
        np.testing.assert_allclose(theta, [expected], rtol=1e-6)
        assert len(sample.x) == len(expected) * len(sample.weights)
        months = sample.weights.sum(0).numpy()
        assert set(months.round().tolist()) <= {28.0, 29.0, 30.0, 31.0}


def test_every_region_and_month_has_its_turn():
    scaling = fit_scaling(np.eye(10), np.arange(10.0))
    term = (
        _source(settings=STRIDE.changed(day_stride=7, n_regions=1, n_months=4))
        .on_device(CPU)
        .scaled(scaling)
    )
    areas = {float(term.draw(np.random.default_rng(k)).land_area[0]) for k in range(20)}
    assert len(areas) == 2


def test_held_out_years_are_seen_at_the_same_days_each_time():
    scaling = fit_scaling(np.eye(10), np.arange(10.0))
    term = (
        _source(settings=STRIDE.changed(day_stride=7, held_out_stride=3))
        .on_device(CPU)
        .scaled(scaling)
    )
    first, again = (next(iter(term.held_out())) for _ in range(2))
    assert torch.equal(first.x, again.x)
    assert len(first.weights) == 122  # days 2, 5, ... of 365 or 366


def test_uniform_flux_gives_the_annual_total_by_hand():
    # 1 g m-2 d-1 over 2e12 + 4e12 m2 and an intercept of 1e11 g/d: 6.1e12 g/d in BRA,
    # 1.5e12 - 2e11 = 1.3e12 g/d in EU; the held-out year has 365 or 366 days
    source = _source()
    (sample,) = source.on_device(CPU).scaled(fit_scaling(np.eye(10), np.arange(10.0))).held_out()
    days = len(source.held_out[0].days)
    parts = sample.diagnostics(torch.ones(len(sample.x)))
    assert len(sample.x) == 3 * days
    assert parts["val_NEE_BRA"] == pytest.approx(6.1e-3 * days, rel=1e-5)
    assert parts["val_NEE_EU"] == pytest.approx(1.3e-3 * days, rel=1e-5)


def test_every_nth_day_enters_with_a_phase_that_changes():
    scaling = fit_scaling(np.eye(10), np.arange(10.0))
    term = _source(settings=STRIDE.changed(day_stride=10)).on_device(CPU).scaled(scaling)
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


def test_a_bridge_without_cells_is_refused():
    empty = tiny_world.bridge().isel(contribution=slice(0))
    with pytest.raises(DataError, match="bridge: contribution: found no cell in any region"):
        _source(bridge=empty)


@pytest.mark.parametrize("months", [12, 1])
def test_years_or_months_without_inversions_take_no_part(months):
    inversions = tiny_world.inversions()
    inversions.NEE[:, :, :months] = np.nan
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


def test_a_bridge_of_every_cell_goes_without_one_that_has_no_drivers():
    drivers = tiny_world.driver_store()
    drivers.Tair[1, 5] = np.nan  # a cell of BRA of 2e12 m2
    source = _source(drivers=drivers, bridge=tiny_world.bridge("exact"))
    assert source.n_contributions == 4
    np.testing.assert_allclose(source.operator.theta, [[1e-3, 3e-3, 0, 0], [0, 0, 1e-3, 1e-3]])
    drivers.AMP_Band4[:] = np.nan
    with pytest.raises(DataError, match="AMP_Band4, Tair: found gaps"):
        _source(drivers=drivers, bridge=tiny_world.bridge("exact"))


def test_all_years_held_out_is_refused():
    with pytest.raises(DataError, match="n_held_out_years"):
        regional_source(
            tiny_world.bridge(),
            tiny_world.inversions(),
            tiny_world.driver_store(),
            years=tiny_world.YEARS,
            settings=STRIDE.changed(n_held_out_years=3),
        )


def test_held_out_years_are_drawn_by_the_seed():
    years = drawn_years(range(2001, 2018), 2, seed=5)
    assert years == drawn_years(range(2001, 2018), 2, seed=5)
    assert len({tuple(drawn_years(range(2001, 2018), 2, seed=seed)) for seed in range(9)}) > 1
