"""One wrong edit taken through the pipeline until something notices it."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import MONTHS
from fluxprod.evaluation.run.totals import GLOBAL
from fluxprod.experiments.stage_files import CHAIN, StageFiles
from fluxprod.experiments.steps import Step, make, planned
from fluxprod.experiments.wrong_inputs.edit import WrongEdit
from fluxprod.readers.findings import read_findings
from fluxprod.readers.interim import read_interim

RAW = "synthesize/raw"  # the folder of raw files, as stages name what they read
STAGES = CHAIN[1:]  # all but synthesize


class Notice(NamedTuple):
    """The first place that notices an edit.

    Parameters
    ----------
    place : str
        ``raw check``, a stage, or ``nothing``.
    outcome : {"stop", "warn", "unseen", "crash"}
        What it does; a crash is an error of a library instead of a message.
    line : str
        What it says.
    """

    place: str
    outcome: str
    line: str


class Trial(NamedTuple):
    """Result of one edit.

    Parameters
    ----------
    folder, mistake : str
        What was wrong, and where.
    place, outcome, line : str
        The first place that noticed it; see `Notice`.
    sink : float or None
        Global sink of EC-ATM, if nothing noticed the edit [PgC yr-1].
    """

    folder: str
    mistake: str
    place: str
    outcome: str
    line: str
    sink: float | None


class Bench(NamedTuple):
    """The world on which edits are tried.

    Parameters
    ----------
    stages : mapping of str to StageFiles
        Stages of the model.
    params : dict
        Parameters of the small world.
    raw : Path
        Its raw files, which are not touched.
    root : Path
        Folder of the steps, and of the copies of raw files.
    compute : ComputeSettings
        Where stages run.
    """

    stages: Mapping[str, StageFiles]
    params: dict[str, Any]
    raw: Path
    root: Path
    compute: ComputeSettings

    def steps(self, raw: Path) -> dict[str, Step]:
        """Plan all stages on a folder of raw files; those on unchanged folders are shared."""
        placed = {
            name: files._replace(reads={key: _place(at, raw) for key, at in files.reads.items()})
            for name, files in self.stages.items()
            if name != "synthesize"
        }
        return {name: planned(name, placed, self.params, self.root) for name in STAGES}


def _place(read: str, raw: Path) -> str:
    if read == RAW or read.startswith(f"{RAW}/"):
        return str((raw / read.removeprefix(RAW).removeprefix("/")).resolve())
    return read


def tried(bench: Bench, edit: WrongEdit, sound: dict[str, Step]) -> Trial:
    """Edit a copy of the raw files, and run stages until one notices.

    Parameters
    ----------
    bench : Bench
        World on which the edit is tried.
    edit : WrongEdit
        Edit to make.
    sound : dict of Step
        The stages on the raw files as they are, which have run.
    """
    raw = Path(tempfile.mkdtemp(prefix="edited-", dir=bench.root)) / "synthetic"
    raw.mkdir()
    for folder in bench.raw.iterdir():
        if folder.name == edit.folder:
            shutil.copytree(folder, raw / folder.name)
        else:
            (raw / folder.name).symlink_to(folder.resolve(), target_is_directory=True)
    edit.apply(raw / edit.folder)
    steps = bench.steps(raw)
    known = {warning.key for warning in warnings_of(sound["plausibility"])}
    notice = _checked(bench, raw) or _run(bench, steps, known)
    sink = mean_sink(steps) if notice.outcome == "unseen" else None
    kept = {step.folder for step in sound.values()}
    for step in steps.values():
        if step.folder not in kept:
            shutil.rmtree(step.folder, ignore_errors=True)
    shutil.rmtree(raw.parent)
    line = notice.line
    for folder in (raw, bench.raw):  # paths of copies are other ones each time
        line = line.replace(str(folder.resolve()), "data/raw/synthetic")
    return Trial(edit.folder, edit.mistake, notice.place, notice.outcome, line, sink)


def _checked(bench: Bench, raw: Path) -> Notice | None:
    """What `fluxprod raw check` says, if the run could not start."""
    command = [
        sys.executable,
        "-m",
        "fluxprod.cli.main",
        "raw",
        "check",
        str(raw.resolve()),
        "--json",
    ]
    done = subprocess.run(command, cwd=bench.root, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return Notice("raw check", "crash", done.stderr.strip().splitlines()[-1])
    faulty = [each for each in found["files"] if not each["readable"]]
    lines = [f"{each['path']}: {line}" for each in faulty for line in each["problems"]]
    lines += [line for each in found["sources"] for line in each["problems"]]
    lines += [f"{each['key']}: {each['missing']}" for each in found["sources"] if each["missing"]]
    return Notice("raw check", "stop", [*lines, "not ready"][0])


def _run(bench: Bench, steps: dict[str, Step], known: set[str]) -> Notice:
    """Run the stages in their order until one stops, or warns of something new."""
    for name, step in steps.items():
        try:
            if not step.folder.exists():
                make(step, bench.compute)
        except DataError as error:
            return Notice(name, "stop", str(error).splitlines()[0])
        except Exception as error:  # the trial is about what users would see
            return Notice(name, "crash", f"{type(error).__name__}: {error}")
        if name == "plausibility":
            new = [warning for warning in warnings_of(step) if warning.key not in known]
            if new:
                return Notice(name, "warn", new[0].line)
    return Notice("nothing", "unseen", "")


class Warned(NamedTuple):
    """A warning about the inputs: its test and subject, and what it says."""

    key: str
    line: str


def warnings_of(plausibility: Step) -> list[Warned]:
    """List the warnings in the findings of a step."""
    table = read_findings(plausibility.output("findings"))
    return [
        Warned(
            f"{row['test']}:{row['subject']}",
            f"{row['test']}: {row['subject']}: found {row['found']}, expected {row['expected']}",
        )
        for row in table[table.outcome == "warn"].to_dict("records")
    ]


def mean_sink(steps: dict[str, Step]) -> float:
    """Mean global NEE of the model [PgC yr-1]."""
    monthly = read_interim(steps["forward"].output("totals")).NEE.sel(region=GLOBAL).mean("member")
    return float(monthly.mean("time") * MONTHS)
