"""Run one stage from the command line.

A stage is a function ``main``: its ``Path`` keywords become ``--flags``, ``str`` keywords too,
required where they have no default, and a keyword annotated with a dataclass of ``fluxprod.params``
is filled from the block of that name. The signature is the only place where a stage's inputs are
declared in Python.
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
from fluxprod.core.errors import DataError
from fluxprod.params_file import block, read_params


def run(main: Callable[..., None]) -> None:
    """Parse flags, fill parameters, run the stage, and say in one line what it took and wrote."""
    if main.__module__ == "__main__":
        # by its name: functions of __main__ would travel to Dask workers without their memory
        main = importlib.import_module(sys.modules["__main__"].__spec__.name).main  # type: ignore[union-attr]
    module = sys.modules[main.__module__]
    name = module.__name__.split(".")[-1]
    signature = inspect.signature(main)
    parser = argparse.ArgumentParser(
        prog=f"python -m {module.__name__}", description=inspect.getdoc(module)
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
    before, start = [_state(path) for path in paths], time.monotonic()
    try:
        with stoppable(name), disk_full_errors():
            params = read_params()
            for keyword, parameter in signature.parameters.items():
                if parameter.annotation not in (Path, str):
                    arguments[keyword] = block(params, parameter.annotation)
            main(**arguments)
    except DataError as error:
        sys.exit(f"{name}: {error}")
    written = [str(path) for path, old in zip(paths, before) if _state(path) not in (None, old)]
    took = time.monotonic() - start
    print(f"{name}: {took:.1f} s, wrote {', '.join(written) or 'nothing'}", flush=True)


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when a file or folder is written; None where nothing is."""
    if not path.exists():
        return None
    status = path.stat()
    return status.st_ino, status.st_mtime_ns
