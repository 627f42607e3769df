"""The steps of a release, up to the one that publishes it.

A release that stopped goes on when it is asked for again: files that it had changed are as it
would change them, a commit or a tag that is there is not made twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.params_file import read_params
from fluxprod.readers.citation import read_citation, read_software
from fluxprod.readers.provenance import read_provenance
from fluxprod.release.agreement import check_agreement, check_slots
from fluxprod.release.crate import CITED, Release
from fluxprod.release.folder import release_folder
from fluxprod.release.git import changes, check_clean, committed, git, head, tagged
from fluxprod.release.version import PLACES, check_date, check_next, texts
from fluxprod.verify.files.manifest import read_product_manifest

PRODUCT = Path("data/product")
OUTPUTS = ("dvc.lock", "data/evaluation/metrics.json")  # of the run, that git holds


@dataclass(frozen=True)
class Chain:
    """What takes long.

    Parameters
    ----------
    make : callable
        Makes the product and its evaluation.
    check : callable
        Raises a DataError if the folder is not the product of this commit, or is broken.
    """

    make: Callable[[], None]
    check: Callable[[Path], None]


def prepare(root: Path, version: str, released: str, chain: Chain) -> None:
    """Raise the version, make and check the product, commit and tag; nothing leaves the machine.

    Raises
    ------
    DataError
        If something stands against the release. What had been done stays.
    """
    tag, subject = f"v{version}", f"Release {version}"
    if git(root, "log", "-1", "--format=%s").strip() != subject:
        new = _checked(root, version, released)
        _write(root, new)
        chain.make()
        _check_changes(root, new)
        chain.check(root / PRODUCT)
        check_agreement(root, root / PRODUCT)
        git(root, "add", *new, *(path for path in OUTPUTS if (root / path).exists()))
        git(root, "commit", "--quiet", "-m", subject)
    else:
        chain.check(root / PRODUCT)
    check_clean(root)
    if not tagged(root, tag):
        git(root, "tag", "-a", tag, "-m", subject)
    if (found := tagged(root, tag)) != head(root):
        raise DataError(root, f"tag {tag}", found, f"the last commit, {head(root)}")


def assemble(root: Path, product: Path, out: Path, container: str = "") -> Path:
    """Put a release together from a clean tree; its folder."""
    check_clean(root)
    manifest = read_product_manifest(product)
    made_of = root / "data/interim" / manifest.world / "provenance.json"
    release = Release(
        read_citation(root / CITED),
        read_software(root / CITED),
        manifest,
        read_provenance(made_of),
        head(root),
        container,
    )
    return release_folder(product, out, release, root / CITED, made_of)


def _checked(root: Path, version: str, released: str) -> dict[str, str]:
    """New text of the files that say the version, if nothing stands against it."""
    if found := tagged(root, f"v{version}"):
        raise DataError(root, f"tag v{version}", f"one at {found}", "none", "take a higher version")

    def read(name: str) -> str:
        return committed(root, name)

    check_date(released)
    check_next(version, read)
    check_slots(root / CITED, read_params(root / "params.yaml")["source"])
    pages = git(root, "ls-files", "README.md", "docs/*.md").split()
    pages = [page for page in pages if "/" not in page.removeprefix("docs/")]
    new = texts(read, pages, version, released)
    _check_changes(root, new)
    return new


def _check_changes(root: Path, new: dict[str, str]) -> None:
    """Refuse changes other than those that a release makes and an earlier try has left."""
    found = changes(root)
    again = all(_text(root / name) == new[name] for name in PLACES)
    own = {name for name, text in new.items() if _text(root / name) == text}
    own |= set(OUTPUTS) if again else set()
    if foreign := [name for name in found if name not in own]:
        advice = "commit or stash them; git checkout undoes what an interrupted release left"
        raise DataError(root, "changes", ", ".join(foreign), "none", advice)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _write(root: Path, new: dict[str, str]) -> None:
    for name, text in new.items():
        if _text(root / name) == text:
            continue
        with atomic_output(root / name) as beside:
            beside.write_text(text, encoding="utf-8")
