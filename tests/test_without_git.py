"""A tree without .git, as from ``git archive`` or "Download ZIP": DVC runs in it, too."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.programs import environment

FILES = (".dvc/config", ".dvcignore", "Makefile", "dvc.yaml", "dvc.lock", "params.yaml")


@pytest.fixture
def call(tmp_path):
    """``call(words)`` runs a program in an unpacked archive."""
    folder = tmp_path / "fluxprod-0.1.0"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    env = environment(tmp_path)
    # the Makefile looks for programs in .venv first, where there is none here
    env["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), env["PATH"]])  # noqa: PTH120

    def run(*words):
        return subprocess.run(
            words, cwd=folder, env=env, capture_output=True, text=True, check=False
        )

    return run


@pytest.mark.skipif(shutil.which("make") is None, reason="without make")
def test_make_tells_dvc_that_there_is_no_git(call):
    status = (sys.executable, "-m", "dvc", "status", "report")
    assert "is not a git repository" in call(*status).stderr
    done = call("make", "-o", ".venv/installed", "without-git")
    assert (done.returncode, done.stderr) == (0, "")
    done = call(*status)
    assert done.returncode == 0, done.stderr
    planned = call("make", "-n", "-o", ".venv/installed", "product").stdout
    assert planned.index("core.no_scm true") < planned.index("dvc repro")
