"""Compare models on whole synthetic Earths with new seeds, and write docs/study.md.

This is not a stage of the pipeline. It runs the stages, each once for all models that share it.
Results of earlier calls are reused, so an interrupted study resumes where it stopped. The block
``study`` may be in a file of its own.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.atomic_output import atomic_output, remove
from fluxprod.core.constants import TRUTH_FILE
from fluxprod.core.errors import DataError
from fluxprod.core.world import World
from fluxprod.evaluation.study import page as study_page
from fluxprod.evaluation.study import scores as study_scores
from fluxprod.evaluation.tables.sinks import regional_annual
from fluxprod.experiments.settings import StudySettings
from fluxprod.experiments.stage_files import stages_of
from fluxprod.experiments.steps import Step, idle_raw, lineage, make, missing_steps, planned
from fluxprod.networks.settings import TrainingSettings
from fluxprod.params import block, changed, read_params
from fluxprod.product.gridding import on_grid
from fluxprod.readers.interim import read_interim
from fluxprod.stages._run import run
from fluxprod.towers.settings import TowerSettings
from fluxprod.writers.csv_table import write_table

DECIMALS = study_scores.DECIMALS


class Model(NamedTuple):
    """A variant with a set of drivers on the Earth of a seed, and the steps that it takes."""

    seed: int
    drivers: str
    variant: str
    steps: dict[str, Step]

    @property
    def name(self) -> str:
        """Name of the model in file names."""
        return f"{self.seed}_{self.drivers}_{self.variant}"


def main(
    *,
    study: Path,
    out: Path,
    doc: Path,
    only: str = "",
    variants: str = "",
    compute: ComputeSettings,
) -> None:
    params = read_params() | {"source": "synthetic"}
    plan: StudySettings = block(read_params(study), StudySettings, study)
    seeds = [int(text) for text in _chosen(study, "seeds", plan.seeds, only)]
    names = _chosen(study, "variants", list(plan.variants), variants)
    if plan.reference not in names:  # all others are compared with it
        names.insert(0, plan.reference)
    models = [model for seed in seeds for model in planned_models(plan, params, seed, names, out)]
    run_models(models, compute)
    tables = [scored_models(model, out / "scores") for model in models]
    scores = pd.concat([pd.DataFrame([row]) for row, _ in tables], ignore_index=True)
    regional = pd.concat([table for _, table in tables], ignore_index=True)
    compared = study_scores.compared_with_reference(scores, regional, plan.reference)
    write_table(compared.round(DECIMALS), out / "scores.csv")
    text = study_page.study_page(study_page_of(plan, params, names), compared)
    with atomic_output(doc) as page:
        page.write_text(text, encoding="utf-8")


def _chosen(study: Path, what: str, known: list, asked: str) -> list[str]:
    """Split a list of names at commas; an empty list means all known names."""
    names = [name.strip() for name in asked.split(",") if name.strip()]
    if unknown := sorted(set(names) - set(map(str, known))):
        raise DataError(study, f"study.{what}", unknown, known)
    return names or list(map(str, known))


def planned_models(
    plan: StudySettings, params: dict[str, Any], seed: int, names: list[str], out: Path
) -> Iterator[Model]:
    """Plan the models of one Earth, without running any.

    Parameters
    ----------
    plan : StudySettings
        The study.
    params : dict
        Parameters, as from `read_params`.
    seed : int
        Seed of the Earth.
    names : list of str
        Variants to include.
    out : Path
        Folder of all results.

    Yields
    ------
    Model
    """
    of_seed = changed(params, {"synthesize.seed": seed}, "study.seeds")
    for drivers, of_drivers in plan.drivers.items():
        of_set = changed(of_seed, of_drivers, f"study.drivers.{drivers}")
        for variant in [name for name in plan.variants_under(drivers) if name in names]:
            own = changed(of_set, plan.variants[variant], f"study.variants.{variant}")
            stages = stages_of("ec" if variant in plan.unconstrained else "ec_atm")
            ends = [
                planned(stage, stages, own, out / f"seed_{seed}")
                for stage in ("inversions", "forward")  # EC is also scored against inversions
            ]
            yield Model(seed, drivers, variant, {step.stage: step for step in lineage(ends)})


def run_models(models: list[Model], compute: ComputeSettings) -> None:
    """Run missing steps, one Earth at a time, and remove raw files that are no longer needed."""
    earths: dict[int, list[Model]] = {}
    for model in models:
        earths.setdefault(model.seed, []).append(model)
    to_run = {seed: missing_steps(_steps(of_seed)) for seed, of_seed in earths.items()}
    left = sum(map(len, to_run.values()))
    print(f"study: {len(models)} models, {left} steps to run", flush=True)
    for seed, steps in to_run.items():
        known = _steps(earths[seed])
        for number, step in enumerate(steps, start=1):
            start = time.monotonic()
            make(step, compute)
            _remove_raw(known, steps[number:])
            left -= 1
            what = f"{step.stage} {_users(step, earths[seed])}"
            took = time.monotonic() - start
            print(f"study: seed {seed}, {what}: {took:.1f} s, {left} left", flush=True)
        _remove_raw(known, [])


def _steps(models: list[Model]) -> list[Step]:
    return [step for model in models for step in model.steps.values()]


def _remove_raw(known: list[Step], to_run: list[Step]) -> None:
    for raw in idle_raw(known, to_run):
        remove(raw)


def _users(step: Step, models: list[Model]) -> str:
    own = [(model, model.steps.get(step.stage)) for model in models]
    users = [
        f"{m.drivers} {m.variant}" for m, found in own if found and found.folder == step.folder
    ]
    return f"of {users[0]}" if len(users) == 1 else f"of {len(users)} models"


def scored_models(model: Model, out: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    """Score one model and write its tables; return its row of scores, and its regional scores."""
    land = read_interim(model.steps["geography"].output("geography"))
    earth = study_scores.StudiedEarth(
        truth=read_interim(model.steps["synthesize"].output("truth") / TRUTH_FILE),
        inversions=read_interim(model.steps["inversions"].output("regional")),
        land=land,
    )
    estimate = read_interim(model.steps["forward"].output("totals"))
    totals = study_scores.study_totals(earth, estimate.NEE)
    own = {"seed": model.seed, "drivers": model.drivers, "variant": model.variant}
    row = own | study_scores.sink_scores(totals) | _site_scores(model)
    if "bridge" in model.steps:
        bridge = read_interim(model.steps["bridge"].output("bridge"))
        density = on_grid(estimate.NEE_mean, land.lat, land.lon)
        row |= study_scores.bridge_scores(bridge, density, totals, land)
    else:
        row |= study_scores.NO_BRIDGE
    regional = study_scores.regional_scores(totals)
    write_table(pd.DataFrame([row]).round(DECIMALS), out / f"{model.name}.csv")
    write_table(regional, out / f"{model.name}_regions.csv")
    write_table(regional_annual(totals), out / f"{model.name}_annual.csv")
    return row, regional.assign(seed=model.seed, drivers=model.drivers, variant=model.variant)


def _site_scores(model: Model) -> dict[str, float]:
    sites = read_interim(model.steps["drivers"].output("sites"))
    estimate = read_interim(model.steps["train"].output("predictions"))
    return study_scores.study_site_scores(sites, estimate.NEE_hat)


def study_page_of(
    plan: StudySettings, params: dict[str, Any], names: list[str]
) -> study_page.Study:
    """Describe the study for its page."""
    world, train = block(params, World), block(params, TrainingSettings)
    towers = block(params, TowerSettings)
    facts = (
        f"Grid: {world.resolution:g} degrees. Years: {world.first_year} to {world.last_year}. "
        f"Folds: {towers.n_folds}. Steps: {train.steps}."
    )
    without = dict.fromkeys(plan.unconstrained, "without regions")
    return study_page.Study(
        named=plan.named,
        note=plan.note,
        reference=plan.reference,
        facts=facts,
        variants={name: _in_words(plan.variants[name], without.get(name)) for name in names},
        drivers={name: _in_words(values) for name, values in plan.drivers.items()},
    )


def _in_words(changes: dict[str, Any], besides: str | None = None) -> str:
    parts = [besides] if besides else []
    for name, value in changes.items():
        parts.append(f"`{name}: {str(value).lower() if isinstance(value, bool) else value}`")
    return ", ".join(parts) or "as it stands"


if __name__ == "__main__":
    run(main)
