"""One member per fold, side by side in processes or one after another on an accelerator."""

import multiprocessing
import queue
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from fluxprod.networks.member import Member
from fluxprod.networks.progress import TrainingProgress
from fluxprod.networks.recipe import Recipe
from fluxprod.networks.terms import TermSource
from fluxprod.networks.training import train_member

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

    def member(self, fold: int, device: torch.device, report: Any = None) -> Member:
        """Train the member that holds a fold out."""
        return train_member(
            self.x,
            self.y,
            training=self.fold != fold,
            validation=self.fold == fold,
            recipe=self.recipe,
            fold=fold,
            constraint=self.constraint,
            device=device,
            report=report,
        )


def train_ensemble(
    experiment: Experiment, *, device: torch.device, threads: int, processes: int
) -> list[Member]:
    """Train a member per fold; the result does not depend on the number of processes.

    Parameters
    ----------
    experiment : Experiment
    device : torch.device
        An accelerator takes the members one after another.
    threads : int
        Of each process.
    processes : int
        Side by side on the CPU.
    """
    folds = experiment.folds
    name = "EC-ATM" if experiment.constraint else "EC"
    with TrainingProgress(name, folds, experiment.recipe.steps) as progress:
        if device.type != "cpu" or min(processes, len(folds)) == 1:
            with limited_threads(threads):
                members = _one_by_one(experiment, device, progress)
        else:
            members = _side_by_side(experiment, threads, processes, progress)
    return [members[fold] for fold in folds]


def out_of_fold(members: list[Member], experiment: Experiment) -> np.ndarray:
    """NEE [g m-2 d-1] of each record by the member that never trained on its site, (record,)."""
    estimate = np.full(len(experiment.x), np.nan)
    for fold, member in zip(experiment.folds, members, strict=True):
        rows = experiment.fold == fold
        estimate[rows] = member.predict(experiment.x[rows])
    return estimate


@contextmanager
def limited_threads(threads: int) -> Iterator[None]:
    """Set torch's threads for a while; more threads than idle cores slow a step many times."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _one_by_one(
    experiment: Experiment, device: torch.device, progress: TrainingProgress
) -> dict[int, Member]:
    members = {}
    for fold in experiment.folds:
        members[fold] = experiment.member(fold, device, progress.show)
        progress.finish(fold, members[fold])
    return members


def _side_by_side(
    experiment: Experiment, threads: int, processes: int, progress: TrainingProgress
) -> dict[int, Member]:
    spawn = multiprocessing.get_context("spawn")  # a fork would inherit torch's thread pool
    rows = spawn.Queue()
    with ProcessPoolExecutor(
        min(processes, len(experiment.folds)), spawn, _start_worker, (experiment, threads, rows)
    ) as pool:
        running = {pool.submit(_train_fold, fold): fold for fold in experiment.folds}
        try:
            _watch(running, rows, progress)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
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


def _start_worker(experiment: Experiment, threads: int, rows: Any) -> None:
    torch.set_num_threads(threads)
    _worker.update(experiment=experiment, report=rows.put)


def _train_fold(fold: int) -> Member:
    report: Any = _worker["report"]
    return _worker["experiment"].member(fold, torch.device("cpu"), report)
