"""Members that are trained together are those that are trained alone."""

import numpy as np
import pytest
import torch

from fluxprod.networks.training.batched_step import networks, outputs
from fluxprod.networks.training.training import train_batched
from tests.networks import tiny_world
from tests.networks.training import test_ensemble

CPU = torch.device("cpu")


def _trainings(source, settings=test_ensemble.SHORT, **options):
    experiment = test_ensemble._experiment(settings, source)
    constraint = experiment.on_device(CPU)
    return [experiment.training(fold, CPU, constraint, **options) for fold in experiment.folds]


@pytest.mark.parametrize("kind", ["EC", "lasso", "sampled", "some regions and months", "annual"])
def test_members_are_those_of_a_training_alone(kind):
    options = {"bridge": tiny_world.bridge("sampled" if kind == "sampled" else "lasso")}
    if kind == "some regions and months":  # members with other numbers of rows
        options["settings"] = test_ensemble.STRIDE.changed(n_regions=1, n_months=5)
    source = None if kind == "EC" else test_ensemble._source(**options, annual=kind == "annual")
    together = train_batched(_trainings(source))
    alone = [training.run() for training in _trainings(source)]
    for one, other in zip(together, alone, strict=True):
        assert [row["step"] for row in one.history] == [row["step"] for row in other.history]
        np.testing.assert_allclose(one.snapshots, other.snapshots, rtol=1e-3, atol=2e-5)
        for name, value in other.history[-1].items():
            assert one.history[-1][name] == pytest.approx(value, rel=1e-3, abs=1e-6), name


def test_each_network_sees_its_own_rows():
    # two networks of one neuron each: 2 * relu(x + 1) - 1 and relu(-x) + 3
    weights = [
        torch.tensor([[[1.0]], [[-1.0]]]),
        torch.tensor([[1.0], [0.0]]),
        torch.tensor([[[2.0]], [[1.0]]]),
        torch.tensor([[-1.0], [3.0]]),
    ]
    x = torch.tensor([[[0.0], [-4.0]], [[5.0], [-2.0]]])
    assert networks(x, weights).tolist() == [[1.0, -1.0], [3.0, 5.0]]


def test_rows_are_given_back_as_they_came():
    trainings = _trainings(None)
    states = [training.state for training in trainings]
    generator = torch.Generator().manual_seed(0)
    rows = [[torch.randn(n, 10, generator=generator) for n in own] for own in ((3, 5), (4, 1))]
    found = outputs(rows, states)
    assert [[len(part) for part in own] for own in found] == [[3, 5], [4, 1]]


class Killed(Exception):
    pass


def test_members_stopped_between_two_saves_go_on_to_the_same_bits():
    source = test_ensemble._source(bridge=tiny_world.bridge("sampled"))
    settings = test_ensemble.SHORT.changed(width=32, steps=60, batch=400)
    first, second = _trainings(source, settings)
    kept = {}

    def save_or_die(arrays):
        if arrays["steps"] == 30:
            raise Killed
        kept[1] = arrays

    first.save, second.save = (lambda arrays: kept.update({0: arrays})), save_or_die
    with pytest.raises(Killed):
        train_batched([first, second])
    resumed = _trainings(source, settings)
    for fold, training in enumerate(resumed):
        training.state.restore(kept[fold])
        training.best.restore(kept[fold])
    assert [training.next_step for training in resumed] == [31, 21]
    whole = train_batched(_trainings(source, settings))
    for one, other in zip(train_batched(resumed), whole, strict=True):
        assert one.history == other.history
        assert one.snapshots.tobytes() == other.snapshots.tobytes()
