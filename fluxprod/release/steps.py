"""The steps of a release, all but its publication.

A release that stopped can be repeated: files that it has already changed count as its own changes,
and an existing commit or tag is not made again.
"""

from pathlib import Path

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.constants import CITATION_FILE, PARAMS_FILE, PROVENANCE_FILE
from fluxprod.core.errors import DataError
from fluxprod.params import read_params
from fluxprod.readers.citation import read_citation, read_software
from fluxprod.readers.provenance import read_provenance
from fluxprod.release.agreement import check_addresses, check_agreement
from fluxprod.release.crate import Release
from fluxprod.release.folder import release_folder
from fluxprod.release.git import (
    changed_paths,
    check_clean,
    committed_text,
    git,
    head_commit,
    tagged_commit,
)
from fluxprod.release.pipeline import PRODUCT, Pipeline
from fluxprod.release.version import PLACES, check_date, check_next, updated_texts
from fluxprod.verify.files.manifest import read_product_manifest

OUTPUTS = ("dvc.lock", "data/evaluation/metrics.json")  # outputs of the run that git tracks


def prepare(root: Path, version: str, released: str, pipeline: Pipeline) -> None:
    """Raise the version, build and verify the product, commit and tag; nothing is pushed.

    Parameters
    ----------
    root : Path
        Root of the repository.
    version : str
        New version, X.Y.Z.
    released : str
        Date of the release, YYYY-MM-DD.
    pipeline : Pipeline
        Functions that build and verify the product.

    Raises
    ------
    DataError
        If something prevents the release; steps that were completed are kept.
    """
    tag, subject = f"v{version}", f"Release {version}"
    if git(root, "log", "-1", "--format=%s").strip() != subject:
        new = _new_texts(root, version, released)
        _write(root, new)
        pipeline.build()
        _check_changes(root, new)
        pipeline.verify(root / PRODUCT)
        check_agreement(root, root / PRODUCT)
        git(root, "add", *new, *(path for path in OUTPUTS if (root / path).exists()))
        git(root, "commit", "--quiet", "-m", subject)
    else:
        pipeline.verify(root / PRODUCT)
    check_clean(root)
    if not tagged_commit(root, tag):
        git(root, "tag", "-a", tag, "-m", subject)
    if (found := tagged_commit(root, tag)) != (head := head_commit(root)):
        raise DataError(root, f"tag {tag}", found, f"the last commit, {head}")


def assemble(root: Path, product: Path, out: Path, container: str = "") -> Path:
    """Assemble the folder of a release.

    Parameters
    ----------
    root : Path
        Root of the repository, without uncommitted changes.
    product : Path
        Folder of the product.
    out : Path
        Folder that will contain the release.
    container : str
        ``[REGISTRY/NAME@]sha256:DIGEST`` of the container image; empty if none was used.

    Returns
    -------
    Path
        The folder of the release.

    Raises
    ------
    DataError
        If there are uncommitted changes, or a file is absent or inconsistent.
    """
    check_clean(root)
    manifest = read_product_manifest(product)
    made_of = root / "data/interim" / manifest.world / PROVENANCE_FILE
    release = Release(
        read_citation(root / CITATION_FILE),
        read_software(root / CITATION_FILE),
        manifest,
        read_provenance(made_of),
        head_commit(root),
        container,
    )
    return release_folder(product, out, release, root / CITATION_FILE, made_of)


def _new_texts(root: Path, version: str, released: str) -> dict[str, str]:
    """New texts of the files that state the version, if nothing prevents the release."""
    if found := tagged_commit(root, f"v{version}"):
        advice = "choose a higher version"
        raise DataError(root, f"tag v{version}", f"one at {found}", "none", advice)

    def read(name: str) -> str:
        return committed_text(root, name)

    check_date(released)
    check_next(version, read)
    check_addresses(root / CITATION_FILE, read_params(root / PARAMS_FILE)["source"])
    pages = git(root, "ls-files", "README.md", "docs/*.md").split()
    pages = [page for page in pages if "/" not in page.removeprefix("docs/")]
    new = updated_texts(read, pages, version, released)
    _check_changes(root, new)
    return new


def _check_changes(root: Path, new: dict[str, str]) -> None:
    """Refuse changes other than those of this release, which an earlier attempt may have left."""
    found = changed_paths(root)
    again = all(_text(root / name) == new[name] for name in PLACES)
    own = {name for name, text in new.items() if _text(root / name) == text}
    own |= set(OUTPUTS) if again else set()
    if foreign := [name for name in found if name not in own]:
        advice = "commit or stash them; git checkout undoes those of an interrupted release"
        raise DataError(root, "changes", ", ".join(foreign), "none", advice)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _write(root: Path, new: dict[str, str]) -> None:
    for name, text in new.items():
        if _text(root / name) == text:
            continue
        with atomic_output(root / name) as path:
            path.write_text(text, encoding="utf-8")
