"""Stages of whole Earths outside the pipeline, each in a folder named after all its inputs.

The folder's name ends in a digest of the stage's code, its parameters and its inputs. An existing
folder therefore holds what the stage would produce again, only missing folders and their inputs are
made, and a change to parameters or code affects only the stages that depend on it.
"""

import functools
import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluxprod.compute.settings import ComputeSettings
from fluxprod.compute.workers.code import file_digest, files_in, stage_code
from fluxprod.core.atomic_output import atomic_output, remove
from fluxprod.core.json_file import write_json
from fluxprod.core.settings import Settings
from fluxprod.experiments.stage_files import CHAIN, StageFiles
from fluxprod.params import block

DIGITS = 12  # length of a digest


@dataclass(frozen=True)
class Step:
    """One stage of one Earth.

    Parameters
    ----------
    stage : str
        Name of the stage.
    files : StageFiles
        The stage's function, inputs and outputs.
    folder : Path
        Folder of the outputs, whose name contains a digest of what they depend on.
    blocks : dict of str to Settings
        Settings by keyword.
    reads : dict of str to Path
        Inputs by keyword.
    before : dict of str to Step
        Steps that make the inputs, by keyword; committed files have none.
    """

    stage: str
    files: StageFiles
    folder: Path
    blocks: dict[str, Any]
    reads: dict[str, Path]
    before: dict[str, "Step"]

    def output(self, keyword: str) -> Path:
        """Path of one output."""
        return self.folder / self.files.writes[keyword]

    def made_of(self) -> dict[str, Any]:
        """Collect everything on which the outputs depend."""
        return {
            "stage": self.stage,
            "parameters": {name: values.model_dump() for name, values in self.blocks.items()},
            "reads": {name: _origin(self, name) for name in self.reads},
            "flags": dict(self.files.flags),
            "code": stage_code_digest(self.stage, self.files.code),
        }


def _origin(step: Step, keyword: str) -> str:
    path = step.reads[keyword]
    if keyword in step.before:
        source = step.before[keyword].folder
        return f"{source.name}/{path.relative_to(source)}"
    return f"{path} {output_digest(path)}"


def planned(
    stage: str, stages: Mapping[str, StageFiles], params: dict[str, Any], root: Path
) -> Step:
    """Plan the step of a stage and all steps before it, without running any.

    Parameters
    ----------
    stage : str
        Name of the stage.
    stages : mapping of str to StageFiles
        All stages.
    params : dict
        Parameters, as from `read_params`.
    root : Path
        Folder that contains the folders of the steps.
    """
    files = stages[stage]
    reads, before = {}, {}
    for keyword, source in files.reads.items():
        origin, _, name = source.partition("/")
        if origin in stages:
            before[keyword] = planned(origin, stages, params, root)
            reads[keyword] = before[keyword].folder / name
        else:
            reads[keyword] = Path(source)
    nameless = Step(stage, files, root, blocks_of(files.main, params), reads, before)
    name = f"{stage}-{digest(json.dumps(nameless.made_of(), sort_keys=True))}"
    return Step(stage, files, root / name, nameless.blocks, reads, before)


def blocks_of(main: Callable[..., None], params: dict[str, Any]) -> dict[str, Any]:
    """Fill the settings of a stage, except ``compute``, which changes no result."""
    kinds = {name: each.annotation for name, each in inspect.signature(main).parameters.items()}
    return {
        name: block(params, kind)
        for name, kind in kinds.items()
        if isinstance(kind, type) and issubclass(kind, Settings) and kind is not ComputeSettings
    }


def lineage(steps: Iterable[Step]) -> list[Step]:
    """List the steps and all steps before them, each once and after those it depends on."""
    found: dict[Path, Step] = {}
    for step in steps:
        for earlier in lineage(step.before.values()):
            found.setdefault(earlier.folder, earlier)
        found.setdefault(step.folder, step)
    return list(found.values())


def missing_steps(targets: Iterable[Step]) -> list[Step]:
    """List the steps to run for the targets, in order: missing ones and their missing inputs."""
    found: dict[Path, Step] = {}
    for target in targets:
        if not target.folder.exists():
            _demand(target, found)
    order = {stage: number for number, stage in enumerate(CHAIN)}
    # raw files are large, so the steps that read them come first and they can be removed early
    return sorted(found.values(), key=lambda step: min(order[step.stage], order["drivers"]))


def _demand(step: Step, found: dict[Path, Step]) -> None:
    if step.folder in found:
        return
    for keyword, source in step.before.items():
        if not step.reads[keyword].exists():
            _demand(source, found)
    found[step.folder] = step


def make(step: Step, compute: ComputeSettings) -> None:
    """Run a step; its folder appears only when complete, and checkpoints survive interruptions."""
    keywords = inspect.signature(step.files.main).parameters
    checkpoints = step.folder.with_name(f"{step.folder.name}.checkpoints")
    offered = {"compute": compute, "checkpoints": checkpoints}
    where = {name: value for name, value in offered.items() if name in keywords}
    with atomic_output(step.folder) as folder:
        outputs = {name: folder / file for name, file in step.files.writes.items()}
        folder.mkdir(parents=True)
        step.files.main(**step.reads, **outputs, **step.blocks, **dict(step.files.flags), **where)
        write_json(step.made_of(), folder / "made_of.json")
    remove(checkpoints)


def idle_raw(steps: Iterable[Step], to_run: Iterable[Step]) -> set[Path]:
    """Find the folders of raw files that no step to run reads or makes."""
    raw = {step.output("raw") for step in steps if step.stage == "synthesize"}
    to_run = list(to_run)
    needed = {path for step in to_run for path in step.reads.values()}
    made = {step.output("raw") for step in to_run if step.stage == "synthesize"}
    return {path for path in raw - made if not any(path in each.parents for each in needed)}


def digest(text: str) -> str:
    """Compute the first digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


@functools.cache
def stage_code_digest(stage: str, more: tuple[str, ...]) -> str:
    """Compute the digest of the code of a stage; see `stage_code`."""
    return digest(" ".join(output_digest(path) for path in stage_code(stage, more)))


@functools.cache
def output_digest(path: Path) -> str:
    """Compute the digest of a file, or of all files of a folder and their names."""
    parts = [f"{file.relative_to(path)} {file_digest(file)}" for file in files_in(path)]
    return digest(" ".join(parts))
