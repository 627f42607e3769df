"""Kill every stage of a tiny run, resume it, and compare it with an undisturbed run.

``python -m tests.kills --doc docs/operations.md`` does so in two clones of the commit and writes
the results between the markers of the page.
"""

import argparse
import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
import yaml
from dvc.repo import Repo

from fluxprod.writers.product_manifest import entry
from tests.dvc_run import POLL, Run, all_gone, completed, family, repro
from tests.pipeline import ROOT, TINY, update

TARGETS = ("report", "regional_history")
WAYS = ("stage", "dvc", "both")  # what is killed; after a kill of dvc the stage ends by itself
MARKS = "<!-- kills: by make kill-test -->\n", "<!-- end of kills -->"


class Row(NamedTuple):
    """A stage, its undisturbed duration [s], the times of kills [s], and whether bytes agree."""

    stage: str
    duration: float
    moments: list[float]
    equal: bool


def clone(folder: Path) -> Path:
    """Clone the commit, with the parameters of a tiny Earth."""
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    params = yaml.safe_load((folder / "params.yaml").read_text())
    update(params, TINY)
    (folder / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
    return folder


def undisturbed(folder: Path) -> dict[str, float]:
    """Run everything and return the duration of the process of every stage [s]."""
    seen: dict[str, list[float]] = {}
    with repro(folder, *TARGETS) as run:
        while run.popen.poll() is None:
            if found := run.stage():
                now = time.time()
                seen.setdefault(found.name, [found.process.create_time(), now])[1] = now
            time.sleep(POLL)
        assert run.wait() == 0, run.said
    return {stage: last - first for stage, (first, last) in seen.items()}


def kill(folder: Path, stage: str, duration: float, way: str, rng: np.random.Generator) -> float:
    """Kill a stage at a random time, drawn again if the stage has ended by then; return it [s]."""
    words: tuple[str, ...] = ()
    while True:
        moment = rng.uniform(0.0, duration)
        with repro(folder, *words, stage) as run:
            process = run.wait_for(stage)
            if process and _suspended_at(process, process.create_time() + moment):
                _kill_processes(run, process, way)
                return moment
            run.wait()
        words = ("--force", "--single-item")  # its output exists: make it again


def _suspended_at(process: psutil.Process, moment: float) -> bool:
    """Suspend a process at a given time and return whether it was still alive to be killed."""
    with contextlib.suppress(psutil.Error):
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.time() >= moment:
                process.suspend()
                return process.status() != psutil.STATUS_ZOMBIE
            time.sleep(POLL)
    return False


def _kill_processes(run: Run, process: psutil.Process, way: str) -> None:
    """Kill the stage, dvc or both, and check that none of their processes survives."""
    processes = family(process)
    if way == "both":
        run.signal_group(signal.SIGKILL)
    elif way == "stage":
        process.kill()
    else:
        run.popen.kill()
        process.resume()
    assert run.wait() != 0, run.said
    assert all_gone(processes), f"{way} killed, but processes of {process} survive"


def outs(folder: Path) -> dict[str, list[Path]]:
    """Outputs of every stage, by name of the stage."""
    with Repo(str(folder)) as repo:
        return {
            stage.name: [Path(out.fs_path).relative_to(folder) for out in stage.outs]
            for stage in repo.index.stages
        }


def same(one: Path, other: Path, paths: list[Path]) -> bool:
    """Whether files and folders have the same SHA-256 in both clones."""
    return all(entry(one / path) == entry(other / path) for path in paths)


def rows(folder: Path, seed: int) -> Iterator[Row]:
    """Kill the stages of a run one after the other, each once in every way."""
    whole, killed = clone(folder / "whole"), clone(folder / "killed")
    durations, rng = undisturbed(whole), np.random.default_rng(seed)
    outputs = outs(whole)
    assert durations.keys() == outputs.keys()
    for stage, duration in durations.items():
        moments = [kill(killed, stage, duration, way, rng) for way in WAYS]
        completed(killed, stage)
        yield Row(stage, duration, moments, same(whole, killed, outputs[stage]))
    completed(killed, *TARGETS)
    assert same(whole, killed, outputs["product"]), "the products differ"


def table(made: list[Row], seed: int) -> str:
    """Format the rows as Markdown."""
    n_kills, n_equal = sum(len(row.moments) for row in made), sum(row.equal for row in made)
    head = "| stage | undisturbed [s] | " + " | ".join(f"{way} killed at [s]" for way in WAYS)
    lines = [
        f"Seed {seed}: {n_kills} kills of {len(made)} stages, all met alive; SHA-256 of all "
        f"outputs equal for {n_equal} of {len(made)} stages, and of the product at the end.",
        "",
        f"{head} | outputs |",
        f"| --- | ---: | {'---: | ' * len(WAYS)}--- |",
    ]
    for row in made:
        moments = " | ".join(f"{moment:.2f}" for moment in row.moments)
        outcome = "equal" if row.equal else "**differ**"
        lines.append(f"| `{row.stage}` | {row.duration:.1f} | {moments} | {outcome} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--doc", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1, help="seed of the random times")
    arguments = parser.parse_args()
    made = []
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        for row in rows(Path(folder), arguments.seed):
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
            made.append(row)
    before, _, rest = arguments.doc.read_text().partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    arguments.doc.write_text(before + MARKS[0] + table(made, arguments.seed) + MARKS[1] + after)
    if not all(row.equal for row in made):
        sys.exit("outputs differ")


if __name__ == "__main__":
    main()
