"""One member per fold: side by side in processes, or together on an accelerator."""

import multiprocessing
import queue
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from fluxprod.compute.worker import worker_pool
from fluxprod.core.errors import DataError
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.threads import limited_threads, set_threads
from fluxprod.networks.training.checkpoints import Arrays, Checkpoints
from fluxprod.networks.training.loss_terms import DeviceTerm, TermSource
from fluxprod.networks.training.progress import TrainingProgress
from fluxprod.networks.training.settings import Recipe
from fluxprod.networks.training.training import CPU, Training, train_together

POLL = 0.2  # s between two looks at what the workers report


@dataclass(frozen=True)
class Experiment:
    """What all members of an ensemble share.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
    fold : ndarray of int, shape (record,)
        The member of a fold trains on all other records and is validated on these.
    recipe : Recipe
    constraint : TermSource or None
        None makes EC, anything else EC-ATM.
    """

    x: np.ndarray
    y: np.ndarray
    fold: np.ndarray
    recipe: Recipe
    constraint: TermSource | None = None

    @property
    def folds(self) -> list[int]:
        """All folds in order."""
        return [int(fold) for fold in np.unique(self.fold)]

    def on_device(self, device: torch.device) -> DeviceTerm | None:
        """The constraint, once for all members that are trained there."""
        return self.constraint.on_device(device) if self.constraint else None

    def training(
        self, fold: int, device: torch.device, constraint: DeviceTerm | None, **options: Any
    ) -> Training:
        """Training of the member that holds a fold out; ``options``: as of `Training`."""
        return Training(
            self.x,
            self.y,
            training=self.fold != fold,
            validation=self.fold == fold,
            recipe=self.recipe,
            fold=fold,
            constraint=constraint,
            device=device,
            **options,
        )


@dataclass(frozen=True)
class _Resumed:
    """An experiment, the states that its members go on from, and what keeps their next ones."""

    experiment: Experiment
    checkpoints: Checkpoints | None
    starts: dict[int, Arrays]

    def training(
        self, fold: int, device: torch.device, constraint: DeviceTerm | None, report: Any
    ) -> Training:
        """Training of the member that holds a fold out."""
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
    """Train a member per fold; the result does not depend on the number of processes.

    Parameters
    ----------
    experiment : Experiment
    device : torch.device
        An accelerator takes all members together.
    threads : int
        Of each process.
    processes : int
        Side by side on the CPU.
    checkpoints : Checkpoints, optional
        Members go on from what it holds; the result does not depend on it either.

    Raises
    ------
    DataError
        If a member fails, or a worker is killed.
    """
    folds = experiment.folds
    found = {fold: checkpoints.load(fold) for fold in folds} if checkpoints else {}
    resumed = _Resumed(experiment, checkpoints, {f: state for f, state in found.items() if state})
    done = {fold: int(state["steps"]) for fold, state in resumed.starts.items()}
    name = "EC-ATM" if experiment.constraint else "EC"
    with TrainingProgress(name, folds, experiment.recipe.steps, done) as progress:
        if device.type == "cpu" and min(processes, len(folds)) > 1:
            members = _side_by_side(resumed, threads, processes, progress)
        else:
            with limited_threads(threads):
                members = _here(resumed, device, progress)
    return [members[fold] for fold in folds]


def out_of_fold(members: list[Member], experiment: Experiment) -> np.ndarray:
    """NEE [g m-2 d-1] of each record by the member that never trained on its site, (record,)."""
    estimate = np.full(len(experiment.x), np.nan)
    for fold, member in zip(experiment.folds, members, strict=True):
        rows = experiment.fold == fold
        estimate[rows] = member.predict(experiment.x[rows])
    return estimate


def _here(resumed: _Resumed, device: torch.device, progress: TrainingProgress) -> dict[int, Member]:
    """In this process: one after another on a CPU, together on an accelerator."""
    try:
        return _in_turn(resumed, device, progress)
    except torch.OutOfMemoryError as error:
        raise DataError(
            "params.yaml", "train.day_stride", "more rows than the device holds at once",
            "fewer days, or fewer contributing cells", "raise it, or set compute.device to cpu",
        ) from error  # fmt: skip


def _in_turn(
    resumed: _Resumed, device: torch.device, progress: TrainingProgress
) -> dict[int, Member]:
    folds, constraint = resumed.experiment.folds, resumed.experiment.on_device(device)
    trainings = [resumed.training(fold, device, constraint, progress.show) for fold in folds]
    alone = device.type == "cpu"
    trained = map(Training.run, trainings) if alone else iter(train_together(trainings))
    members = {}
    for fold, member in zip(folds, trained, strict=True):
        members[fold] = member
        progress.finish(fold, member)
    return members


def _side_by_side(
    resumed: _Resumed, threads: int, processes: int, progress: TrainingProgress
) -> dict[int, Member]:
    rows = multiprocessing.get_context("spawn").Queue()
    folds = resumed.experiment.folds
    with worker_pool(min(processes, len(folds)), _start_worker, resumed, threads, rows) as pool:
        running = {pool.submit(_train_fold, fold): fold for fold in folds}
        _watch(running, rows, progress)
        return {fold: future.result() for future, fold in running.items()}


def _watch(running: dict[Future, int], rows: Any, progress: TrainingProgress) -> None:
    """Show what members report until all are done; the first that fails ends the wait."""
    waiting: set[Future] = set(running)
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


_worker: dict[str, Any] = {}  # of this process: sent once, not with every fold


def _start_worker(resumed: _Resumed, threads: int, rows: Any) -> None:
    set_threads(threads)
    constraint = resumed.experiment.on_device(CPU)
    _worker.update(resumed=resumed, constraint=constraint, report=rows.put)


def _train_fold(fold: int) -> Member:
    resumed, constraint, report = (_worker[name] for name in ("resumed", "constraint", "report"))
    return resumed.training(fold, CPU, constraint, report).run()
