"""The stages from the seed of an Earth to the totals of a model, and the files between them.

Commands, files and code are those of ``dvc.yaml``. A stage's outputs are renamed after the keywords
that write them, because each step has a folder of its own.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from fluxprod.core.constants import PIPELINE_FILE
from fluxprod.experiments import forward_totals
from fluxprod.params import read_params

# in the order in which they run: those that read raw files come first
CHAIN = (
    "synthesize", "check_raw", "geography", "towers", "climate", "vegetation", "inversions",
    "bridge", "plausibility", "drivers", "train", "forward",
)  # fmt: skip
FORWARD_CODE = (  # of forward_totals, beyond that of the pipeline's forward run
    "fluxprod/core",
    "fluxprod/evaluation/run",
    "fluxprod/experiments/forward_totals.py",
)


class StageFiles(NamedTuple):
    """A stage, its inputs and its outputs.

    Attributes
    ----------
    main : callable
        Function that runs the stage.
    reads : dict of str to str
        Inputs by keyword of ``main``: STAGE/FILE, or a committed path.
    writes : dict of str to str
        Outputs by keyword of ``main``, as names in the step's folder.
    code : tuple of str
        Code on which the stage depends beyond that listed in ``dvc.yaml``.
    flags : tuple of (str, str)
        Other keywords of ``main``, neither files nor parameters, and their values.
    """

    main: Callable[..., None]
    reads: dict[str, str]
    writes: dict[str, str]
    code: tuple[str, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()


@cache
def stages_of(model: str) -> dict[str, StageFiles]:
    """Read from ``dvc.yaml`` the stages that make a model, ``ec`` or ``ec_atm``, by name."""
    made: dict[str, str] = {}  # STAGE/FILE by path in the pipeline
    stages = {}
    for stage in CHAIN:
        command, deps, outs = _stage(stage, model)
        reads, writes, flags = {}, {}, {}
        for keyword, value in _keywords(command):
            if _lists(outs, value):
                writes[keyword] = keyword + Path(value).suffix
                made[value] = f"{stage}/{writes[keyword]}"
            elif _lists(deps, value):
                reads[keyword] = _origin(value, made)
            elif keyword != "checkpoints":
                flags[keyword] = value
        main = import_module(f"fluxprod.stages.{stage}").main
        stages[stage] = StageFiles(main, reads, writes, flags=tuple(flags.items()))
    totals = StageFiles(
        forward_totals.main, stages["forward"].reads, {"totals": "totals.nc"}, FORWARD_CODE
    )
    return stages | {"forward": totals}


def _stage(name: str, model: str) -> tuple[str, list[str], list[str]]:
    """Command, deps and outs of a stage in ``dvc.yaml``, with their templates filled in."""
    body = read_params(PIPELINE_FILE)["stages"][name]
    items = body.get("foreach")
    values = {"key": model, "item": model}
    if isinstance(items, dict):
        values |= {f"item.{key}": value for key, value in items[model].items()}
    values["source"] = "synthetic"  # last, because other values contain it
    body = body.get("do", body)

    def filled(entry: Any) -> str:
        text = next(iter(entry)) if isinstance(entry, dict) else entry  # PATH: {cache: false}
        for key, value in values.items():
            text = text.replace(f"${{{key}}}", value)
        return str(text)

    deps, outs = ([filled(entry) for entry in body[kind]] for kind in ("deps", "outs"))
    return filled(body["cmd"]), deps, outs


def _keywords(command: str) -> Iterator[tuple[str, str]]:
    """Yield keywords of ``main`` and their values from ``python -m MODULE --KEYWORD VALUE ...``."""
    words = command.split()[3:]
    for flag, value in zip(words[::2], words[1::2], strict=True):
        yield flag.removeprefix("--").replace("-", "_"), value


def _lists(paths: list[str], path: str) -> bool:
    """Whether deps or outs contain a path, or something in it."""
    return any(each == path or each.startswith(f"{path}/") for each in paths)


def _origin(path: str, made: dict[str, str]) -> str:
    """STAGE/FILE of a path in the pipeline, or the path itself if no stage makes it."""
    for known, source in made.items():
        if path == known or path.startswith(f"{known}/"):
            return source + path.removeprefix(known)
    return path
