"""Networks whose regularisation and training length are chosen on inner folds of sites only."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from fluxprod.compute.workers.worker import worker_pool
from fluxprod.networks.inner_folds.noise import noisy_copies
from fluxprod.networks.model.threads import limited_threads
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.training import Training


@dataclass(frozen=True)
class Search:
    """Candidates for the regularisation and the training length, and how they are compared.

    Parameters
    ----------
    settings : TrainingSettings
        ``steps`` is the longest training, ``validate_every`` the interval between the training
        lengths that are compared.
    regularisation : list of (float, float)
        Candidates: weight decay, and noise on the drivers in standard deviations [1].
    n_copies : int
        Number of noisy copies of the training records.
    n_members : int
        Number of networks with different initial weights, whose mean is the estimate.
    """

    settings: TrainingSettings
    regularisation: list[tuple[float, float]]
    n_copies: int
    n_members: int


@dataclass(frozen=True)
class NetworkChoice:
    """The candidate with the lowest error on the inner folds of one scored fold.

    Parameters
    ----------
    weight_decay : float
        Decoupled weight decay [1].
    noise : float
        Noise on the drivers, in standard deviations [1].
    step : int
        Training length in steps.
    error : float
        Mean squared error over all inner folds [(g m-2 d-1)^2].
    """

    weight_decay: float
    noise: float
    step: int
    error: float


def nested_networks(
    x: np.ndarray,
    y: np.ndarray,
    inner: np.ndarray,
    search: Search,
    *,
    threads: int,
    processes: int,
) -> Iterator[tuple[np.ndarray, NetworkChoice]]:
    """Estimate the records of each scored fold in turn, in parallel processes.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
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
    predict_fold = partial(fold_prediction, x, y, search=search, threads=threads)
    if processes == 1:
        yield from map(predict_fold, range(len(inner)), inner)
        return
    with worker_pool(min(processes, len(inner))) as pool:
        # pool.map would cancel the remaining calls, which Python before 3.11.7 ends in a traceback
        futures = [pool.submit(predict_fold, fold, folds) for fold, folds in enumerate(inner)]
        yield from (future.result() for future in futures)


def fold_prediction(
    x: np.ndarray, y: np.ndarray, fold: int, inner: np.ndarray, *, search: Search, threads: int = 1
) -> tuple[np.ndarray, NetworkChoice]:
    """Choose on the inner folds, retrain on all of them and estimate the scored records.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
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
        choice = best_candidate(x, y, inner, search, fold)
        return ensemble_mean(x, y, inner < 0, choice, search, fold), choice


def best_candidate(
    x: np.ndarray, y: np.ndarray, inner: np.ndarray, search: Search, fold: int
) -> NetworkChoice:
    """Candidate and step with the lowest error; the arguments are those of `validation_curve`."""
    choices = []
    for candidate in search.regularisation:
        step, error = validation_curve(x, y, inner, candidate, search, fold)
        best = int(error.argmin())
        choices.append(NetworkChoice(*candidate, int(step[best]), float(error[best])))
    return min(choices, key=lambda choice: choice.error)


def validation_curve(
    x: np.ndarray,
    y: np.ndarray,
    inner: np.ndarray,
    candidate: tuple[float, float],
    search: Search,
    fold: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Error on the inner folds as a function of the training step.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
    inner : ndarray of int, shape (record,)
        Inner fold of each record, negative where the record is scored.
    candidate : tuple of float
        Weight decay, and noise on the drivers in standard deviations [1].
    search : Search
        Settings of the training.
    fold : int
        Number of the scored fold.

    Returns
    -------
    step : ndarray of int, shape (validation,)
        Steps at which the networks were validated.
    error : ndarray, shape (validation,)
        Mean squared error over the records of all inner folds [(g m-2 d-1)^2].
    """
    weight_decay, noise = candidate
    settings = search.settings.changed(weight_decay=weight_decay)
    squares: list[np.ndarray] = []
    for held_out in range(inner.max() + 1):
        validation = inner == held_out
        training = (inner >= 0) & ~validation
        rng = np.random.default_rng([settings.seed, fold, held_out])
        seen = noisy_copies(x[training], y[training], noise, search.n_copies, rng)
        both = [np.concatenate(pair) for pair in zip(seen, (x[validation], y[validation]))]
        is_seen = np.arange(len(both[1])) < len(seen[1])
        training = Training(
            *both, training=is_seen, validation=~is_seen, settings=settings, fold=fold
        )
        history = training.run().history
        squares.append(validation.sum() * np.array([row["val_l_EC"] for row in history]))
    step = np.array([row["step"] for row in history])
    return step, np.sum(squares, axis=0) / (inner >= 0).sum()


def ensemble_mean(
    x: np.ndarray,
    y: np.ndarray,
    scored: np.ndarray,
    choice: NetworkChoice,
    search: Search,
    fold: int,
) -> np.ndarray:
    """Mean estimate of networks trained to the chosen step on all records that are not scored.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        NEE [g m-2 d-1].
    scored : ndarray of bool, shape (record,)
        Which records are scored.
    choice : NetworkChoice
        Regularisation and training length.
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
            steps=choice.step,
            validate_every=choice.step,
            weight_decay=choice.weight_decay,
            seed=search.settings.seed + 1 + number,
        )
        rng = np.random.default_rng([settings.seed, fold])
        seen = noisy_copies(x[~scored], y[~scored], choice.noise, search.n_copies, rng)
        everything = np.ones(len(seen[1]), bool)
        training = Training(
            *seen, training=everything, validation=everything, settings=settings, fold=fold
        )
        total += training.run().predict(x[scored])
    return total / search.n_members
