"""The network with respiration and uptake as outputs, from the formula to the forward run."""

import numpy as np
import pandas as pd
import pytest
import torch

from fluxprod.core.errors import DataError
from fluxprod.experiments.settings import TowerModel
from fluxprod.networks.forward import forward_block
from fluxprod.networks.model import mlp
from fluxprod.networks.model.cell_drivers import CellDrivers
from fluxprod.networks.model.light_use import light_use_nee, light_use_of
from fluxprod.networks.model.networks_dataset import members_of, networks_dataset
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.site_term import SiteTerm, site_sample
from fluxprod.networks.training.snapshots import snapshots_dataset, validated_snapshots
from fluxprod.networks.training.training import CPU, Training, train_batched

NAMES = ("Tair", "VPD", "FPAR_SW_IN")
RNG = np.random.default_rng(3)
X = np.column_stack([RNG.normal(12, 9, 600), RNG.uniform(0, 20, 600), RNG.uniform(0, 150, 600)])
LAW = 1.5 * 2 ** ((X[:, 0] - 15) / 10) - 0.05 * X[:, 2]  # respiration less uptake
HELD_OUT = np.arange(600) % 3 == 0
LIGHT = TrainingSettings(
    drivers="daily", form="light_use", width=8, depth=2, learning_rate=0.01, batch=200, steps=60,
    validate_every=20, seed=1,
)  # fmt: skip


LAW_OF_LIGHT = {"form": "light_use"}


def training(settings=LIGHT, fold=0, **options):
    return Training(
        X, LAW, training=~HELD_OUT, validation=HELD_OUT, settings=settings, fold=fold,
        drivers=NAMES, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def members():
    return [training(fold=fold).run() for fold in (0, 1)]


def test_formula_by_hand():
    """Outputs of 0 give rates of ln 2: 2 ln 2 times the rise, less 0.04 ln 2 times the light."""
    temperature = torch.tensor([15.0, 25.0, 5.0, -60.0, 45.0])
    light = torch.tensor([0.0, 100.0, 50.0, 0.0, 0.0])
    nee = light_use_nee(torch.zeros(5, 2), temperature, light)
    by_hand = [2.0, 4.0 - 4.0, 1.0 - 2.0, 2 * np.exp(-4), 2 * np.exp(1.5)]
    np.testing.assert_allclose(nee.numpy() / np.log(2), by_hand, rtol=1e-6, atol=1e-6)


def test_respiration_and_uptake_never_change_their_sign():
    outputs = torch.from_numpy(RNG.normal(0, 20, (100, 2)))
    mild, dark, bright = torch.full((100,), 10.0), torch.zeros(100), torch.full((100,), 90.0)
    respiration = light_use_nee(outputs, mild, dark)
    assert (respiration >= 0).all()
    assert (light_use_nee(outputs, mild, bright) <= respiration).all()
    warmer = light_use_nee(outputs, mild + 10, dark)
    torch.testing.assert_close(warmer, 2 * respiration)  # by Q10


def test_gradients_equal_finite_differences():
    outputs = torch.from_numpy(RNG.normal(0, 1, (20, 2))).requires_grad_()
    drivers = torch.from_numpy(X[:20])
    torch.autograd.gradcheck(lambda o: light_use_nee(o, drivers[:, 0], drivers[:, 2]), outputs)
    drawn = mlp.initial_weights(mlp.layer_sizes(3, 8, 2, 2), np.random.default_rng(0))
    weights = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in drawn]
    rows = torch.from_numpy(RNG.normal(0, 1, (20, 3)))
    torch.autograd.gradcheck(lambda *w: mlp.network(rows, w), weights)


def test_an_accelerator_computes_the_same_two_outputs():
    drawn = mlp.initial_weights(mlp.layer_sizes(3, 8, 2, 2), np.random.default_rng(0))
    weights = [torch.from_numpy(weight) for weight in drawn]
    rows = torch.from_numpy(RNG.normal(0, 1, (50, 3)).astype(np.float32))
    expected = mlp.predict(rows, weights)
    assert expected.shape == (50, 2)
    torch.testing.assert_close(mlp._all_rows_at_once(rows, weights), expected)


