"""The long steps of a release, run as commands: build the product and verify it."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fluxprod.core.errors import DataError

HERE = Path()
PRODUCT = Path("data/product")
TARGETS = ("report", "regional_history")  # stages of the whole run, as in `make product`


@dataclass(frozen=True)
class Pipeline:
    """Functions that build the product and verify it; tests replace them.

    Parameters
    ----------
    build : callable
        Makes the product and its evaluation.
    verify : callable
        Takes the folder of the product, and raises a DataError if it is not the product of this
        commit or is broken.
    """

    build: Callable[[], None]
    verify: Callable[[Path], None]


def check_current(product: Path) -> None:
    """Compare the product with ``dvc.lock``.

    Raises
    ------
    DataError
        If the folder is not what ``dvc.lock`` records.
    """
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "status", "--json", "--with-deps", str(product)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or done.stdout.strip() != "{}":
        found = done.stdout.strip() or done.stderr.strip()
        advice = "run dvc repro and commit dvc.lock"
        raise DataError(product, "dvc status", found, "the product of this commit", advice)


def _build() -> None:
    _run("dvc", "repro", *TARGETS)


def _verify(product: Path) -> None:
    check_current(product)
    _run("fluxprod.cli.main", "verify", str(product))


def _run(module: str, *words: str) -> None:
    """Run a command whose output the user sees."""
    if status := subprocess.run([sys.executable, "-m", module, *words], check=False).returncode:
        raise DataError(HERE, f"{module} {words[0]}", f"exit status {status}", "success")


PIPELINE = Pipeline(_build, _verify)
