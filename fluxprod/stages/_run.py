"""Run one stage from the command line.

A stage is a function ``main``. Its ``Path`` and ``str`` keywords become ``--flags``, which are
required if they have no default. A keyword annotated with a settings class is filled from its block
of ``params.yaml``; all faults of that file are reported before the stage begins. The signature is
the only place where a stage's inputs are declared in Python.
"""

import argparse
import importlib
import inspect
import sys
import time
from collections.abc import Callable
from pathlib import Path

from fluxprod.compute.stop import stoppable
from fluxprod.core.disk_full_errors import disk_full_errors
from fluxprod.core.errors import DataError, os_fault
from fluxprod.params import block, checked_params


def run(main: Callable[..., None]) -> None:
    """Parse flags, fill settings, run the stage, and print its duration and outputs in one line."""
    if main.__module__ == "__main__":
        # Dask would send functions of __main__ by value, and workers would lose their caches
        main = importlib.import_module(sys.modules["__main__"].__spec__.name).main  # type: ignore[union-attr]
    module = sys.modules[main.__module__]
    name = module.__name__.split(".")[-1]
    signature = inspect.signature(main)
    parser = argparse.ArgumentParser(
        prog=f"python -m {module.__name__}",
        description=(inspect.getdoc(module) or "").replace("``", ""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for keyword, parameter in signature.parameters.items():
        if parameter.annotation in (Path, str):
            required = parameter.default is parameter.empty
            parser.add_argument(
                f"--{keyword.replace('_', '-')}",
                type=parameter.annotation,
                required=required,
                default=None if required else parameter.default,
            )
    arguments = vars(parser.parse_args())
    paths = [value for value in arguments.values() if isinstance(value, Path)]
    states, start = [_state(path) for path in paths], time.monotonic()
    try:
        with stoppable(name), disk_full_errors():
            params = checked_params()
            for keyword, parameter in signature.parameters.items():
                if parameter.annotation not in (Path, str):
                    arguments[keyword] = block(params, parameter.annotation)
            main(**arguments)
    except DataError as error:
        sys.exit("\n".join(f"{name}: {fault}" for fault in error.faults))
    except OSError as error:
        sys.exit(f"{name}: {os_fault(error)}")
    written = [str(path) for path, old in zip(paths, states) if _state(path) not in (None, old)]
    took = time.monotonic() - start
    print(f"{name}: {took:.1f} s, wrote {', '.join(written) or 'nothing'}", flush=True)


def _state(path: Path) -> tuple[int, int] | None:
    """Inode and modification time, which writing changes, or None if there is no such path."""
    if not path.exists():
        return None
    status = path.stat()
    return status.st_ino, status.st_mtime_ns
