"""The programs of users that are not Python: CDO and NCO."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DEMAND = "FLUXPROD_CLIENTS"  # "required" where their absence is a failure, as in .ci/run


def need(*programs: str) -> None:
    """Skip the test where a program is absent; fail where it was demanded."""
    absent = [program for program in programs if shutil.which(program) is None]
    if not absent:
        return
    reason = f"{', '.join(absent)} not installed (Debian: apt-get install cdo nco)"
    if os.environ.get(DEMAND) == "required":
        pytest.fail(f"{reason}, and {DEMAND}=required")
    pytest.skip(reason)


def shell(script: str, folder: Path) -> str:
    """What a script prints, run in a folder. A warning fails like an error."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout
