"""Facts about this machine that decide how a run goes: versions, processors, disk and memory."""

import importlib.metadata
import os
import platform

import psutil

PACKAGES = ("fluxprod", "numpy", "xarray", "netCDF4", "pyhdf", "zarr", "torch", "dvc")
GIB = 2**30  # byte


def machine_facts(device: str, torch_threads: int) -> dict[str, str]:
    """Facts about this machine by name, as text.

    Parameters
    ----------
    device : str
        Name of the CUDA device, or ``cpu``.
    torch_threads : int
        Number of threads that torch uses.
    """
    memory = psutil.virtual_memory()
    return {
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
        "device": device,
        "threads": f"{torch_threads} of torch, {os.cpu_count()} cores, "
        f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}",
        "free disk": f"{psutil.disk_usage('.').free / GIB:.1f} GiB",
        "free memory": f"{memory.available / GIB:.1f} of {memory.total / GIB:.1f} GiB",
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
