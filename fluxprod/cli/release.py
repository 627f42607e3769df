"""``fluxprod release``: commands that assemble a release and publish nothing.

What a command needs is imported when it runs: help texts must not wait for the libraries.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from fluxprod.cli.screen import fail
from fluxprod.core.errors import DataError
from fluxprod.release import pipeline
from fluxprod.release.pipeline import HERE, PRODUCT

app = typer.Typer(no_args_is_help=True)
OUT = Path("release")
OutOption = Annotated[Path, typer.Option("--out", help="Folder that will contain the release.")]
ContainerOption = Annotated[
    str,
    typer.Option(
        "--container-digest",
        metavar="[REGISTRY/NAME@]sha256:DIGEST",
        help="Container image in which the product was made.",
    ),
]
NEXT = """{folder} holds release {version}; its commit and tag exist only here. To publish it:
  git push --follow-tags              # the commit and its tag v{version}
  dvc push                            # the product and all data before it, to the DVC remote
  upload {folder} to the repository that registers the DOI; datacite.json describes it
The DOI must be reserved beforehand and entered in CITATION.cff (preferred-citation: doi).
To undo the release before anything is pushed:
  git tag -d v{version} && git reset --hard HEAD~1 && dvc checkout && rm -r {folder}"""


@app.callback()
def release() -> None:
    """Assemble a release (version, product, tag, RO-Crate) without publishing it.

    The commands that publish it are printed at the end.

    For example:
      fluxprod release prepare 0.2.0
    """


@app.command("prepare")
def prepare_release(
    version: Annotated[str, typer.Argument(help="New version X.Y.Z, above the present one.")],
    released: Annotated[
        str, typer.Option("--date", help="Date as YYYY-MM-DD; the default is today.")
    ] = "",
    out: OutOption = OUT,
    container: ContainerOption = "",
) -> None:
    """Raise the version everywhere, build and verify the product, commit, tag and assemble it.

    If it is repeated after a failure, it continues where it stopped.

    For example:
      fluxprod release prepare 0.2.0
      make release VERSION=0.2.0                 # the same
    """
    from fluxprod.release.crate import check_container
    from fluxprod.release.steps import assemble, prepare

    try:
        check_container(container)
        prepare(HERE, version, released or date.today().isoformat(), pipeline.PIPELINE)
        folder = assemble(HERE, PRODUCT, out, container)
    except DataError as error:
        fail(error)
    print(NEXT.format(folder=folder, version=version))


@app.command()
def crate(
    product: Annotated[Path, typer.Argument(help="Folder of the product.")] = PRODUCT,
    out: OutOption = OUT,
    container: ContainerOption = "",
) -> None:
    """Assemble a folder of the product, CITATION.cff and their RO-Crate, using hard links.

    All changes must be committed, because the crate names its commit.

    For example:
      fluxprod release crate data/product --out release
    """
    from fluxprod.release.git import check_clean, head_commit
    from fluxprod.release.steps import assemble

    try:
        check_clean(HERE)
        pipeline.PIPELINE.verify(product)
        folder = assemble(HERE, product, out, container)
    except DataError as error:
        fail(error)
    print(f"{folder}: made at commit {head_commit(HERE)}")