def test_the_law_is_found_sooner_than_by_a_plain_network(members):
    plain = training(LIGHT.changed(form="plain")).run()
    error, of_plain = (m.history[-1]["val_l_EC"] for m in (members[0], plain))
    assert error < 0.05 * LAW.var()
    assert error < 0.5 * of_plain


def test_weights_end_as_estimates_of_the_same_nee(members):
    """By numpy from the arrays of the file alone."""
    d = networks_dataset(members, [0, 1], NAMES, seed=1).isel(member=1)
    assert d.attrs["form"] == "light_use"
    assert d.attrs["NEE"] == (
        "2 softplus(output 1) exp(clip(ln(2) / 10 (Tair - 15), -4, 1.5)) "
        "- 0.04 softplus(output 2) FPAR_SW_IN"
    )
    layer = (X - d.driver_mean.values) / d.driver_std.values
    for k in (1, 2):
        layer = np.maximum(layer @ d[f"weight_{k}"].values + d[f"bias_{k}"].values, 0.0)
    rates = np.logaddexp(0.0, layer @ d.weight_3.values + d.bias_3.values)
    rise = np.clip(np.log(2) * (X[:, 0] - 15) / 10, -4, 1.5)
    nee = 2 * rates[:, 0] * np.exp(rise) - 0.04 * rates[:, 1] * X[:, 2]
    np.testing.assert_allclose(members[1].predict(X), nee, rtol=1e-4, atol=1e-4)


def test_a_file_gives_back_the_same_members(members, tmp_path):
    dataset = networks_dataset(members, [0, 1], NAMES, seed=1)
    for one, again in zip(members, members_of(dataset, NAMES, "networks.nc"), strict=True):
        np.testing.assert_array_equal(one.predict(X), again.predict(X))


class HeldOutSites:
    """The term of the training, for snapshots that are read from a file."""

    def scaled(self, scaling):
        sample = site_sample(X[HELD_OUT], LAW[HELD_OUT], scaling, CPU)
        return SiteTerm(sample, sample, batch=10)


def test_snapshots_are_validated_with_their_form(members):
    snapshots = snapshots_dataset(members, [0, 1], NAMES)
    rows = list(validated_snapshots(snapshots, HeldOutSites(), CPU))
    expected = [row["val_l_EC"] for member in members for row in member.history]
    assert [row["val_l_EC"] for row in rows] == pytest.approx(expected, rel=1e-6)


def test_members_trained_together_are_those_trained_alone(members):
    together = train_batched([training(fold=fold) for fold in (0, 1)])
    for one, other in zip(together, members, strict=True):
        np.testing.assert_allclose(one.snapshots, other.snapshots, rtol=1e-3, atol=1e-4)


def test_a_stopped_training_goes_on_to_the_same_bits(members):
    states = []
    training(save=states.append).run()
    resumed = training(start=states[0]).run()
    np.testing.assert_array_equal(resumed.snapshots, members[0].snapshots)


def test_forward_run_is_the_member(members):
    """Four cells, whose drivers are all daily; a gap in the light is a gap in NEE."""
    time = pd.date_range("2003-01-01", "2003-04-30", unit="s")
    values = X[: 4 * len(time)].astype(np.float32).reshape(4, len(time), 3)
    values[2, 30, 2] = np.nan
    of_cells = CellDrivers(
        tuple(np.ascontiguousarray(values[..., k]) for k in range(3)), ("daily",) * 3,
        np.asarray(time.day_of_year) - 1,
    )  # fmt: skip
    fluxes = forward_block(of_cells, members, time, chunk=200, device=CPU)
    expected = np.mean([member.predict(values.reshape(-1, 3)) for member in members], axis=0)
    np.testing.assert_allclose(fluxes.mean, expected.reshape(4, -1), atol=1e-3)
    assert np.argwhere(np.isnan(fluxes.mean)).tolist() == [[2, 30]]


def test_drivers_without_light_are_refused():
    assert light_use_of(NAMES).light == 2
    with pytest.raises(DataError, match="light_use without FPAR_SW_IN, expected plain"):
        light_use_of(("Tair", "VPD"))
    with pytest.raises(ValueError, match="form light_use with drivers table_a2"):
        TrainingSettings(form="light_use")
    with pytest.raises(ValueError, match="form light_use with drivers table_a2"):
        TowerModel(drivers="table_a2", monthly_sites=False, n_members=1, options=[LAW_OF_LIGHT])
