"""Train one member: the network of one fold, for a fixed number of steps, best state kept."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from fluxprod.networks.adam import Adam
from fluxprod.networks.constraint import Constraint, ConstraintSource
from fluxprod.networks.loss import LOG_VARIANCE_BOUND, site_loss, total_loss
from fluxprod.networks.member import Member, Row
from fluxprod.networks.mlp import initial_weights, layer_sizes, network, predict
from fluxprod.networks.random_streams import CONSTRAINT, INITIAL_WEIGHTS, SITE_DAYS, stream
from fluxprod.networks.recipe import Recipe
from fluxprod.networks.scaling import Scaling, fit_scaling

CPU = torch.device("cpu")


def train_member(
    x: np.ndarray,
    y: np.ndarray,
    *,
    training: np.ndarray,
    validation: np.ndarray,
    recipe: Recipe,
    fold: int = 0,
    constraint: ConstraintSource | None = None,
    device: torch.device = CPU,
    report: Callable[[Row], None] | None = None,
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
    constraint : ConstraintSource, optional
        Second term of the loss; without it the loss is the mean squared error at the sites.
    report : callable, optional
        Called with each row of the history.
    """
    scaling = fit_scaling(x[training], y[training])
    records = _Records(*(
        torch.from_numpy(array).to(device)
        for rows in (training, validation)
        for array in (scaling.scaled(x[rows]), y[rows].astype(np.float32))
    ))  # fmt: skip
    term = constraint.prepared(scaling, device) if constraint else None
    state = _State(records, scaling, recipe, fold, term)
    best = _Best()
    for step in range(1, recipe.steps + 1):
        state.advance(step)
        if step % recipe.validate_every == 0 or step == recipe.steps:
            best.offer(row := state.validate(step), state.weights)
            if report:
                report(row)
            if recipe.patience is not None and best.validations_since > recipe.patience:
                break
    return Member(best.weights, scaling, best.step, best.history)


@dataclass
class _Records:
    """Site-days on the device: scaled drivers and NEE [g m-2 d-1]."""

    x: Tensor
    y: Tensor
    x_validation: Tensor
    y_validation: Tensor

    def draw(self, batch: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        if batch >= len(self.x):
            return self.x, self.y
        index = torch.from_numpy(rng.integers(len(self.x), size=batch)).to(self.x.device)
        return self.x.index_select(0, index), self.y.index_select(0, index)


class _State:
    """Network, learned variances and optimiser in the course of training."""

    def __init__(
        self,
        records: _Records,
        scaling: Scaling,
        recipe: Recipe,
        fold: int,
        constraint: Constraint | None,
    ) -> None:
        self.records, self.recipe, self.fold, self.constraint = records, recipe, fold, constraint
        self.y_mean, self.y_std = scaling.y_mean, scaling.y_std
        device = records.x.device
        sizes = layer_sizes(records.x.shape[1], recipe.width, recipe.depth)
        drawn = initial_weights(sizes, stream(recipe.seed, fold, INITIAL_WEIGHTS))
        self.weights = [torch.tensor(weight, device=device, requires_grad=True) for weight in drawn]
        self.names = ("EC", "ATM") if constraint else ("EC",)
        self.log_variance = torch.zeros(len(self.names), device=device, requires_grad=True)
        self.since_validation: list[Tensor] = []
        decay = [recipe.weight_decay] * len(self.weights) + [0.0]  # none of the variances
        self.adam = Adam([*self.weights, self.log_variance], recipe.learning_rate, decay)

    def nee(self, x: Tensor) -> Tensor:
        """NEE [g m-2 d-1], differentiable."""
        return network(x, self.weights) * self.y_std + self.y_mean

    def advance(self, step: int) -> None:
        """One step of Adam on Eq. 11."""
        seed, fold = self.recipe.seed, self.fold
        x, y = self.records.draw(self.recipe.batch, stream(seed, fold, SITE_DAYS, step))
        losses = [site_loss(self.nee(x), y)]
        if self.constraint:
            sample = self.constraint.draw(stream(seed, fold, CONSTRAINT, step))
            losses.append(sample.loss(self.nee(sample.x)))
        terms = torch.stack(losses)
        self.adam.zero_slope()
        total_loss(terms, self.log_variance).backward()
        self.adam.step()
        with torch.no_grad():
            self.log_variance.clamp_(-LOG_VARIANCE_BOUND, LOG_VARIANCE_BOUND)
        self.since_validation.append(terms.detach())

    def validate(self, step: int) -> Row:
        """Losses on what is held out, beside the mean training losses since the last time."""
        trained = torch.stack(self.since_validation).mean(0).tolist()
        self.since_validation.clear()
        row: Row = {"fold": self.fold, "step": step}
        row |= {f"l_{name}": loss for name, loss in zip(self.names, trained, strict=True)}
        row |= {f"s_{name}": s for name, s in zip(self.names, self.log_variance.tolist())}
        estimate = predict(self.records.x_validation, self.weights) * self.y_std + self.y_mean
        row["val_l_EC"] = float(site_loss(estimate, self.records.y_validation))
        return row | self._held_out_terms()

    def _held_out_terms(self) -> Row:
        """Means over the constraint's held-out samples of its loss and regional terms."""
        rows: list[Row] = []
        for sample in self.constraint.held_out() if self.constraint else ():
            estimate = predict(sample.x, self.weights) * self.y_std + self.y_mean
            rows.append({"val_l_ATM": float(sample.loss(estimate)), **sample.diagnostics(estimate)})
        return {name: float(np.mean([row[name] for row in rows])) for name in (rows or [{}])[0]}


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
        losses = [loss for name, loss in row.items() if name in ("val_l_EC", "val_l_ATM")]
        criterion = float(np.log(losses).sum())
        if criterion < self.criterion:
            self.criterion, self.step, self.validations_since = criterion, int(row["step"]), 0
            self.weights = [weight.detach().cpu().numpy().copy() for weight in weights]
