"""Stages of whole Earths beside the pipeline, each in a folder named by all that it is made of.

The folder's name ends in a digest of the stage's code, its parameters and the folders that it
reads. So what is there is what would be made again; what is not there is made, together with what
it needs; and a change of a parameter or of code makes new folders of what it affects alone.
"""

import functools
import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from fluxprod.compute.code import code_of, file_digest, files_of
from fluxprod.core.atomic_output import atomic_output, remove
from fluxprod.core.json_file import write_json
from fluxprod.experiments.stage_files import RECIPES, StageFiles
from fluxprod.params import Compute
from fluxprod.params_file import block

DIGITS = 12  # of a digest


@dataclass(frozen=True)
class Step:
    """One stage of one Earth.

    Parameters
    ----------
    stage : str
    recipe : Recipe
    folder : Path
        Of its outputs; its name says what they are made of.
    blocks : dict of dataclass
        Parameters by keyword.
    reads : dict of Path
        By keyword.
    before : dict of Step
        Steps that make what is read, by keyword; a committed file is made by none.
    """

    stage: str
    recipe: StageFiles
    folder: Path
    blocks: dict[str, Any]
    reads: dict[str, Path]
    before: dict[str, "Step"]

    def output(self, keyword: str) -> Path:
        """Path of one of its outputs."""
        return self.folder / self.recipe.writes[keyword]

    def made_of(self) -> dict[str, Any]:
        """All that its outputs depend on."""
        return {
            "stage": self.stage,
            "parameters": {name: asdict(values) for name, values in self.blocks.items()},
            "reads": {name: _origin(self, name) for name in self.reads},
            "code": stage_code_digest(self.stage, self.recipe.code),
        }


def _origin(step: Step, keyword: str) -> str:
    path = step.reads[keyword]
    if keyword in step.before:
        source = step.before[keyword].folder
        return f"{source.name}/{path.relative_to(source)}"
    return f"{path} {output_digest(path)}"


def planned(
    stage: str, recipes: Mapping[str, StageFiles], params: dict[str, Any], root: Path
) -> Step:
    """The step of a stage and all that it rests on; nothing is run."""
    recipe = recipes[stage]
    reads, before = {}, {}
    for keyword, source in recipe.reads.items():
        origin, _, name = source.partition("/")
        if origin in recipes:
            before[keyword] = planned(origin, recipes, params, root)
            reads[keyword] = before[keyword].folder / name
        else:
            reads[keyword] = Path(source)
    nameless = Step(stage, recipe, root, blocks_of(recipe.main, params), reads, before)
    name = f"{stage}-{digest(json.dumps(nameless.made_of(), sort_keys=True))}"
    return Step(stage, recipe, root / name, nameless.blocks, reads, before)


def blocks_of(main: Callable[..., None], params: dict[str, Any]) -> dict[str, Any]:
    """Blocks that a stage asks for; where it runs is not among them, as it changes no result."""
    kinds = {name: each.annotation for name, each in inspect.signature(main).parameters.items()}
    return {
        name: block(params, kind)
        for name, kind in kinds.items()
        if isinstance(kind, type) and is_dataclass(kind) and kind is not Compute
    }


def lineage(steps: Iterable[Step]) -> list[Step]:
    """Each step once, after all that it rests on."""
    found: dict[Path, Step] = {}
    for step in steps:
        for earlier in lineage(step.before.values()):
            found.setdefault(earlier.folder, earlier)
        found.setdefault(step.folder, step)
    return list(found.values())


def missing_steps(targets: Iterable[Step]) -> list[Step]:
    """Steps to run for the targets, in order: what is absent, and what that needs and is absent."""
    found: dict[Path, Step] = {}
    for target in targets:
        if not target.folder.exists():
            _demand(target, found)
    order = {stage: number for number, stage in enumerate(RECIPES)}
    # raw files are large: all that reads them comes first, then they can go
    return sorted(found.values(), key=lambda step: min(order[step.stage], order["drivers"]))


def _demand(step: Step, found: dict[Path, Step]) -> None:
    if step.folder in found:
        return
    for keyword, source in step.before.items():
        if not step.reads[keyword].exists():
            _demand(source, found)
    found[step.folder] = step


def make(step: Step, compute: Compute) -> None:
    """Run a step; its folder is whole or absent, checkpoints beside it outlast an interruption."""
    asks = inspect.signature(step.recipe.main).parameters
    checkpoints = step.folder.with_name(f"{step.folder.name}.checkpoints")
    offered = {"compute": compute, "checkpoints": checkpoints}
    where = {name: value for name, value in offered.items() if name in asks}
    with atomic_output(step.folder) as beside:
        outputs = {name: beside / file for name, file in step.recipe.writes.items()}
        beside.mkdir(parents=True)
        step.recipe.main(**step.reads, **outputs, **step.blocks, **where)
        write_json(step.made_of(), beside / "made_of.json")
    remove(checkpoints)


def idle_raw(steps: Iterable[Step], to_run: Iterable[Step]) -> set[Path]:
    """Raw folders that none of the steps to run reads or makes."""
    raw = {step.output("raw") for step in steps if step.stage == "synthesize"}
    to_run = list(to_run)
    needed = {path for step in to_run for path in step.reads.values()}
    made = {step.output("raw") for step in to_run if step.stage == "synthesize"}
    return {path for path in raw - made if not any(path in each.parents for each in needed)}


def digest(text: str) -> str:
    """First digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


@functools.cache
def stage_code_digest(stage: str, more: tuple[str, ...]) -> str:
    """Digest of the code of a stage."""
    return digest(" ".join(output_digest(path) for path in code_of(stage, more)))


@functools.cache
def output_digest(path: Path) -> str:
    """Digest of a file, or of all files of a folder with their names."""
    parts = [f"{file.relative_to(path)} {file_digest(file)}" for file in files_of(path)]
    return digest(" ".join(parts))
