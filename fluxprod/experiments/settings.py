"""Settings of the experiments, which run outside the pipeline."""

from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from fluxprod.core.settings import MAX_SEED, Settings, parameter, seed_parameter
from fluxprod.evaluation.run.sources import EC, EC_ATM

Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Regularisation = Annotated[
    list[Annotated[float, Field(ge=0.0, le=1000.0)]], Field(min_length=2, max_length=2)
]
LeafSize = Annotated[int, Field(ge=1, le=1_000_000)]
Penalty = Annotated[float, Field(ge=0.0, le=1e12)]


class RealTowersSettings(Settings):
    """EC and simpler regressions on a table of real monthly towers (``make real-towers``)."""

    n_inner_folds: int = parameter(
        "Number of inner folds of the training sites of each scored fold", ge=2, le=100
    )
    paper_steps: int = parameter("Training steps of EC as in the paper", ge=1, le=10_000_000)
    paper_validate_every: int = parameter(
        "Steps between validations of EC as in the paper", ge=1, le=10_000_000
    )
    batch: int = parameter("Site-months in a step of EC with inner folds", ge=1, le=100_000_000)
    steps: int = parameter(
        "Largest number of training steps of EC with inner folds", ge=1, le=10_000_000
    )
    validate_every: int = parameter(
        "Steps between two candidate numbers of steps", ge=1, le=10_000_000
    )
    regularisation: list[Regularisation] = parameter(
        "Candidate pairs of weight decay [1] and noise on the drivers [standard deviations]",
        min_length=1,
    )
    n_noisy_copies: int = parameter("Number of noisy copies of the training records", ge=1, le=1000)
    n_members: int = parameter("Number of networks, whose mean is the estimate", ge=1, le=1000)
    leaf_sizes: list[LeafSize] = parameter(
        "Candidate leaf sizes of the random forest", min_length=1
    )
    n_trees: int = parameter("Number of trees of the random forest", ge=1, le=100_000)
    alphas: list[Penalty] = parameter("Candidate penalties of the ridge regression", min_length=1)
    seed: int = seed_parameter("Seed of the networks and the random forest")


class CoverageSettings(Settings):
    """Synthetic Earths that calibrate the spread, and others that test it (``make coverage``)."""

    calibrate: list[Seed] = parameter(
        "Seeds of the Earths on which the inflation is calibrated", min_length=1
    )
    report: list[Seed] = parameter("Seeds of the Earths on which it is tested", min_length=1)
    models: list[str] = parameter(f"Models to calibrate: {EC_ATM}, or {EC_ATM} and {EC}", "")
    note: str = parameter("Statement of the page about the choice of seeds", "")

    @field_validator("models")
    @classmethod
    def _models_are_known(cls, models: list[str]) -> list[str]:
        if EC_ATM not in models or not set(models) <= {EC_ATM, EC}:
            raise ValueError(f"models {models}, which must be {EC_ATM}, or {EC_ATM} and {EC}")
        return models

    @model_validator(mode="after")
    def _seeds_differ(self) -> Self:
        seeds = [*self.calibrate, *self.report]
        if len(set(seeds)) < len(seeds):
            raise ValueError(f"seeds {seeds}, which must all be different")
        return self


class StudySettings(Settings):
    """Models compared on whole synthetic Earths (``make study``).

    Changes to other blocks are given by dotted name: ``{bridge.method: lasso}``.
    """

    seeds: list[Seed] = parameter("Seeds of the Earths", min_length=1)
    named: str = parameter("Variant under test, which is named before the Earths are run", "")
    note: str = parameter("Statement of the page about the choice of settings", "")
    drivers: dict[str, dict[str, Any]] = parameter(
        "Sets of drivers, each given as changes to other blocks by dotted name", ""
    )
    variants: dict[str, dict[str, Any]] = parameter(
        "Models, each given as changes to other blocks by dotted name", ""
    )
    unconstrained: list[str] = parameter(
        "Variants trained without regions; the first is the reference for all others",
        "",
        min_length=1,
    )
    only_under: dict[str, list[str]] = parameter(
        "Sets of drivers of each variant that does not run under all of them", ""
    )

    @field_validator("seeds")
    @classmethod
    def _seeds_differ(cls, seeds: list[int]) -> list[int]:
        if len(set(seeds)) < len(seeds):
            raise ValueError(f"seeds {seeds}, which must all be different")
        return seeds

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if self.reference in self.only_under:
            raise ValueError(f"{self.reference}, which must run under all sets of drivers")
        named = {self.named, *self.unconstrained, *self.only_under}
        if unknown := sorted(named - set(self.variants)):
            raise ValueError(f"{unknown}, which are not among the variants {sorted(self.variants)}")
        under = {name for names in self.only_under.values() for name in names}
        if unknown := sorted(under - set(self.drivers)):
            raise ValueError(
                f"{unknown}, which are not among the sets of drivers {sorted(self.drivers)}"
            )
        return self

    @property
    def reference(self) -> str:
        """Variant with which all others are compared."""
        return self.unconstrained[0]

    def variants_under(self, drivers: str) -> list[str]:
        """List the variants that run under a set of drivers."""
        return [name for name in self.variants if drivers in self.only_under.get(name, [drivers])]
