"""The code of a stage, as listed in ``dvc.yaml``, and digests of code and other files."""

import hashlib
from functools import cache
from pathlib import Path
from types import ModuleType

import yaml

import fluxprod
from fluxprod.core.constants import PIPELINE_FILE


def stage_code(stage: str, more: tuple[str, ...] = ()) -> list[Path]:
    """List the files and folders of code on which a stage depends, sorted.

    Parameters
    ----------
    stage : str
        Name of the stage in ``dvc.yaml``.
    more : tuple of str
        Paths to add to those that ``dvc.yaml`` lists.

    Returns
    -------
    list of Path
        Paths relative to the repository.
    """
    body = yaml.safe_load(PIPELINE_FILE.read_text())["stages"][stage]
    deps = body.get("do", body)["deps"]
    return [Path(path) for path in sorted({d for d in deps if d.startswith("fluxprod")} | {*more})]


def files_in(path: Path) -> list[Path]:
    """List all files of a folder, sorted and without compiled ones, or the file itself."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [file for file in files if file.is_file() and file.suffix != ".pyc"]


def file_digest(path: Path) -> str:
    """Compute the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def package_sources(package: ModuleType) -> dict[str, bytes]:
    """Read the source of every module of a package, keyed by path relative to the package."""
    (folder,) = map(Path, package.__path__)
    files = sorted(folder.rglob("*.py"))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@cache
def package_digest() -> str:
    """Compute the SHA-256 of all code of fluxprod, as it was at the first call in this process."""
    (folder,) = map(Path, fluxprod.__path__)
    files = sorted(folder.rglob("*.py"))
    lines = "".join(f"{file_digest(file)}  {file.relative_to(folder)}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()
