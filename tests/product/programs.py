"""Programs of users outside Python: CDO and NCO."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DEMAND = (
    "FLUXPROD_CLIENTS"  # "required": fail rather than skip where they are absent, as in .ci/run
)


def need(*programs: str) -> None:
    """Skip the test if a program is absent, or fail if the programs are required."""
    absent = [program for program in programs if shutil.which(program) is None]
    if not absent:
        return
    reason = f"{', '.join(absent)} not installed (Debian: apt-get install cdo nco)"
    if os.environ.get(DEMAND) == "required":
        pytest.fail(f"{reason}, and {DEMAND}=required")
    pytest.skip(reason)


def shell(script: str, folder: Path) -> str:
    """Run a script in a folder and return what it prints; warnings count as errors."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout
