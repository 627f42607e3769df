"""What makes worker processes of a stage alike: threads, versions and the files that they see."""

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from fluxprod.compute.code import package_digest
from fluxprod.core.errors import DataError
from fluxprod.params import PARAMS_FILE

THREADS_OF = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LIBRARIES = (  # that read, compute and write
    *("netCDF4", "numba", "numcodecs", "numpy", "pandas", "pyhdf", "scipy", "torch"),
    *("xarray", "zarr"),
)
TASKS = "tasks at once"
CODE = "code of fluxprod"
UNSEEN = 60  # s without a file: a network file system may not look anew for so long
LOOK = 5.0  # s between looks

Environment = tuple[tuple[str | Path, Any], ...]


def limit_threads(threads: int) -> None:
    """Limit the pools that are there, and those of libraries that load later."""
    os.environ |= dict.fromkeys(THREADS_OF, str(threads))
    threadpool_limits(threads)


def environment_of(files: Iterable[Path], tasks: int = 1) -> Environment:
    """What decides the bytes that a process writes, beside its tasks.

    Parameters
    ----------
    files : iterable of Path
        Absolute paths of files and folders.
    tasks : int
        At once. Libraries of NetCDF and HDF4 bear one.

    Returns
    -------
    Names and paths, and what there is of each.
    """
    return (
        ("Python", platform.python_version()),
        *((name, version(name)) for name in LIBRARIES),
        (CODE, package_digest()[:12]),
        (TASKS, tasks),
        *((path, _state(path)) for path in files),
    )


def _state(path: Path) -> str | tuple[int, int] | None:
    """What tells a file, or the entries of a folder, from others of that name; None for nothing."""
    try:
        if path.is_dir():
            names = sorted(entry.name for entry in path.iterdir())
            return hashlib.sha256("\n".join(names).encode()).hexdigest()
        status = path.stat()
    except OSError:
        return None
    return status.st_size, int(status.st_mtime)


def difference(ours: Environment, theirs: Environment, worker: str) -> DataError | None:
    """The first trait in which a worker differs from this process, if any."""
    for (name, expected), (_, found) in zip(ours, theirs, strict=True):
        if found == expected:
            continue
        if isinstance(name, Path):
            what = f"{'nothing' if found is None else 'another one'} at the worker {worker}"
            return DataError(
                name, "path", what, "what the scheduler's client sees",
                "share files under the same paths",
            )  # fmt: skip
        return DataError(
            PARAMS_FILE, "compute.scheduler", f"{name} {found} at the worker {worker}",
            expected, "start workers with --nthreads 1, from the same installation as this run",
        )  # fmt: skip
    return None


def raise_lasting(look: Callable[[], DataError | None]) -> None:
    """Raise the fault that a look finds; look again for a while if it is one of a file."""
    deadline = time.monotonic() + UNSEEN
    while fault := look():
        if fault.source == str(PARAMS_FILE) or time.monotonic() > deadline:
            raise fault
        time.sleep(LOOK)


@lru_cache(maxsize=1)
def verify_worker(ours: Environment, threads: int) -> None:
    """Make this Dask worker ready for tasks of a run, once.

    Raises
    ------
    DataError
        If it is not like the process that asks for them.
    """
    from distributed import get_worker

    worker = get_worker()
    files = [name for name, _ in ours if isinstance(name, Path)]
    raise_lasting(
        lambda: difference(ours, environment_of(files, worker.state.nthreads), worker.address)
    )
    limit_threads(threads)
