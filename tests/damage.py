"""Damage the files between stages of a tiny run, and see what the next stages make of it.

``python -m tests.damage`` makes the run, damages one file after the other, and prints a table.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from dvc.repo import Repo

from fluxprod.writers.product_manifest import entry
from tests.pipeline import TINY, commands, lay_out, run_stage

KINDS = ("lost", "truncated", "bit flipped")
NOTICED, HARMLESS, UNREAD = "refused in one line", "same outputs", "read by no stage"
FINE = {NOTICED, HARMLESS, UNREAD}


class Damage(NamedTuple):
    """A damaged file, the output of a stage to which it belongs, and the kind of damage."""

    output: Path
    file: Path
    kind: str


class Pipeline:
    """A complete run in a folder, with the stages that read each output.

    Parameters
    ----------
    folder : Path
        Folder of the run, as made by `tests.pipeline`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.commands = folder, commands(folder)
        with Repo(str(folder)) as repo:
            self.outs = {s.name: [Path(out.fs_path) for out in s.outs] for s in repo.index.stages}
            self.deps = {s.name: [Path(dep.fs_path) for dep in s.deps] for s in repo.index.stages}
        interim = folder / "data" / "interim"
        self.between = sorted(
            out for outs in self.outs.values() for out in outs if interim in out.parents
        )

    def readers(self, output: Path) -> list[str]:
        """Stages that depend on an output, in the order of the run."""
        return [name for name in self.commands if output in self.deps[name]]

    def outcome(self, damage: Damage, rng: np.random.Generator) -> str:
        """Damage a file; what the stages that read it do. Everything is restored afterwards."""
        names = self.readers(damage.output)
        paths = [damage.output, *(out for name in names for out in self.outs[name])]
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            safe = {path: Path(folder, path.relative_to(self.folder)) for path in paths}
            for path in paths:
                _copy(path, safe[path])
            spoil(damage, rng)
            try:
                return self._outcome(damage, names, safe)
            finally:
                for path in paths:
                    _copy(safe[path], path)

    def _outcome(self, damage: Damage, names: list[str], safe: dict[Path, Path]) -> str:
        """What the first stage that fails says; stages before it must not change their outputs."""
        for name in names:
            said = self._run(name)
            if said is not None:
                named = damage.output.name in said and "\n" not in said
                return NOTICED if named else f"{name} says {said!r}"
            if any(entry(out) != entry(safe[out]) for out in self.outs[name]):
                return f"{name} makes other outputs"
        return HARMLESS if names else UNREAD

    def _run(self, name: str) -> str | None:
        """Run a stage; what it says if it ends with an error."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            try:
                run_stage(self.commands[name], patch)
            except SystemExit as end:
                return str(end.code)
            except Exception as error:
                return f"a traceback:\n{error!r}"
        return None


def _copy(path: Path, to: Path) -> None:
    shutil.rmtree(to, ignore_errors=True)
    to.unlink(missing_ok=True)
    if path.is_dir():
        shutil.copytree(path, to)
    elif path.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, to)


def spoil(damage: Damage, rng: np.random.Generator) -> None:
    """Remove a file, cut it at random, or flip one of its bits."""
    content = bytearray(damage.file.read_bytes())
    if damage.kind == "lost":
        damage.file.unlink()
    elif damage.kind == "truncated":
        damage.file.write_bytes(content[: rng.integers(len(content))])
    else:
        content[rng.integers(len(content))] ^= 1 << rng.integers(8)
        damage.file.write_bytes(content)


def damages(
    folder: Path, n: int, seed: int, names: Collection[str] = ()
) -> Iterator[tuple[Damage, str]]:
    """Damage a random file of each output in turn, or of some by name; yield what comes of it."""
    pipeline, rng = Pipeline(folder), np.random.default_rng(seed)
    outputs = [out for out in pipeline.between if not names or out.name in names]
    for number in range(n):
        output = outputs[number % len(outputs)]
        files = sorted(each for each in output.rglob("*") if each.is_file()) or [output]
        file, kind = files[rng.integers(len(files))], KINDS[rng.integers(len(KINDS))]
        damage = Damage(output, file, kind)
        yield damage, pipeline.outcome(damage, rng)


def table(found: list[tuple[Damage, str]]) -> str:
    """Count the outcomes of each output and kind of damage, as Markdown."""
    counts = Counter((damage.output.name, damage.kind, outcome) for damage, outcome in found)
    lines = ["| output | damage | outcome | n |", "| --- | --- | --- | ---: |"]
    for (output, kind, outcome), n in sorted(counts.items()):
        lines.append(f"| `{output}` | {kind} | {outcome} | {n} |")
    return "\n".join(lines)


def make_run(folder: Path) -> None:
    """Make a complete run of the tiny world in one process, with few steps of training."""
    train = {**TINY["train"], "steps": 40}
    lay_out(folder, {**TINY, "train": train, "compute": {"processes": 1}})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in commands(folder).values():
            run_stage(command, patch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="number of damages")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random damages")
    arguments = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="damage-") as folder:
        make_run(Path(folder))
        for damage, outcome in damages(Path(folder), arguments.n, arguments.seed):
            sys.stdout.write(f"{damage.file.relative_to(folder)}: {damage.kind}: {outcome}\n")
            sys.stdout.flush()
            found.append((damage, outcome))
    sys.stdout.write(f"{table(found)}\n")
    if wrong := [outcome for _, outcome in found if outcome not in FINE]:
        sys.exit(f"{len(wrong)} damages passed or were not refused in one line")


if __name__ == "__main__":
    main()
