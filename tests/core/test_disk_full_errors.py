"""Every writer on a disk of one megabyte: a clear error, no output, then a complete output."""

import json
import os
import subprocess
import sys

import pytest

from fluxprod.core.disk_full_errors import disk_full_errors
from fluxprod.core.errors import DataError
from tests.conftest import ROOT

DEMAND = (
    "FLUXPROD_DISK"  # "required": fail rather than skip where no disk can be mounted, as in .ci/run
)
MOUNT = 'mount -t tmpfs -o size=1m,mode=777 none "$1" && shift && exec "$@"'

UNNAMED = """
import os, sys
from contextlib import suppress
from pathlib import Path
from fluxprod.core.disk_full_errors import disk_full_errors
os.chdir(sys.argv[1])
with suppress(OSError):
    Path("a").write_bytes(bytes(2 << 20))
with disk_full_errors():
    raise RuntimeError("NetCDF: HDF error")
"""


@pytest.fixture
def on_small_disk(tmp_path):
    """Words that start a command in a process for which a folder is a disk of one megabyte.

    The disk is mounted for that process alone: by root, or else by root in a user namespace.
    """
    for root in ((), ("--user", "--map-root-user")):
        command = ["unshare", *root, "--mount", "sh", "-c", MOUNT, "sh"]
        tried = subprocess.run(
            [*command, tmp_path, "true"], capture_output=True, text=True, timeout=60, check=False
        )
        if tried.returncode == 0:
            return command
    reason = f"a small disk cannot be mounted on this system: {tried.stderr.strip()}"
    if os.environ.get(DEMAND) == "required":
        pytest.fail(f"{reason}, and {DEMAND}=required")
    pytest.skip(reason)


def test_every_writer_says_that_the_disk_is_full(on_small_disk, tmp_path):
    done = subprocess.run(
        [*on_small_disk, tmp_path, sys.executable, "-m", "tests.writers.fill_disk", tmp_path],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    reports = json.loads(done.stdout)
    assert len(reports) == 13
    for name, report in reports.items():
        assert report["free"] > 0.9, f"{name}: the writer before it left files"
        assert f"{name}: disk: found no space left on device (" in report["error"]
        assert report["error"].endswith("free some space, then run again to resume")
        assert all(path.startswith(f".{name}.") for path in report["left"]), (
            name
        )  # never the output
        assert report["same"], name


def test_an_error_that_names_no_file_is_attributed_to_the_working_folder(on_small_disk, tmp_path):
    done = subprocess.run(
        [*on_small_disk, tmp_path, sys.executable, "-c", UNNAMED, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    line = f"DataError: {tmp_path}: disk: found no space left on device (0.0 MB free), expected"
    assert line in done.stderr.splitlines()[-1]


def test_other_errors_pass_unchanged(tmp_path):
    with pytest.raises(RuntimeError, match="HDF error"), disk_full_errors(tmp_path / "a.nc"):
        raise RuntimeError("NetCDF: HDF error")
    with (
        pytest.raises(DataError, match="a.nc: NEE: found 1, expected 2"),
        disk_full_errors(tmp_path),
    ):
        raise DataError("a.nc", "NEE", 1, 2)
