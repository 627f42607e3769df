"""Settings of the experiments, which run outside the pipeline."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from fluxprod.core.settings import MAX_SEED, Settings, parameter
from fluxprod.evaluation.run.sources import EC, EC_ATM
from fluxprod.networks.settings import LIGHT_USE

Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
LeafSize = Annotated[int, Field(ge=1, le=1_000_000)]
Penalty = Annotated[float, Field(ge=0.0, le=1e12)]


class TowerModel(Settings):
    """A network that `make real-towers` trains, scores and compares."""

    drivers: Literal["table_a2", "daily"] = parameter("Set of drivers", "")
    monthly_sites: bool = parameter(
        "Whether months of sites without daily records are further records of the training", ""
    )
    n_members: int = parameter("Number of networks, whose mean is the estimate", ge=1, le=1000)
    options: list[dict[str, Any]] = parameter(
        "Candidates for the inner folds, each given as changes to the block `train`, whose form is "
        "plain unless they name another",
        "",
        min_length=1,
    )

    @model_validator(mode="after")
    def _light_use_needs_light(self) -> Self:
        if self.drivers != "daily" and LIGHT_USE in [each.get("form") for each in self.options]:
            raise ValueError(f"form {LIGHT_USE} with drivers {self.drivers}, which lack FPAR_SW_IN")
        return self


class RealTowersSettings(Settings):
    """EC and simpler regressions on real towers (``make real-towers``)."""

    weather: Literal["tower", "reanalysis"] = parameter(
        "Weather of the days: the tower's own, or the reanalysis in its table, as on a map", ""
    )
    n_inner_folds: int = parameter(
        "Number of inner folds of the training sites of each scored fold", ge=2, le=100
    )
    batch: int = parameter("Records in a training step", ge=1, le=100_000_000)
    steps: int = parameter("Largest number of training steps", ge=1, le=10_000_000)
    validate_every: int = parameter(
        "Steps between two candidate numbers of steps", ge=1, le=10_000_000
    )
    models: dict[str, TowerModel] = parameter(
        "Networks by name; the first is the one with which the others are compared",
        "",
        min_length=1,
    )
    leaf_sizes: list[LeafSize] = parameter(
        "Candidate leaf sizes of the random forest and of gradient boosting", min_length=1
    )
    n_trees: int = parameter("Number of trees of the random forest", ge=1, le=100_000)
    n_rounds: int = parameter("Number of trees of gradient boosting", ge=1, le=100_000)
    alphas: list[Penalty] = parameter("Candidate penalties of the ridge regression", min_length=1)
    seeds: list[Seed] = parameter("Seeds of the networks and the trees", min_length=1)
    n_bootstrap: int = parameter("Draws of sites for the uncertainty of a score", ge=1, le=100_000)


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
