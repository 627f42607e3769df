import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info

from fluxprod.core.errors import DataError
from fluxprod.networks.constraint.bridge_source import regional_source
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.model.mlp import predict
from fluxprod.networks.model.threads import limited_threads
from fluxprod.networks.settings import ConstraintSettings, TrainingSettings
from fluxprod.networks.training import ensemble
from fluxprod.networks.training.ensemble import Experiment, out_of_fold, train_ensemble
from tests.networks import tiny_world

CPU = torch.device("cpu")
STRIDE = ConstraintSettings(day_stride=7, n_held_out_years=1)
SHORT = TrainingSettings(width=8, depth=2, steps=20, validate_every=10, batch=100)


def _source(flux=0.0, bridge=None, settings=STRIDE, annual=False):
    return regional_source(
        tiny_world.bridge() if bridge is None else bridge,
        tiny_world.inversions(flux),
        tiny_world.driver_store(),
        years=tiny_world.YEARS,
        settings=settings.changed(annual_term=annual),
    )


def _experiment(settings=SHORT, source=None):
    records = tiny_world.site_records()
    fold = records.fold.values[records.site_index.values]
    return Experiment(records.x.values, records.NEE.values, fold, settings, source)


def _train(experiment, device=CPU, processes=1):
    return train_ensemble(experiment, device=device, threads=1, processes=processes)


def test_one_or_two_processes_give_the_same_members():
    experiment = _experiment(source=_source())
    alone, together = _train(experiment), _train(experiment, processes=2)
    for one, other in zip(alone, together, strict=True):
        assert one.history == other.history
        assert all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


def test_ec_and_ec_atm_start_alike_and_see_the_same_site_days():
    first_step = TrainingSettings(width=8, steps=1, validate_every=1, batch=100)
    ec, ec_atm = (_train(_experiment(first_step, source)) for source in (None, _source()))
    for one, other in zip(ec, ec_atm, strict=True):
        assert one.history[0]["l_EC"] == other.history[0]["l_EC"]
        assert "l_ATM" not in one.history[0]


def _alone(experiment, fold):
    return experiment.training(fold, CPU, experiment.on_device(CPU)).run()


def _annual(member, source):
    """Regional totals of the held-out year [PgC yr-1] as the bridge sees the member."""
    (sample,) = source.on_device(CPU).scaled(member.scaling).held_out()
    weights = [torch.from_numpy(weight) for weight in member.weights]
    nee = predict(sample.x, weights) * member.scaling.y_std + member.scaling.y_mean
    parts = sample.diagnostics(nee)
    return np.array([parts["val_NEE_BRA"], parts["val_NEE_EU"]])


def test_inversions_move_the_regional_totals_to_themselves():
    source = _source(flux=1.0)
    settings = TrainingSettings(
        width=16, steps=300, validate_every=50, batch=100, learning_rate=0.01
    )
    free, held = (_alone(_experiment(settings, s), 0) for s in (None, source))
    days = len(source.held_out[0].days)
    inversions = np.array([6.1e-3, 1.3e-3]) * days  # theta * 1 g m-2 d-1 + intercept, by hand
    gap_free, gap_held = (np.abs(_annual(m, source) - inversions) for m in (free, held))
    assert gap_held.sum() < 0.2 * gap_free.sum()
    assert (gap_held < gap_free).all()


def test_a_record_is_predicted_by_the_member_that_held_its_site_out():
    experiment = _experiment()
    members = _train(experiment)
    estimate = out_of_fold(members, experiment)
    for fold, member in enumerate(members):
        mse = np.mean((estimate - experiment.y)[experiment.fold == fold] ** 2)
        best = next(row for row in member.history if row["step"] == member.best_step)
        assert mse == pytest.approx(best["val_l_EC"], rel=1e-5)


def test_a_failing_member_ends_the_ensemble():
    experiment = _experiment()
    experiment.x[7, 3] = np.nan
    with pytest.raises(DataError, match="gaps"):
        _train(experiment)


def test_a_device_too_small_is_told_in_one_line(monkeypatch):
    def full(training):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(ensemble.Training, "run", full)
    with pytest.raises(DataError, match=r"^params.yaml: train.day_stride: found more rows than"):
        _train(_experiment())


class FullDisk:
    """The first fold cannot keep its state; the others take their time."""

    def load(self, fold):
        return None

    def save(self, fold, arrays):
        if fold == 0:
            raise DataError("disk", "space", "none", "some")
        time.sleep(60)


def test_a_failing_member_ends_the_workers_of_the_others():
    before = set(multiprocessing.active_children())
    options = {"device": CPU, "threads": 1, "processes": 2, "checkpoints": FullDisk()}
    with pytest.raises(DataError, match="disk"):
        train_ensemble(_experiment(), **options)
    until = time.monotonic() + 10
    # no join: where the pool's thread is just taking the status, one that has ended counts as alive
    while set(multiprocessing.active_children()) - before:
        assert time.monotonic() < until
        time.sleep(0.01)


def _threads():
    return {pool["num_threads"] for pool in threadpool_info()} | {torch.get_num_threads()}


def test_workers_have_the_threads_that_are_asked_for(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")  # as a worker would find them on two cores
    spawn = multiprocessing.get_context("spawn")
    resumed = ensemble._Resumed(_experiment(), None, {})
    options = (resumed, 1, spawn.Queue())
    with ProcessPoolExecutor(1, spawn, ensemble._start_worker, options) as pool:
        assert pool.submit(_threads).result() == {1}


def test_threads_are_put_back():
    before = torch.get_num_threads()
    with limited_threads(1):
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_cuda_device_gives_the_members_of_the_cpu():
    experiment = _experiment(source=_source())
    on_cpu, on_cuda = _train(experiment), _train(experiment, chosen_device("cuda"))
    for one, other in zip(on_cpu, on_cuda, strict=True):
        for a, b in zip(one.weights, other.weights, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-3)
