"""``dvc repro`` as processes of their own, which tests watch and kill."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.programs import environment

PATIENCE = 600.0  # s, for one run of dvc on a busy machine
GONE_WITHIN = 20.0  # s, for processes whose parent was killed
POLL = 0.005  # s


class Stage(NamedTuple):
    """Name of a stage that runs, and its process."""

    name: str
    process: psutil.Process


class Run:
    """One ``dvc repro``, in a group of its own, whose words go to a file.

    Parameters
    ----------
    folder : Path
    words : str
        Of the command line.
    env : dict, optional
        What else stands in the environment.
    """

    def __init__(self, folder: Path, *words: str, env: dict[str, str] | None = None) -> None:
        home = folder.parent / f"{folder.name}.home"
        home.mkdir(exist_ok=True)
        self.log = home / f"{len(list(home.glob('*.log')))}.log"
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        with self.log.open("w") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "dvc", "repro", "--no-run-cache", *words],
                cwd=folder,
                env={**environment(home), "PATH": path, "SHELL": "/bin/sh", **(env or {})},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """What dvc and its stages have printed."""
        return self.log.read_text()

    def stage(self) -> Stage | None:
        """The stage that runs now."""
        with contextlib.suppress(psutil.Error):
            for child in psutil.Process(self.popen.pid).children(recursive=True):
                words = child.cmdline()
                if words[1:2] == ["-m"] and words[2].startswith("fluxprod.stages."):
                    return Stage(child.environ()["DVC_STAGE"], child)
        return None

    def wait_for(self, name: str) -> psutil.Process | None:
        """Process of a stage once it runs; None if dvc ends without it."""
        until = time.monotonic() + PATIENCE
        while self.popen.poll() is None:
            assert time.monotonic() < until, self.said
            if (found := self.stage()) and found.name == name:
                return found.process
            time.sleep(POLL)
        return None

    def wait(self) -> int:
        """Status of dvc when it has ended."""
        return self.popen.wait(PATIENCE)

    def signal_group(self, number: int) -> None:
        """Send a signal to dvc, the stage and its workers, as far as they live."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, number)


@contextlib.contextmanager
def repro(folder: Path, *words: str, env: dict[str, str] | None = None) -> Iterator[Run]:
    """Run ``dvc repro`` in a folder; nothing of it lives on."""
    run = Run(folder, *words, env=env)
    try:
        yield run
    finally:
        run.signal_group(signal.SIGKILL)
        run.wait()


def completed(folder: Path, *words: str, env: dict[str, str] | None = None) -> str:
    """Run ``dvc repro`` to its end; what it said."""
    with repro(folder, *words, env=env) as run:
        assert run.wait() == 0, run.said
        return run.said


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that came of it."""
    return [process, *process.children(recursive=True)]


def all_gone(processes: list[psutil.Process]) -> bool:
    """Whether they end in time."""
    return psutil.wait_procs(processes, timeout=GONE_WITHIN)[1] == []
