"""Train one member: the network of one fold, for a fixed number of steps, best state kept."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from fluxprod.errors import DataError
from fluxprod.networks.checkpoints import Arrays, history_as_arrays, history_of
from fluxprod.networks.member import Member, Row
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
    terms: dict[str, Term] = {"EC": SiteTerm(learnt, held_out, recipe.batch)}
    if constraint:
        terms["ATM"] = constraint.prepared(scaling, device)
    state, best = TrainingState(terms, scaling, recipe, fold, device), _Best()
    if start:
        state.restore(start)
        best.restore(start)
    for step in range(state.adam.steps + 1, recipe.steps + 1):
        if recipe.patience is not None and best.validations_since > recipe.patience:
            break
        state.advance(step)
        if step % recipe.validate_every == 0 or step == recipe.steps:
            best.offer(row := state.validate(step), state.weights)
            if save:
                save(state.arrays() | best.arrays())
            if report:
                report(row)
    if not best.weights:
        raise DataError(
            "params.yaml",
            "train.learning_rate",
            f"fold {fold} diverged",
            "finite losses",
            "lower it",
        )
    return Member(best.weights, scaling, best.step, best.history)


@dataclass
class _Best:
    """The state with the lowest criterion so far."""

    weights: list[np.ndarray] = field(default_factory=list)
    step: int = 0
    criterion: float = np.inf
    validations_since: int = 0
    history: list[Row] = field(default_factory=list)

    def offer(self, row: Row, weights: list[Tensor]) -> None:
        """Keep the state if it is better: log l_EC + log l_ATM of what is held out."""
        self.history.append(row)
        self.validations_since += 1
        losses = [row[name] for name in ("val_l_EC", "val_l_ATM") if name in row]
        criterion = float(np.log(losses).sum())
        if criterion < self.criterion:
            self.criterion, self.step, self.validations_since = criterion, int(row["step"]), 0
            self.weights = [weight.detach().cpu().numpy().copy() for weight in weights]

    def arrays(self) -> Arrays:
        """History and weights; the rest follows from the history."""
        weights = {f"best_{index}": weight for index, weight in enumerate(self.weights)}
        return history_as_arrays(self.history) | weights

    def restore(self, arrays: Arrays) -> None:
        """Take over what `arrays` gave."""
        for row in history_of(arrays):
            self.offer(row, [])
        n_weights = sum(name.startswith("best_") for name in arrays)
        self.weights = [arrays[f"best_{index}"] for index in range(n_weights)]
