"""What a release asks of git."""

import subprocess
from pathlib import Path

from fluxprod.core.errors import DataError


def git(root: Path, *words: str) -> str:
    """Run git and give what it prints.

    Raises
    ------
    DataError
        If it fails, in its own words.
    """
    command = ["git", "-C", str(root), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DataError(root, f"git {words[0]}", done.stderr.strip() or "a failure", "success")
    return done.stdout


def changes(root: Path) -> list[str]:
    """Paths, relative to the root of the repository, that differ from the last commit."""
    lines = git(root, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
    return sorted(line[3:] for line in lines.split("\0") if line)


def check_clean(root: Path) -> None:
    """Raise a DataError that names what is not committed."""
    if found := changes(root):
        shown = ", ".join(found[:5]) + (", ..." if len(found) > 5 else "")
        raise DataError(root, "changes", shown, "none", "commit them, or git stash them")


def head(root: Path) -> str:
    """The last commit, 40 hexadecimal digits."""
    return git(root, "rev-parse", "HEAD").strip()


def tagged(root: Path, tag: str) -> str:
    """Commit that a tag points at; empty if there is no such tag."""
    commit = "%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"
    return git(root, "for-each-ref", f"--format={commit}", f"refs/tags/{tag}").strip()


def committed(root: Path, path: str) -> str:
    """Text of a file in the last commit."""
    return git(root, "show", f"HEAD:./{path}")
