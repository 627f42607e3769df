"""The training of members: each for a fixed number of steps, best state kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from fluxprod.core.errors import DataError
from fluxprod.networks.model.member import Member, Row, layers
from fluxprod.networks.model.scaling import fit_scaling
from fluxprod.networks.training.batched_step import advance_together
from fluxprod.networks.training.checkpoints import Arrays, history_as_arrays, history_of
from fluxprod.networks.training.loss_terms import DeviceTerm, Term
from fluxprod.networks.training.settings import Recipe
from fluxprod.networks.training.site_term import SiteTerm, site_sample
from fluxprod.networks.training.state import TrainingState

CPU = torch.device("cpu")


class Training:
    """The network of one fold in the course of its training.

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
    constraint : DeviceTerm, optional
        Second term of the loss; without it the loss is the mean squared error at the sites.
    device : torch.device
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
        If a record has a gap.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray,
        *,
        training: np.ndarray,
        validation: np.ndarray,
        recipe: Recipe,
        fold: int = 0,
        constraint: DeviceTerm | None = None,
        device: torch.device = CPU,
        report: Callable[[Row], None] | None = None,
        start: Arrays | None = None,
        save: Callable[[Arrays], None] | None = None,
    ) -> None:
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise DataError("site records", "drivers and NEE", "gaps", "finite values")
        self.recipe, self.report, self.save = recipe, report, save
        self.scaling = fit_scaling(x[training], y[training])
        learnt = site_sample(x[training], y[training], self.scaling, device)
        held_out = site_sample(x[validation], y[validation], self.scaling, device)
        terms: list[Term] = [SiteTerm(learnt, held_out, recipe.batch)]
        if constraint:
            terms.append(constraint.scaled(self.scaling))
        self.state = TrainingState(terms, self.scaling, recipe, fold, device)
        self.best = _Best()
        if start:
            self.state.restore(start)
            self.best.restore(start)

    @property
    def next_step(self) -> int | None:
        """Number of the step that comes, from 1; None where training has ended."""
        patience, step = self.recipe.patience, self.state.adam.steps + 1
        if patience is not None and self.best.validations_since > patience:
            return None
        return step if step <= self.recipe.steps else None

    def judge(self) -> None:
        """Validate and keep the state, where the recipe says so."""
        step = self.state.adam.steps
        if step % self.recipe.validate_every and step != self.recipe.steps:
            return
        row = self.state.validate(step)
        self.best.offer(row, self.state.vector())
        if self.save:
            self.save(self.state.arrays() | self.best.arrays())
        if self.report:
            self.report(row)

    def run(self) -> Member:
        """Train to the end, alone."""
        while step := self.next_step:
            self.state.advance(step)
            self.judge()
        return self.member()

    def member(self) -> Member:
        """The network at its best.

        Raises
        ------
        DataError
            If no state had finite losses.
        """
        best = self.best
        if best.at < 0:
            raise DataError(
                "params.yaml",
                "train.learning_rate",
                f"fold {self.state.fold} diverged",
                "finite losses",
                "lower it",
            )
        trail = np.stack(best.trail)
        weights = layers(trail[best.at], self.state.sizes)
        return Member(weights, self.scaling, best.step, best.history, trail)


def train_together(trainings: Sequence[Training]) -> list[Member]:
    """Train many networks step by step side by side, on an accelerator; as `Training.run` each.

    Members that go on from later steps wait for the others.
    """
    for step in range(1, trainings[0].recipe.steps + 1):
        here = [training for training in trainings if training.next_step == step]
        if here:
            states = [training.state for training in trainings]
            advance_together(states, step, [training.state for training in here])
        for training in here:
            training.judge()
    return [training.member() for training in trainings]


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
