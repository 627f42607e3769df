"""Fixtures for the engine, the image and its test environment, and a table of durations."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from container.base_image import ROOT, base_image
from container.engine import LABEL, RUN, SOME_MINUTES, Docker, Outcome, engine, remove_all

IMAGE = f"localhost/fluxprod:test-{RUN}"
# nothing writable but /workspace and /tmp, no network, no capabilities, an unknown user
RESTRICTIONS = {
    "read-only": ("--read-only", "--tmpfs=/tmp"),
    "no network": ("--network=none",),
    "no rights": ("--cap-drop=ALL", "--security-opt=no-new-privileges"),
    "any user": ("--user=4321:8765",),
}
ALL = tuple(word for words in RESTRICTIONS.values() for word in words)
_steps: list[tuple[str, float]] = []


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print the name of a step and record how long it takes."""
    print(f"\n  {name} ...", flush=True)
    start = time.monotonic()
    yield
    _steps.append((name, time.monotonic() - start))


def pytest_configure() -> None:
    """Treat SIGTERM and SIGHUP like Ctrl-C, so that everything is cleaned up."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the duration of each step."""
    terminalreporter.section("time of each step")
    for name, seconds in _steps:
        terminalreporter.write_line(f"{seconds:8.1f} s  {name}")


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A temporary folder with a short path, as required for sockets."""
    path = Path(tempfile.mkdtemp(prefix="fluxprod-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def docker(folder: Path) -> Iterator[Docker]:
    """The engine; labelled containers and volumes are removed at the end."""
    (folder / "engine").mkdir()
    start = time.monotonic()
    with engine(folder / "engine") as docker:
        _steps.append(("engine", time.monotonic() - start))
        try:
            yield docker
        finally:
            remove_all(docker)


@pytest.fixture(scope="session")
def base(docker: Docker, folder: Path) -> Iterator[str]:
    """The base image."""
    with ExitStack() as until_the_end:
        with step("base image"):
            name = until_the_end.enter_context(base_image(docker, folder))
        yield name


@pytest.fixture(scope="session")
def checkout(folder: Path) -> Path:
    """A clone of the commit, with wheels of all packages in build/wheels and untracked secrets."""
    clone, wheels = folder / "clone", ROOT / "build" / "wheels"
    with step("wheels"):
        subprocess.run(["make", "-C", ROOT, "wheels"], check=True, timeout=SOME_MINUTES)
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    shutil.copytree(wheels, clone / "build" / "wheels")
    for name in ("secret.txt", "fluxprod/secret.txt"):  # git does not track them
        (clone / name).write_text("not to be published\n")
    return clone


@pytest.fixture(scope="session")
def build(docker: Docker, base: str, checkout: Path) -> Callable[[str], str]:
    """``build(tag)`` builds the image of the clone and returns the output of the builder."""

    def call(tag: str) -> str:
        arguments = ("--build-arg", f"BASE_IMAGE={base}", "--build-arg", "PIP_NO_INDEX=1")
        how = ("--network=host", "--progress=plain", "--tag", tag)
        return docker("build", *how, *arguments, checkout).text

    return call


@pytest.fixture(scope="session")
def image(docker: Docker, build: Callable[[str], str]) -> Iterator[str]:
    """Name of the image."""
    with step("image"):
        build(IMAGE)
    yield IMAGE
    docker("image", "rm", "--force", IMAGE, ok=False)


@pytest.fixture
def volume(docker: Docker) -> str:
    """Name of an empty volume."""
    return docker("volume", "create", "--label", LABEL).text.strip()


@pytest.fixture
def fluxprod(docker: Docker, image: str, volume: str) -> Callable[..., Outcome]:
    """``fluxprod(words, options)`` runs the image on a volume, by default with all restrictions."""

    def call(
        *words: str,
        options: tuple = ALL,
        ok: bool = True,
        where: object = volume,
        timeout: float = SOME_MINUTES,
    ) -> Outcome:
        how = ("run", "--rm", "--label", LABEL, *options, "--volume", f"{where}:/workspace")
        return docker(*how, image, *words, ok=ok, timeout=timeout)

    return call
