"""Git and DVC on the command line, isolated from the settings of this machine."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def environment(home: Path) -> dict[str, str]:
    """Environment in which git and dvc neither read nor write the settings of this machine."""
    places = {"DVC_SITE_CACHE_DIR": "site", "DVC_GLOBAL_CONFIG_DIR": "config", "HOME": "home"}
    names = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", "Marie Curie"), ("EMAIL", "curie@example.org"))
    }
    return {**os.environ, **names, **{key: str(home / name) for key, name in places.items()}}


def caller(home: Path) -> Callable[..., str]:
    """``run(folder, program, *words)`` runs git or dvc in a folder and returns what it prints."""
    env = environment(home)

    def run(folder, program, *words):
        command = [sys.executable, "-m", "dvc"] if program == "dvc" else [program]
        done = subprocess.run(
            [*command, *map(str, words)], cwd=folder, env=env, capture_output=True, check=False
        )
        assert done.returncode == 0, (words, done.stderr.decode())
        return done.stdout.decode()

    return run
