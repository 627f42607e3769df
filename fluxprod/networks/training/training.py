"""The training of members: a fixed number of steps each, of which the best state is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError
from fluxprod.networks.model.light_use import light_use_of
from fluxprod.networks.model.member import Member, Row, split_layers
from fluxprod.networks.model.scaling import fit_scaling
from fluxprod.networks.settings import LIGHT_USE, TrainingSettings
from fluxprod.networks.training.batched_step import advance_batched
from fluxprod.networks.training.checkpoints import Arrays, history_as_arrays, history_of
from fluxprod.networks.training.loss_terms import DeviceTerm, Term
from fluxprod.networks.training.site_term import (
    SiteTerm,
    chances,
    noise_of_drivers,
    site_sample,
)
from fluxprod.networks.training.state import TrainingState

CPU = torch.device("cpu")


class Training:
    """The training of the network of one fold.

    The state that is kept has the lowest sum of the logarithms of the validation losses: that of
    the held-out sites and, with a constraint, that of the held-out years.

    Parameters
    ----------
    x : ndarray, shape (record, driver)
        Drivers in their units.
    y : ndarray, shape (record,)
        Observed NEE [g m-2 d-1].
    training, validation : ndarray of int or bool
        Records to train on, and records by which the best state is chosen.
    settings : TrainingSettings
        Network, steps and learning rates.
    fold : int
        Number of the member. Together with the seed it determines initial weights and draws, so
        that EC and EC-ATM of a fold start from the same weights and see the same site-days.
    drivers : sequence of str, optional
        Names of the drivers, needed for noise on them and for the form ``light_use``.
    site : ndarray, shape (record,), optional
        Site of each record, needed if ``settings.site_balance`` is not 0.
    weight : ndarray, shape (record,), optional
        Weight of each record in the draws of the steps; by default all weigh the same [1].
    constraint : DeviceTerm, optional
        Second term of the loss; without it the loss is the mean squared error at the sites.
    device : torch.device
        Device on which the network is trained.
    report : callable, optional
        Called with each row of the history.
    start : dict of ndarray, optional
        A state passed to ``save`` by a run with the same arguments. Training resumes from it and
        gives the same result as an uninterrupted run.
    save : callable, optional
        Called with the state after each validation.

    Raises
    ------
    DataError
        If a record has a gap, or the form ``light_use`` lacks a driver.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray,
        *,
        training: np.ndarray,
        validation: np.ndarray,
        settings: TrainingSettings,
        fold: int = 0,
        drivers: Sequence[str] = (),
        site: np.ndarray | None = None,
        weight: np.ndarray | None = None,
        constraint: DeviceTerm | None = None,
        device: torch.device = CPU,
        report: Callable[[Row], None] | None = None,
        start: Arrays | None = None,
        save: Callable[[Arrays], None] | None = None,
    ) -> None:
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise DataError("site records", "drivers and NEE", "gaps", "finite values")
        self.settings, self.report, self.save = settings, report, save
        light_use = light_use_of(drivers) if settings.form == LIGHT_USE else None
        self.scaling = fit_scaling(x[training], y[training], light_use)
        site = np.zeros(len(y), int) if site is None else site
        chance = chances(
            site[training],
            np.ones(len(y))[training] if weight is None else weight[training],
            settings.site_balance,
        )
        trained = site_sample(
            x[training], y[training], self.scaling, device, settings.linear_beyond
        )
        held_out = site_sample(x[validation], y[validation], self.scaling, device)
        noise = noise_of_drivers(
            drivers, seasonal=settings.driver_noise, daily=settings.daily_noise
        )
        assert noise is None or len(noise) == x.shape[1], "noise needs the names of all drivers"
        terms: list[Term] = [SiteTerm(trained, held_out, settings.batch, chance, noise)]
        if constraint:
            terms.append(constraint.scaled(self.scaling))
        self.state = TrainingState(terms, self.scaling, settings, fold, device)
        self.best = _BestState()
        if start:
            self.state.restore(start)
            self.best.restore(start)

    @property
    def next_step(self) -> int | None:
        """Number of the next step, counted from 1; None if training has ended."""
        patience, step = self.settings.patience, self.state.adam.steps + 1
        if patience and self.best.validations_since > patience:
            return None
        return step if step <= self.settings.steps else None

    def validate_if_due(self) -> None:
        """Validate, report and save the state if the settings call for it after this step."""
        step = self.state.adam.steps
        if step % self.settings.validate_every and step != self.settings.steps:
            return
        row = self.state.validate(step)
        self.best.add(row, self.state.vector())
        if self.save:
            self.save(self.state.arrays() | self.best.arrays())
        if self.report:
            self.report(row)

    def run(self) -> Member:
        """Train this member to the end."""
        while step := self.next_step:
            self.state.advance(step)
            self.validate_if_due()
        return self.member()

    def member(self) -> Member:
        """The network in its best state.

        Raises
        ------
        DataError
            If no state had finite losses.
        """
        best = self.best
        if best.index < 0:
            raise DataError(
                PARAMS_FILE,
                "train.learning_rate",
                f"divergence of fold {self.state.fold}",
                "finite losses",
                "lower the learning rate",
            )
        snapshots = np.stack(best.snapshots)
        weights = split_layers(snapshots[best.index], self.state.sizes)
        return Member(weights, self.scaling, best.step, best.history, snapshots)


def train_batched(trainings: Sequence[Training]) -> list[Member]:
    """Train many networks in one batch, on an accelerator; each is trained as by `Training.run`.

    Members that resume from a later step wait for the others.
    """
    for step in range(1, trainings[0].settings.steps + 1):
        moving = [training for training in trainings if training.next_step == step]
        if moving:
            states = [training.state for training in trainings]
            advance_batched(states, step, [training.state for training in moving])
        for training in moving:
            training.validate_if_due()
    return [training.member() for training in trainings]


@dataclass
class _BestState:
    """All validated states, and the index of the one with the lowest criterion."""

    history: list[Row] = field(default_factory=list)
    snapshots: list[np.ndarray] = field(default_factory=list)
    index: int = -1
    criterion: float = np.inf

    @property
    def step(self) -> int:
        """Step of the best state."""
        return int(self.history[self.index]["step"])

    @property
    def validations_since(self) -> int:
        """Number of validations since that of the best state."""
        return len(self.history) - 1 - self.index

    def add(self, row: Row, weights: np.ndarray) -> None:
        """Add a validated state; its criterion is log l_EC + log l_ATM of the held-out data."""
        self.history.append(row)
        self.snapshots.append(weights)
        losses = [row[name] for name in ("val_l_EC", "val_l_ATM") if name in row]
        criterion = float(np.log(losses).sum())
        if criterion < self.criterion:
            self.criterion, self.index = criterion, len(self.history) - 1

    def arrays(self) -> Arrays:
        """History and weights at each validation, which determine all other fields."""
        return history_as_arrays(self.history) | {"snapshots": np.stack(self.snapshots)}

    def restore(self, arrays: Arrays) -> None:
        """Restore the result of `arrays`."""
        for row, weights in zip(history_of(arrays), arrays["snapshots"], strict=True):
            self.add(row, weights)
