"""Networks whose regularisation and training length are chosen on inner folds by site alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from fluxprod.compute.worker import worker_pool
from fluxprod.networks.inner_folds.noise import noisy_copies
from fluxprod.networks.model.threads import limited_threads
from fluxprod.networks.training.settings import Recipe
from fluxprod.networks.training.training import Training


@dataclass(frozen=True)
class Search:
    """What is chosen from, and how.

    Parameters
    ----------
    recipe : Recipe
        Its ``steps`` is the longest training, its ``validate_every`` the steps between candidates.
    regularisation : list of (float, float)
        Candidates: weight decay, and noise on the drivers in standard deviations.
    n_copies : int
        Noisy copies of the training records.
    n_members : int
        Networks, of other initial weights, whose mean is the estimate.
    """

    recipe: Recipe
    regularisation: list[tuple[float, float]]
    n_copies: int
    n_members: int


@dataclass(frozen=True)
class NetworkChoice:
    """The best candidate on the inner folds of one scored fold.

    Parameters
    ----------
    weight_decay, noise : float
    step : int
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
    x, y : ndarray, shape (record, driver) and (record,)
        Drivers in their units, NEE [g m-2 d-1].
    inner : ndarray of int, shape (fold, record)
        Inner fold of each record, negative where it is scored.
    search : Search
    threads, processes : int
        The result depends on neither.

    Yields
    ------
    estimate : ndarray, shape (scored record,) [g m-2 d-1]
    choice : Choice

    Raises
    ------
    DataError
        If a process dies.
    """
    one = partial(fold_prediction, x, y, search=search, threads=threads)
    if processes == 1:
        yield from map(one, range(len(inner)), inner)
        return
    with worker_pool(min(processes, len(inner))) as pool:
        # no pool.map: it cancels what is left, which Python before 3.11.7 answers with a traceback
        futures = [pool.submit(one, fold, folds) for fold, folds in enumerate(inner)]
        yield from (future.result() for future in futures)


def fold_prediction(
    x: np.ndarray, y: np.ndarray, fold: int, inner: np.ndarray, *, search: Search, threads: int = 1
) -> tuple[np.ndarray, NetworkChoice]:
    """Choose on the inner folds, train anew on all of them, estimate the scored records."""
    with limited_threads(threads):
        choice = chosen(x, y, inner, search, fold)
        return ensemble_mean(x, y, inner < 0, choice, search, fold), choice


def chosen(
    x: np.ndarray, y: np.ndarray, inner: np.ndarray, search: Search, fold: int
) -> NetworkChoice:
    """Candidate and step of the lowest error, pooled over the inner folds."""
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
    """Error on the inner folds in the course of training.

    Returns
    -------
    step, error : ndarray, shape (validation,)
        Mean squared error over the records of all inner folds [(g m-2 d-1)^2].
    """
    weight_decay, noise = candidate
    recipe = replace(search.recipe, weight_decay=weight_decay)
    squares: list[np.ndarray] = []
    for held_out in range(inner.max() + 1):
        validation = inner == held_out
        training = (inner >= 0) & ~validation
        rng = np.random.default_rng([recipe.seed, fold, held_out])
        seen = noisy_copies(x[training], y[training], noise, search.n_copies, rng)
        both = [np.concatenate(pair) for pair in zip(seen, (x[validation], y[validation]))]
        is_seen = np.arange(len(both[1])) < len(seen[1])
        training = Training(*both, training=is_seen, validation=~is_seen, recipe=recipe, fold=fold)
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
    """Mean estimate of networks trained to the chosen step, shape (scored record,) [g m-2 d-1]."""
    total = np.zeros(scored.sum())
    for number in range(search.n_members):
        # One validation, at the end: the last state is kept, on whatever records it is judged.
        recipe = replace(
            search.recipe,
            steps=choice.step,
            validate_every=choice.step,
            weight_decay=choice.weight_decay,
            seed=search.recipe.seed + 1 + number,
        )
        rng = np.random.default_rng([recipe.seed, fold])
        seen = noisy_copies(x[~scored], y[~scored], choice.noise, search.n_copies, rng)
        everything = np.ones(len(seen[1]), bool)
        training = Training(
            *seen, training=everything, validation=everything, recipe=recipe, fold=fold
        )
        total += training.run().predict(x[scored])
    return total / search.n_members
