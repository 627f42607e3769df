"""The code of a stage: files that ``dvc.yaml`` lists for it, and their digests."""

import hashlib
from functools import cache
from pathlib import Path
from types import ModuleType

import fluxprod
from fluxprod.params_file import read_params

PIPELINE = Path("dvc.yaml")  # lists the code of every stage


def code_of(stage: str, more: tuple[str, ...] = ()) -> list[Path]:
    """Files and folders of code that ``dvc.yaml`` lists for a stage, and more."""
    body = read_params(PIPELINE)["stages"][stage]
    deps = body.get("do", body)["deps"]
    return [Path(path) for path in sorted({d for d in deps if d.startswith("fluxprod")} | {*more})]


def files_of(path: Path) -> list[Path]:
    """The file, or all files of a folder in the order of their names, without compiled ones."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [file for file in files if file.is_file() and file.suffix != ".pyc"]


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source_of(package: ModuleType) -> dict[str, bytes]:
    """Source of all modules of a package, by path relative to it."""
    (folder,) = map(Path, package.__path__)
    files = sorted(folder.rglob("*.py"))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@cache
def package_digest() -> str:
    """SHA-256 of all code of the package, as it was when this process first asked."""
    (folder,) = map(Path, fluxprod.__path__)
    files = sorted(folder.rglob("*.py"))
    lines = "".join(f"{file_digest(file)}  {file.relative_to(folder)}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()
