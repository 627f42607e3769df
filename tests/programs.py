"""Git and DVC as a person calls them, apart from this machine's settings."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def environment(home: Path) -> dict[str, str]:
    """Variables under which git and dvc read and write nothing of this machine's settings."""
    places = {"DVC_SITE_CACHE_DIR": "site", "DVC_GLOBAL_CONFIG_DIR": "config", "HOME": "home"}
    names = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", "Marie Curie"), ("EMAIL", "curie@example.org"))
    }
    return {**os.environ, **names, **{key: str(home / name) for key, name in places.items()}}


def caller(home: Path) -> Callable[..., str]:
    """``run(folder, program, *words)`` returns what git, or dvc by its own command line, prints."""
    env = environment(home)

    def run(folder, program, *words):
        command = [sys.executable, "-m", "dvc"] if program == "dvc" else [program]
        done = subprocess.run(
            [*command, *map(str, words)], cwd=folder, env=env, capture_output=True, check=False
        )
        assert done.returncode == 0, (words, done.stderr.decode())
        return done.stdout.decode()

    return run
