"""``fluxprod release``: commands that put a release together and publish nothing."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from fluxprod.cli.screen import fail
from fluxprod.core.errors import DataError
from fluxprod.release.crate import check_container
from fluxprod.release.git import check_clean, head
from fluxprod.release.steps import PRODUCT, Chain, assemble, prepare

app = typer.Typer(
    no_args_is_help=True,
    help="Put a release together: version, product, tag, RO-Crate. Nothing is published.",
)
HERE = Path()
OUT = Path("release")
TARGETS = ("report", "regional_history")  # of the whole run, as `make product` has them
Out = Annotated[Path, typer.Option(help="Folder in which the release is put together.")]
Container = Annotated[
    str,
    typer.Option(
        "--container-digest",
        metavar="[REGISTRY/NAME@]sha256:DIGEST",
        help="Image in which the run was.",
    ),
]
NEXT = """{folder} holds release {version}; commit and tag are local. To publish:
  git push --follow-tags              # the commit and its tag v{version}
  dvc push                            # the product and all before it, to the DVC remote
  upload {folder} to the repository that registers the DOI; datacite.json describes it
A DOI has to be reserved before, and stand in CITATION.cff (preferred-citation: doi).
To undo, as long as nothing is pushed:
  git tag -d v{version} && git reset --hard HEAD~1 && dvc checkout && rm -r {folder}"""


def _build() -> None:
    _call("dvc", "repro", *TARGETS)


def _check(product: Path) -> None:
    check_current(product)
    _call("fluxprod.cli.main", "verify", str(product))


def check_current(product: Path) -> None:
    """Raise a DataError if the folder is not what dvc.lock says of it."""
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


def _call(module: str, *words: str) -> None:
    """Run a command that speaks for itself."""
    if status := subprocess.run([sys.executable, "-m", module, *words], check=False).returncode:
        raise DataError(HERE, f"{module} {words[0]}", f"exit status {status}", "success")


CHAIN = Chain(_build, _check)


@app.command("prepare")
def prepare_release(
    version: Annotated[str, typer.Argument(help="X.Y.Z, above the present one.")],
    released: Annotated[str, typer.Option("--date", help="YYYY-MM-DD; by default today.")] = "",
    out: Out = OUT,
    container: Container = "",
) -> None:
    """Raise the version everywhere, make and check the product, commit, tag, assemble.

    Asked for again after a failure, it goes on.

    For example:
      make release VERSION=0.2.0
    """
    try:
        check_container(container)
        prepare(HERE, version, released or date.today().isoformat(), CHAIN)
        folder = assemble(HERE, PRODUCT, out, container)
    except DataError as error:
        fail(error)
    print(NEXT.format(folder=folder, version=version))


@app.command()
def crate(
    product: Annotated[Path, typer.Argument(help="Folder of the product.")] = PRODUCT,
    out: Out = OUT,
    container: Container = "",
) -> None:
    """Put the product, CITATION.cff and their RO-Crate into a folder, by hard links.

    The tree has to be clean: the crate names its commit.

    For example:
      fluxprod release crate data/product --out release
    """
    try:
        check_clean(HERE)
        CHAIN.check(product)
        folder = assemble(HERE, product, out, container)
    except DataError as error:
        fail(error)
    print(f"{folder}: made at commit {head(HERE)}")
