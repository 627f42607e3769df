"""Train one member: the network of one fold, for a fixed number of steps, best state kept."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch

from fluxprod.errors import DataError
from fluxprod.networks.checkpoints import Arrays, history_as_arrays, history_of
from fluxprod.networks.member import Member, Row, layers
from fluxprod.networks.recipe import Recipe
from fluxprod.networks.scaling import fit_scaling
from fluxprod.networks.site_term import SiteTerm, site_sample
from fluxprod.networks.state import TrainingState
from fluxprod.networks.terms import Term, TermSource

CPU = torch.device("cpu")


def train_member(
    x: np.ndarray,
    y: np.ndarray,
    *,
    training: np.ndarray,
    validation: np.ndarray,
    recipe: Recipe,
    fold: int = 0,
    constraint: TermSource | None = None,
    device: torch.device = CPU,
    report: Callable[[Row], None] | None = None,
    start: Arrays | None = None,
    save: Callable[[Arrays], None] | None = None,
) -> Member:
    """Train the network of one fold.

    The state kept is the one with the lowest sum of the logarithms of the validation losses:
    the sites held out and, under a constraint, what the constraint holds out.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        Observed NEE [g m-2 d-1].
    training, validation : ndarray of int or bool
        Records to train on and to choose the best state by.
    recipe : Recipe
        Network, steps and learning rate.
    fold : int
        Number of the member: with the seed it fixes initial weights and draws, so that EC and
        EC-ATM of a fold start alike and see the same site-days.
    constraint : TermSource, optional
        Second term of the loss; without it the loss is the mean squared error at the sites.
    report : callable, optional
        Called with each row of the history.
    start : dict of ndarray, optional
        A state that ``save`` was given by a run of the same arguments: training goes on from there
        and gives what it would have given without a stop.
    save : callable, optional
        Called with the state after each validation.

    Raises
    ------
    DataError
        If a record has a gap, or no state has finite losses.
    """
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise DataError("site records", "drivers and NEE", "gaps", "finite values")
    scaling = fit_scaling(x[training], y[training])
    learnt = site_sample(x[training], y[training], scaling, device)
    held_out = site_sample(x[validation], y[validation], scaling, device)
    terms: list[Term] = [SiteTerm(learnt, held_out, recipe.batch)]
    if constraint:
        terms.append(constraint.on_device(device).scaled(scaling))
    state, best = TrainingState(terms, scaling, recipe, fold, device), _Best()
    if start:
        state.restore(start)
        best.restore(start)
    for step in range(state.adam.steps + 1, recipe.steps + 1):
        if recipe.patience is not None and best.validations_since > recipe.patience:
            break
        state.advance(step)
        if step % recipe.validate_every == 0 or step == recipe.steps:
            best.offer(row := state.validate(step), state.vector())
            if save:
                save(state.arrays() | best.arrays())
            if report:
                report(row)
    if best.at < 0:
        raise DataError(
            "params.yaml",
            "train.learning_rate",
            f"fold {fold} diverged",
            "finite losses",
            "lower it",
        )
    trail = np.stack(best.trail)
    weights = layers(trail[best.at], state.sizes)
    return Member(weights, scaling, best.step, best.history, trail)


@dataclass
class _Best:
    """All validated states, and which of them had the lowest criterion."""

    history: list[Row] = field(default_factory=list)
    trail: list[np.ndarray] = field(default_factory=list)
    at: int = -1
    criterion: float = np.inf

    @property
    def step(self) -> int:
        """At which the best state was."""
        return int(self.history[self.at]["step"])

    @property
    def validations_since(self) -> int:
        """How many states since the best one were worse."""
        return len(self.history) - 1 - self.at

    def offer(self, row: Row, weights: np.ndarray) -> None:
        """Judge a state: by log l_EC + log l_ATM of what is held out."""
        self.history.append(row)
        self.trail.append(weights)
        losses = [row[name] for name in ("val_l_EC", "val_l_ATM") if name in row]
        criterion = float(np.log(losses).sum())
        if criterion < self.criterion:
            self.criterion, self.at = criterion, len(self.history) - 1

    def arrays(self) -> Arrays:
        """History and weights at each validation; the rest follows from them."""
        return history_as_arrays(self.history) | {"trail": np.stack(self.trail)}

    def restore(self, arrays: Arrays) -> None:
        """Take over what `arrays` gave."""
        for row, weights in zip(history_of(arrays), arrays["trail"], strict=True):
            self.offer(row, weights)
