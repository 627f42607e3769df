"""The git commands that a release needs."""

import subprocess
from pathlib import Path

from fluxprod.core.errors import DataError

CLONE = "run this in one, because a release names and tags its commit; make product needs no git"


def git(root: Path, *words: str) -> str:
    """Run git and return its output.

    Raises
    ------
    DataError
        If there is no git or no repository, or if git fails, with its own message.
    """
    command = ["git", "-C", str(root), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise DataError("git", "program", "none", "git on the PATH", "install it") from error
    if done.returncode and "not a git repository" in done.stderr:
        raise DataError(root.absolute(), "git", "no repository", "a clone", CLONE)
    if done.returncode:
        found = done.stderr.strip() or f"exit status {done.returncode}"
        raise DataError(root, f"git {words[0]}", found, "success")
    return done.stdout


def changed_paths(root: Path) -> list[str]:
    """Paths that differ from the last commit, relative to the root of the repository."""
    lines = git(root, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
    return sorted(line[3:] for line in lines.split("\0") if line)


def check_clean(root: Path) -> None:
    """Raise a DataError that names the files that are not committed."""
    if found := changed_paths(root):
        shown = ", ".join(found[:5]) + (", ..." if len(found) > 5 else "")
        raise DataError(root, "changes", shown, "none", "commit or stash them")


def head_commit(root: Path) -> str:
    """Identifier of the last commit, 40 hexadecimal digits."""
    return git(root, "rev-parse", "HEAD").strip()


def tagged_commit(root: Path, tag: str) -> str:
    """Commit that a tag points at; empty if the tag does not exist."""
    commit = "%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"
    return git(root, "for-each-ref", f"--format={commit}", f"refs/tags/{tag}").strip()


def committed_text(root: Path, path: str) -> str:
    """Text of a file in the last commit."""
    return git(root, "show", f"HEAD:./{path}")
