"""The blocks of ``params.yaml`` for what is beside the pipeline."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RealTowers:
    """EC and plain regressions on a table of real monthly towers; no stage of the pipeline."""

    n_inner_folds: int
    paper_steps: int
    paper_validate_every: int
    batch: int
    steps: int
    validate_every: int
    regularisation: list[list[float]]
    n_noisy_copies: int
    n_members: int
    leaf_sizes: list[int]
    n_trees: int
    alphas: list[float]
    seed: int


@dataclass(frozen=True)
class Coverage:
    """Seeds of Earths that calibrate the spread, and of others that show what it is worth."""

    calibrate: list[int]
    report: list[int]
    models: list[str]
    note: str

    def __post_init__(self) -> None:
        seeds = [*self.calibrate, *self.report]
        if not (self.calibrate and self.report) or len(set(seeds)) < len(seeds):
            raise ValueError(f"seeds {seeds} must be different, some for each of the two uses")
        if "EC-ATM" not in self.models or not set(self.models) <= {"EC-ATM", "EC"}:
            raise ValueError(f"models {self.models} must be EC-ATM, or it and EC")


@dataclass(frozen=True)
class Study:
    """Models compared on whole synthetic Earths; no stage of the pipeline.

    Changes of other blocks are by dotted name: ``{bridge.method: lasso}``.
    """

    seeds: list[int]
    named: str
    note: str
    drivers: dict[str, dict[str, Any]]
    variants: dict[str, dict[str, Any]]
    unconstrained: list[str]
    only_under: dict[str, list[str]]

    def __post_init__(self) -> None:
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"seeds {self.seeds} are none or not all different")
        if not self.unconstrained:
            raise ValueError("unconstrained names no variant to compare with")
        if self.reference in self.only_under:
            raise ValueError(f"{self.reference} must run under all sets of drivers")
        spoken_of = {self.named, *self.unconstrained, *self.only_under}
        if strange := sorted(spoken_of - set(self.variants)):
            raise ValueError(f"{strange} are no variants")
        under = {name for names in self.only_under.values() for name in names}
        if strange := sorted(under - set(self.drivers)):
            raise ValueError(f"{strange} are no sets of drivers")

    @property
    def reference(self) -> str:
        """The variant that others are compared with."""
        return self.unconstrained[0]

    def variants_under(self, drivers: str) -> list[str]:
        """Variants that run under a set of drivers."""
        return [name for name in self.variants if drivers in self.only_under.get(name, [drivers])]
