"""Networks whose options and training length are chosen on inner folds of sites only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from fluxprod.compute.workers.worker import worker_pool
from fluxprod.networks.inner_folds.records import SiteRecords
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.threads import limited_threads
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.training import Training


@dataclass(frozen=True)
class Search:
    """Candidates for the options and the length of the training, and how they are compared.

    Parameters
    ----------
    settings : TrainingSettings
        ``steps`` is the longest training, ``validate_every`` the interval between the training
        lengths that are compared.
    candidates : sequence of mapping
        Changes to the settings, for example ``{"driver_noise": 0.3}``.
    n_members : int
        Number of networks with different initial weights, whose mean is the estimate.
    """

    settings: TrainingSettings
    candidates: Sequence[Mapping[str, Any]]
    n_members: int


@dataclass(frozen=True)
class NetworkChoice:
    """The candidate with the lowest error on the inner folds of one scored fold.

    Parameters
    ----------
    candidate : int
        Number of the candidate.
    step : int
        Training length in steps.
    error : float
        Mean squared error over all inner folds [(g m-2 d-1)^2].
    """

    candidate: int
    step: int
    error: float


def nested_networks(
    records: SiteRecords, inner: np.ndarray, search: Search, *, threads: int, processes: int
) -> Iterator[tuple[np.ndarray, NetworkChoice]]:
    """Estimate the records of each scored fold in turn, in parallel processes.

    Parameters
    ----------
    records : SiteRecords
        Records of all sites.
    inner : ndarray of int, shape (fold, record)
        Inner fold of each record, negative where the record is scored.
    search : Search
        Candidates to choose from.
    threads, processes : int
        Threads of each process, and parallel processes; the result depends on neither.

    Yields
    ------
    estimate : ndarray, shape (scored record,)
        Estimated NEE [g m-2 d-1].
    choice : NetworkChoice
        Candidate chosen on the inner folds.

    Raises
    ------
    DataError
        If a process dies.
    """
    predict_fold = partial(fold_prediction, records, search=search, threads=threads)
    if processes == 1:
        yield from map(predict_fold, range(len(inner)), inner)
        return
    with worker_pool(min(processes, len(inner))) as pool:
        # pool.map would cancel the remaining calls, which Python before 3.11.7 ends in a traceback
        futures = [pool.submit(predict_fold, fold, folds) for fold, folds in enumerate(inner)]
        yield from (future.result() for future in futures)


def fold_prediction(
    records: SiteRecords, fold: int, inner: np.ndarray, *, search: Search, threads: int = 1
) -> tuple[np.ndarray, NetworkChoice]:
    """Choose on the inner folds, retrain on all of them and estimate the scored records.

    Parameters
    ----------
    records : SiteRecords
        Records of all sites.
    fold : int
        Number of the scored fold.
    inner : ndarray of int, shape (record,)
        Inner fold of each record, negative where the record is scored.
    search : Search
        Candidates to choose from.
    threads : int
        Threads of torch and BLAS.

    Returns
    -------
    estimate : ndarray, shape (scored record,)
        Estimated NEE [g m-2 d-1].
    choice : NetworkChoice
        Candidate chosen on the inner folds.
    """
    with limited_threads(threads):
        choice = best_candidate(records, inner, search, fold)
        return ensemble_mean(records, inner < 0, choice, search, fold), choice


def best_candidate(
    records: SiteRecords, inner: np.ndarray, search: Search, fold: int
) -> NetworkChoice:
    """Find the candidate and step with the lowest error on the inner folds of a scored fold."""
    choices = []
    for number, changes in enumerate(search.candidates):
        settings = search.settings.changed(**changes)
        step, error = validation_curve(records, inner, settings, fold)
        best = int(error.argmin())
        choices.append(NetworkChoice(number, int(step[best]), float(error[best])))
    return min(choices, key=lambda choice: choice.error)


def validation_curve(
    records: SiteRecords, inner: np.ndarray, settings: TrainingSettings, fold: int
) -> tuple[np.ndarray, np.ndarray]:
    """Error on the inner folds as a function of the training step.

    Parameters
    ----------
    records : SiteRecords
        Records of all sites.
    inner : ndarray of int, shape (record,)
        Inner fold of each record, negative where the record is scored.
    settings : TrainingSettings
        Settings of the training.
    fold : int
        Number of the scored fold.

    Returns
    -------
    step : ndarray of int, shape (validation,)
        Steps at which the networks were validated.
    error : ndarray, shape (validation,)
        Mean squared error over the judged records of all inner folds [(g m-2 d-1)^2].
    """
    squares: list[np.ndarray] = []
    for held_out in range(inner.max() + 1):
        validation = (inner == held_out) & records.judged
        if not validation.any():
            continue
        training = (inner >= 0) & (inner != held_out)
        history = _trained(records, training, validation, settings, fold).history
        squares.append(validation.sum() * np.array([row["val_l_EC"] for row in history]))
    step = np.array([row["step"] for row in history])
    return step, np.sum(squares, axis=0) / ((inner >= 0) & records.judged).sum()


def ensemble_mean(
    records: SiteRecords, scored: np.ndarray, choice: NetworkChoice, search: Search, fold: int
) -> np.ndarray:
    """Mean estimate of networks trained to the chosen step on all records that are not scored.

    Parameters
    ----------
    records : SiteRecords
        Records of all sites.
    scored : ndarray of bool, shape (record,)
        Which records are scored.
    choice : NetworkChoice
        Options and training length.
    search : Search
        Settings of the training, and number of networks.
    fold : int
        Number of the scored fold.

    Returns
    -------
    ndarray, shape (scored record,)
        Estimated NEE [g m-2 d-1].
    """
    total = np.zeros(scored.sum())
    for number in range(search.n_members):
        # The only validation is the last one, so its records do not affect which state is kept.
        settings = search.settings.changed(
            **search.candidates[choice.candidate],
            steps=choice.step,
            validate_every=choice.step,
            seed=search.settings.seed + 1 + number,
        )
        member = _trained(records, ~scored, ~scored, settings, fold)
        total += member.predict(records.x[scored])
    return total / search.n_members


def _trained(
    records: SiteRecords,
    training: np.ndarray,
    validation: np.ndarray,
    settings: TrainingSettings,
    fold: int,
) -> Member:
    # only these records are passed on, so that a NaN among the scored ones could not stop training
    used = records.rows(training | validation)
    return Training(
        used.x,
        used.y,
        training=training[training | validation],
        validation=validation[training | validation],
        settings=settings,
        fold=fold,
        drivers=records.drivers,
        site=used.site,
        weight=used.weight,
    ).run()
