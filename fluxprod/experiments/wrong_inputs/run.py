"""Try wrong edits of raw files on a small Earth, and list the first place that notices each.

This is not a stage of the pipeline. It makes a small synthetic Earth, edits a copy of one folder of
its raw files at a time, and runs ``fluxprod raw check`` and the stages until one stops or warns. If
none does, EC-ATM is trained, to see how far its global sink moves. Results of earlier calls with
the same code are reused.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.tasks import map_tasks
from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.json_file import write_json
from fluxprod.experiments.stage_files import stages_of
from fluxprod.experiments.steps import (
    Step,
    digest,
    make,
    missing_steps,
    output_digest,
    planned,
)
from fluxprod.experiments.wrong_inputs import (
    climate_edits,
    flux_edits,
    tower_edits,
    vegetation_edits,
)
from fluxprod.experiments.wrong_inputs.page import wrong_inputs_page
from fluxprod.experiments.wrong_inputs.trial import Bench, Trial, mean_sink, tried, warnings_of
from fluxprod.params import changed, read_params
from fluxprod.stages._run import run

EDITS = (*tower_edits.EDITS, *climate_edits.EDITS, *vegetation_edits.EDITS, *flux_edits.EDITS)
SMALL = {  # the Earth of the edits: coarse and short, with a leap year
    "source": "synthetic",
    "worlds.synthetic.resolution": 4.0,
    "worlds.synthetic.first_year": 2003,
    "worlds.synthetic.last_year": 2006,
}
OWN_CODE = (("experiments", "wrong_inputs"), ("inventory",), ("cli",))
UNTOUCHED = (61, 62, 63, 64, 65)  # seeds of Earths on which nothing may stop


class Task(NamedTuple):
    """One edit to try; its result is kept in a file."""

    bench: Bench
    sound: dict[str, Step]
    number: int
    result: Path


def main(*, out: Path, doc: Path, only: str = "", compute: ComputeSettings) -> None:
    params = changed(read_params(), SMALL, "wrong_inputs")
    bench = bench_of(params, out, compute)
    sound = made(bench)
    write_json(params, out / PARAMS_FILE)  # which `fluxprod raw check` reads; JSON is YAML
    alone = bench._replace(compute=compute.changed(processes=1))
    known = digest(" ".join([*(step.folder.name for step in sound.values()), own_code()]))
    tasks = [
        Task(alone, sound, number, out / f"trial-{known}-{number}.json")
        for number, edit in enumerate(EDITS)
        if only in f"{edit.folder}: {edit.mistake}"
    ]
    trials = list(map_tasks(trial_of, tasks, compute, description="wrong edits"))
    warnings = {seed: warnings_about(params, seed, out, compute) for seed in UNTOUCHED}
    with atomic_output(doc) as page:
        text = wrong_inputs_page(trials, mean_sink(sound), warnings)
        page.write_text(text, encoding="utf-8")


def own_code() -> str:
    """Compute the digest of the edits and of `fluxprod raw check`, which no stage runs whole."""
    return " ".join(output_digest(Path("fluxprod", *parts)) for parts in OWN_CODE)


def trial_of(task: Task) -> Trial:
    """Read the result of an earlier trial of the same edit and code, or try it."""
    if not task.result.exists():
        trial = tried(task.bench, EDITS[task.number], task.sound)
        write_json(trial._asdict(), task.result)
    trial = Trial(**json.loads(task.result.read_text(encoding="utf-8")))
    print(
        f"{trial.folder}: {trial.mistake}: {trial.outcome} at {trial.place}: {trial.line}",
        flush=True,
    )
    return trial


def made(bench: Bench, last: str = "forward") -> dict[str, Step]:
    """Run the stages on the raw files as they are, up to the last one."""
    steps = bench.steps(bench.raw)
    for name, step in steps.items():
        if not step.folder.exists():
            make(step, bench.compute)
        if name == last:
            break
    return steps


def bench_of(params: dict[str, Any], out: Path, compute: ComputeSettings) -> Bench:
    """Make the raw files of an Earth, unless they exist."""
    stages = stages_of("ec_atm")
    out.mkdir(parents=True, exist_ok=True)
    step = planned("synthesize", stages, params, out)
    for missing in missing_steps([step]):
        make(missing, compute)
    return Bench(stages, params, step.output("raw"), out, compute)


def warnings_about(
    params: dict[str, Any], seed: int, out: Path, compute: ComputeSettings
) -> list[str]:
    """Warnings about an Earth on which nothing is wrong; a stop raises its error."""
    bench = bench_of(changed(params, {"synthesize.seed": seed}, "wrong_inputs"), out, compute)
    steps = made(bench, "plausibility")
    return [warning.line for warning in warnings_of(steps["plausibility"])]


if __name__ == "__main__":
    run(main)
