"""Training of one member per fold: in parallel processes, or batched on an accelerator."""

import multiprocessing
import queue
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from fluxprod.compute.workers.worker import worker_pool
from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.threads import limited_threads, set_threads
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.checkpoints import Arrays, Checkpoints
from fluxprod.networks.training.loss_terms import DeviceTerm, TermSource
from fluxprod.networks.training.progress import TrainingProgress
from fluxprod.networks.training.training import CPU, Training, train_batched

POLL = 0.2  # [s] interval at which reports of the workers are collected


@dataclass(frozen=True)
class Experiment:
    """Data and settings that all members of an ensemble share.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
    fold : ndarray of int, shape (record,)
        Fold of each record. The member of a fold is validated on its records and trained on all
        others.
    settings : TrainingSettings
        Network, steps and learning rates.
    constraint : TermSource or None
        Term of the inversions, which makes EC-ATM; None for EC.
    drivers : tuple of str, optional
        Names of the drivers, needed for noise on them and for the form ``light_use``.
    site : ndarray, shape (record,), optional
        Site of each record, needed if ``settings.site_balance`` is not 0.
    """

    x: np.ndarray
    y: np.ndarray
    fold: np.ndarray
    settings: TrainingSettings
    constraint: TermSource | None = None
    drivers: tuple[str, ...] = ()
    site: np.ndarray | None = None

    @property
    def folds(self) -> list[int]:
        """All folds in ascending order."""
        return [int(fold) for fold in np.unique(self.fold)]

    def on_device(self, device: torch.device) -> DeviceTerm | None:
        """Copy the constraint to a device, once for all members trained there."""
        return self.constraint.on_device(device) if self.constraint else None

    def training(
        self, fold: int, device: torch.device, constraint: DeviceTerm | None, **options: Any
    ) -> Training:
        """Training of the member that holds out a fold; ``options`` are passed to `Training`."""
        return Training(
            self.x,
            self.y,
            training=self.fold != fold,
            validation=self.fold == fold,
            settings=self.settings,
            fold=fold,
            drivers=self.drivers,
            site=self.site,
            constraint=constraint,
            device=device,
            **options,
        )


@dataclass(frozen=True)
class _Resumed:
    """An experiment, the states from which members resume, and the store of their next states."""

    experiment: Experiment
    checkpoints: Checkpoints | None
    starts: dict[int, Arrays]

    def training(
        self, fold: int, device: torch.device, constraint: DeviceTerm | None, report: Any
    ) -> Training:
        """Training of the member that holds out a fold."""
        save = self.checkpoints and partial(self.checkpoints.save, fold)
        options = {"report": report, "start": self.starts.get(fold), "save": save}
        return self.experiment.training(fold, device, constraint, **options)


def train_ensemble(
    experiment: Experiment,
    *,
    device: torch.device,
    threads: int,
    processes: int,
    checkpoints: Checkpoints | None = None,
) -> list[Member]:
    """Train one member per fold; the result does not depend on the number of processes.

    Parameters
    ----------
    experiment : Experiment
        Data, settings and constraint of all members.
    device : torch.device
        On an accelerator all members are trained in one batch.
    threads : int
        Threads of each process [1].
    processes : int
        Parallel processes on the CPU [1].
    checkpoints : Checkpoints, optional
        Store of states from which members resume; the result does not depend on it either.

    Returns
    -------
    list of Member
        Trained members, in the order of the folds.

    Raises
    ------
    DataError
        If a member diverges, a worker is killed, or the device has too little memory.
    """
    folds = experiment.folds
    found = {fold: checkpoints.load(fold) for fold in folds} if checkpoints else {}
    resumed = _Resumed(experiment, checkpoints, {f: state for f, state in found.items() if state})
    done = {fold: int(state["steps"]) for fold, state in resumed.starts.items()}
    name = "EC-ATM" if experiment.constraint else "EC"
    with TrainingProgress(name, folds, experiment.settings.steps, done) as progress:
        if device.type == "cpu" and min(processes, len(folds)) > 1:
            members = _train_in_processes(resumed, threads, processes, progress)
        else:
            with limited_threads(threads):
                members = _train_here(resumed, device, progress)
    return [members[fold] for fold in folds]


def out_of_fold(members: list[Member], experiment: Experiment) -> np.ndarray:
    """NEE (record,) [g m-2 d-1], each record estimated by the member that never saw its site."""
    estimate = np.full(len(experiment.x), np.nan)
    for fold, member in zip(experiment.folds, members, strict=True):
        rows = experiment.fold == fold
        estimate[rows] = member.predict(experiment.x[rows])
    return estimate


def _train_here(
    resumed: _Resumed, device: torch.device, progress: TrainingProgress
) -> dict[int, Member]:
    """Train in this process: one after another on a CPU, in one batch on an accelerator."""
    try:
        return _train_on_device(resumed, device, progress)
    except torch.OutOfMemoryError as error:
        raise DataError(
            PARAMS_FILE, "train.day_stride", "more rows than fit into the memory of the device",
            "fewer days or contributing cells", "raise it, or set compute.device to cpu",
        ) from error  # fmt: skip


def _train_on_device(
    resumed: _Resumed, device: torch.device, progress: TrainingProgress
) -> dict[int, Member]:
    folds, constraint = resumed.experiment.folds, resumed.experiment.on_device(device)
    trainings = [resumed.training(fold, device, constraint, progress.show) for fold in folds]
    on_cpu = device.type == "cpu"
    trained = map(Training.run, trainings) if on_cpu else iter(train_batched(trainings))
    members = {}
    for fold, member in zip(folds, trained, strict=True):
        members[fold] = member
        progress.finish(fold, member)
    return members


def _train_in_processes(
    resumed: _Resumed, threads: int, processes: int, progress: TrainingProgress
) -> dict[int, Member]:
    rows = multiprocessing.get_context("spawn").Queue()
    folds = resumed.experiment.folds
    with worker_pool(min(processes, len(folds)), _start_worker, resumed, threads, rows) as pool:
        running = {pool.submit(_train_fold, fold): fold for fold in folds}
        _watch(running, rows, progress)
        return {fold: future.result() for future, fold in running.items()}


def _watch(running: dict[Future[Member], int], rows: Any, progress: TrainingProgress) -> None:
    """Show the reports of members until all are done, or until the first of them fails."""
    waiting: set[Future[Member]] = set(running)
    while waiting:
        done, waiting = wait(waiting, timeout=POLL, return_when=FIRST_COMPLETED)
        _show_rows(rows, progress)
        for future in done:
            progress.finish(running[future], future.result())


def _show_rows(rows: Any, progress: TrainingProgress) -> None:
    while True:
        try:
            progress.show(rows.get_nowait())
        except queue.Empty:
            return


_worker: dict[str, Any] = {}  # state of a worker process, sent once rather than with every fold


def _start_worker(resumed: _Resumed, threads: int, rows: Any) -> None:
    set_threads(threads)
    constraint = resumed.experiment.on_device(CPU)
    _worker.update(resumed=resumed, constraint=constraint, report=rows.put)


def _train_fold(fold: int) -> Member:
    resumed, constraint, report = (_worker[name] for name in ("resumed", "constraint", "report"))
    training: Training = resumed.training(fold, CPU, constraint, report)
    return training.run()
