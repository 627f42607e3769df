import numpy as np
import pytest

from fluxprod.networks.inner_folds.nested import (
    NetworkChoice,
    Search,
    best_candidate,
    ensemble_mean,
    fold_prediction,
    nested_networks,
    validation_curve,
)
from fluxprod.networks.inner_folds.records import SiteRecords
from fluxprod.networks.settings import TrainingSettings

SETTINGS = TrainingSettings(
    width=8, depth=1, learning_rate=0.03, batch=64, steps=40, validate_every=10, seed=3
)
RNG = np.random.default_rng(5)
X = RNG.normal(size=(120, 3)) * [1.0, 10.0, 0.1] + [0.0, 280.0, 1.0]
Y = 2.0 * X[:, 0] + 0.3 * (X[:, 1] - 280.0)
GROUP = np.arange(120) % 4  # of sites; each is scored once, the other three are inner folds
DRIVERS = ("WAI2", "Rg_VIMSC", "SW_IN_POT")
RECORDS = SiteRecords.alike(X, Y, GROUP, DRIVERS)
INNER = np.stack([np.where(GROUP == f, -1, (GROUP - f) % 4 - 1) for f in range(4)])


PLAIN = {"weight_decay": 0.0}


def search(*candidates, n_members=2):
    return Search(SETTINGS, candidates, n_members)


def test_a_plain_law_is_found_at_unseen_sites():
    parts = nested_networks(RECORDS, INNER, search(PLAIN), threads=1, processes=1)
    estimate = np.empty(120)
    for (values, _), of_fold in zip(parts, INNER):
        estimate[of_fold < 0] = values
    assert ((estimate - Y) ** 2).mean() < 0.1 * Y.var()


def test_scored_records_are_never_looked_at():
    options = search({"weight_decay": 1.0, "driver_noise": 0.2, "site_balance": 0.5})
    hidden = SiteRecords.alike(X, np.where(INNER[1] < 0, np.nan, Y), GROUP, DRIVERS)
    seen, _ = fold_prediction(RECORDS, 1, INNER[1], search=options)
    blind, _ = fold_prediction(hidden, 1, INNER[1], search=options)
    assert np.isfinite(blind).all()
    assert (seen == blind).all()


def test_the_better_candidate_is_chosen():
    """Decay of 30 leaves nothing of the weights: the estimate is near the mean."""
    both = search({"weight_decay": 30.0}, PLAIN)
    choice = best_candidate(RECORDS, INNER[0], both, 0)
    assert choice.candidate == 1
    steps, error = validation_curve(RECORDS, INNER[0], SETTINGS, 0)
    assert choice.error == error.min()
    assert choice.step == steps[error.argmin()]
    assert list(steps) == [10, 20, 30, 40]


def test_error_is_pooled_over_records():
    """A network decayed to nothing errs by the variance about the mean of other folds."""
    nothing = SETTINGS.changed(weight_decay=1 / SETTINGS.learning_rate)  # all weights are zero
    _, error = validation_curve(RECORDS, INNER[0], nothing, 0)
    squares = []
    for held_out in range(3):
        validation = INNER[0] == held_out
        others = (INNER[0] >= 0) & ~validation
        squares.extend((Y[validation] - Y[others].mean()) ** 2)
    assert error[-1] == pytest.approx(np.mean(squares), rel=0.1)


def test_errors_of_records_that_only_train_do_not_count():
    """With a network decayed to nothing, the error is that of the judged records about the mean."""
    judged = np.arange(120) % 3 > 0
    some = SiteRecords(X, Y, GROUP, np.ones(120), judged)
    nothing = SETTINGS.changed(weight_decay=1 / SETTINGS.learning_rate)
    _, error = validation_curve(some, INNER[0], nothing, 0)
    squares = []
    for held_out in range(3):
        validation = (INNER[0] == held_out) & judged
        others = (INNER[0] >= 0) & (INNER[0] != held_out)  # all of them train
        squares.extend((Y[validation] - Y[others].mean()) ** 2)
    assert error[-1] == pytest.approx(np.mean(squares), rel=0.1)


def test_members_differ_and_are_averaged():
    scored, choice = INNER[0] < 0, NetworkChoice(0, 10, 1.0)
    one = ensemble_mean(RECORDS, scored, choice, search(PLAIN, n_members=1), 0)
    two = ensemble_mean(RECORDS, scored, choice, search(PLAIN, n_members=2), 0)
    assert (one != two).all()


def test_processes_change_nothing():
    what = search({"driver_noise": 0.1}, n_members=1)
    alone = list(nested_networks(RECORDS, INNER[:2], what, threads=1, processes=1))
    beside = list(nested_networks(RECORDS, INNER[:2], what, threads=1, processes=2))
    for (values, choice), (others, other) in zip(alone, beside):
        assert (values == others).all()
        assert choice == other
