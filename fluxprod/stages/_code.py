"""The code of a stage: files that ``dvc.yaml`` lists for it, and their digests."""

import hashlib
from pathlib import Path

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
    """SHA-256 of a small file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
