"""Stopped anywhere and gone on: the same member, bit for bit."""

import numpy as np
import pytest
import torch

from fluxprod.core.errors import DataError
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training import state
from fluxprod.networks.training.ensemble import Experiment, train_ensemble
from tests.networks import tiny_world
from tests.networks.training.test_ensemble import _experiment, _source

CPU = torch.device("cpu")
SETTINGS = TrainingSettings(
    width=8, depth=2, steps=50, validate_every=7, batch=100, learning_rate=0.05
)
VALIDATIONS = [7, 14, 21, 28, 35, 42, 49, 50]
SOURCES = {"EC": lambda: None, "EC-ATM": _source}


class Stopped(Exception):
    """In place of a kill."""


class InMemory:
    """Checkpoints of all folds; raises at the save that is told, before or after it."""

    def __init__(self, kept=None, stop_at=None, before=False):
        self.kept = {} if kept is None else kept
        self.stop_at, self.before, self.saved = stop_at, before, []

    def load(self, fold):
        return self.kept.get(fold)

    def save(self, fold, arrays):
        self.saved.append((fold, int(arrays["steps"])))
        if self.before and self.saved[-1] == self.stop_at:
            raise Stopped
        self.kept[fold] = arrays
        if self.saved[-1] == self.stop_at:
            raise Stopped


def _run(experiment, checkpoints=None, device=CPU):
    return train_ensemble(
        experiment, device=device, threads=1, processes=1, checkpoints=checkpoints
    )


def _assert_same(members, others):
    for one, other in zip(members, others, strict=True):
        assert one.history == other.history
        assert [list(row) for row in one.history] == [list(row) for row in other.history]
        assert one.best_step == other.best_step
        assert len(one.weights) == len(other.weights)
        for a, b in zip(one.weights, other.weights):
            assert (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
        x = tiny_world.site_records().x.values
        np.testing.assert_array_equal(one.predict(x), other.predict(x))


@pytest.fixture(scope="module", params=list(SOURCES))
def undisturbed(request):
    experiment = _experiment(SETTINGS, SOURCES[request.param]())
    return experiment, _run(experiment)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("stop_at", [(0, 7), (0, 28), (0, 50), (1, 7), (1, 49), (1, 50)])
def test_a_run_stopped_about_a_save_gives_the_same_members(undisturbed, stop_at, before):
    experiment, members = undisturbed
    stopped = InMemory(stop_at=stop_at, before=before)
    with pytest.raises(Stopped):
        _run(experiment, stopped)
    resumed = InMemory(stopped.kept)
    _assert_same(_run(experiment, resumed), members)
    lost = [stop_at] if before else []
    everything = [(fold, step) for fold in (0, 1) for step in VALIDATIONS]
    assert (
        stopped.saved + resumed.saved
        == everything[: len(stopped.saved)] + lost + (everything[len(stopped.saved) :])
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_run_stopped_at_many_steps_gives_the_same_member(undisturbed, seed, monkeypatch):
    """Stops inside steps: at any draw of site-days, validations or not."""
    experiment, members = undisturbed
    rng, kept, runs = np.random.default_rng(seed), {}, 0
    while True:
        runs += 1
        with monkeypatch.context() as patch:
            _stop_after(rng.integers(5, 30), patch)
            try:
                _assert_same(_run(experiment, InMemory(kept)), members)
                break
            except Stopped:
                assert runs < 100
    assert runs > 4


def _stop_after(n_steps, patch):
    steps, total_loss = iter(range(n_steps)), state.total_loss

    def stopping(*arguments):
        if next(steps, None) is None:
            raise Stopped
        return total_loss(*arguments)

    patch.setattr(state, "total_loss", stopping)


def test_a_state_of_fewer_steps_gives_what_fewer_steps_give(undisturbed):
    """A resumed run does go on from the state: a changed state changes the result."""
    experiment, members = undisturbed
    stopped = InMemory(stop_at=(0, 28))
    with pytest.raises(Stopped):
        _run(experiment, stopped)
    stopped.kept[0]["square"] *= 1.1
    assert _run(experiment, stopped)[0].history[:4] == members[0].history[:4]
    assert _run(experiment, InMemory(stopped.kept))[0].history[4] != members[0].history[4]


def test_patience_ends_a_resumed_run_where_it_would_have_ended():
    records = tiny_world.site_records()
    fold = records.fold.values[records.site_index.values]
    settings = TrainingSettings(
        width=8, steps=500, validate_every=1, batch=64, learning_rate=0.1, patience=3
    )
    experiment = Experiment(records.x.values, records.NEE.values, fold, settings)
    whole = InMemory()
    members = _run(experiment, whole)
    last = int(members[0].history[-1]["step"])
    assert last < 500
    for step in range(last - 4, last + 1):
        stopped = InMemory(stop_at=(0, step))
        with pytest.raises(Stopped):
            _run(experiment, stopped)
        _assert_same(_run(experiment, stopped), members)


def test_a_divergence_is_told_again_and_not_trained_past():
    settings = TrainingSettings.model_construct(  # no file may ask for such a learning rate
        **TrainingSettings(width=8, steps=4, validate_every=2, batch=100).model_dump()
        | {"learning_rate": 1e30}
    )
    checkpoints = InMemory()
    for saves in (2, 2):
        with (
            np.errstate(all="ignore"),
            pytest.raises(DataError, match="learning_rate: found divergence of fold 0"),
        ):
            _run(_experiment(settings), checkpoints)
        assert len(checkpoints.saved) == saves


def test_the_state_kept_does_not_move_with_the_training(undisturbed):
    experiment, _ = undisturbed
    stopped = InMemory(stop_at=(0, 14))
    with pytest.raises(Stopped):
        _run(experiment, stopped)
    first = {name: array.tobytes() for name, array in stopped.kept[0].items()}
    start = dict(stopped.kept[0])
    experiment.training(0, CPU, experiment.on_device(CPU), start=start).run()
    assert {name: array.tobytes() for name, array in start.items()} == first


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_cuda_run_goes_on_bit_for_bit():
    experiment, cuda = _experiment(SETTINGS, _source()), chosen_device("cuda")
    stopped = InMemory(stop_at=(1, 21))
    with pytest.raises(Stopped):
        _run(experiment, stopped, cuda)
    _assert_same(_run(experiment, stopped, cuda), _run(experiment, None, cuda))
