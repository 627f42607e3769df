"""Commands as users type them, also as a user who lacks permissions."""

import os
import shutil
import subprocess
import sys

import pytest

LIMIT = 120  # s; a command that waits for a pipe would never end
# root may read and write everything; without these capabilities it is as any owner of its files
ORDINARY = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def without_rights():
    """Words before a command that make it obey permissions."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root without setpriv, which nothing is forbidden to")
    return ORDINARY


def fluxprod(folder, *words, before=()):
    """Run a command in a folder; return its status, output and errors."""
    return python(folder, "fluxprod.cli.main", *words, before=before)


def python(folder, module, *words, before=()):
    """Run a module in a folder; return its status, output and errors."""
    done = subprocess.run(
        [*before, sys.executable, "-m", module, *map(str, words)],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=LIMIT,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def one_line(result):
    """The error of a command that must have failed with one line and nothing else."""
    status, out, errors = result
    assert status == 1, (out, errors)
    assert "Traceback" not in errors
    assert errors.count("\n") == 1, errors
    return errors
