"""Comparison of workers with the process they serve: threads, versions and visible files."""

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

from fluxprod.compute.workers.code import package_digest
from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LIBRARIES = (  # libraries that read, compute or write
    *("netCDF4", "numba", "numcodecs", "numpy", "pandas", "pyhdf", "scipy", "torch"),
    *("xarray", "zarr"),
)
FILE_TIMEOUT = 60  # s without a file; a network file system may cache a folder for that long
RETRY_INTERVAL = 5.0  # s between two checks

Environment = tuple[tuple[str | Path, Any], ...]


def limit_threads(threads: int) -> None:
    """Limit the thread pools of libraries that are loaded, and of those that load later."""
    os.environ |= dict.fromkeys(THREAD_VARIABLES, str(threads))
    threadpool_limits(threads)


def describe_environment(files: Iterable[Path], parallel_tasks: int = 1) -> Environment:
    """Describe everything, apart from its tasks, that determines the bytes a process writes.

    Parameters
    ----------
    files : iterable of Path
        Absolute paths of files and folders.
    parallel_tasks : int
        Tasks that the process runs at a time. It must be one, because the NetCDF and HDF4 libraries
        are not thread-safe.

    Returns
    -------
    tuple of (str or Path, object)
        Each property or path with its value: a version, a digest, a number, or the state of a file.
    """
    return (
        ("Python", platform.python_version()),
        *((name, version(name)) for name in LIBRARIES),
        ("code of fluxprod", package_digest()[:12]),
        ("tasks at once", parallel_tasks),
        *((path, _file_state(path)) for path in files),
    )


def _file_state(path: Path) -> str | tuple[int, int] | None:
    """Digest of a folder's entries, size and time of a file, or None if there is neither."""
    try:
        if path.is_dir():
            names = sorted(entry.name for entry in path.iterdir())
            return hashlib.sha256("\n".join(names).encode()).hexdigest()
        status = path.stat()
    except OSError:
        return None
    return status.st_size, int(status.st_mtime)


def first_difference(ours: Environment, theirs: Environment, worker: str) -> DataError | None:
    """Report the first property in which a worker differs from this process, if any.

    Parameters
    ----------
    ours, theirs : Environment
        Environments of this process and of the worker, for the same files.
    worker : str
        Address of the worker.

    Returns
    -------
    DataError or None
        The difference as an error, or None if the environments agree.
    """
    for (name, expected), (_, found) in zip(ours, theirs, strict=True):
        if found == expected:
            continue
        if isinstance(name, Path):
            what = f"{'nothing' if found is None else 'another one'} at the worker {worker}"
            return DataError(
                name, "path", what, "the same as on the machine that started the run",
                "make the files available under the same paths",
            )  # fmt: skip
        return DataError(
            PARAMS_FILE, "compute.scheduler", f"{name} {found} at the worker {worker}",
            expected, "start workers with --nthreads 1, from the same installation as this run",
        )  # fmt: skip
    return None


def raise_persistent_fault(check: Callable[[], DataError | None]) -> None:
    """Raise the fault that a check finds; one about a file only if it persists for a while."""
    deadline = time.monotonic() + FILE_TIMEOUT
    while fault := check():
        if fault.source == str(PARAMS_FILE) or time.monotonic() > deadline:
            raise fault
        time.sleep(RETRY_INTERVAL)


@lru_cache(maxsize=1)
def verify_worker(ours: Environment, threads: int) -> None:
    """Prepare this Dask worker for the tasks of a run, once.

    Parameters
    ----------
    ours : Environment
        Environment of the process that started the run.
    threads : int
        Threads of each library on this worker.

    Raises
    ------
    DataError
        If the worker differs from the process that started the run.
    """
    from distributed import get_worker

    worker = get_worker()
    files = [name for name, _ in ours if isinstance(name, Path)]
    raise_persistent_fault(
        lambda: first_difference(
            ours, describe_environment(files, worker.state.nthreads), worker.address
        )
    )
    limit_threads(threads)
