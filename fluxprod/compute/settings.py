"""Settings that say where a run happens but do not change its results."""

import re

from pydantic import field_validator

from fluxprod.core.constants import Device
from fluxprod.core.settings import Settings, parameter

ADDRESS = re.compile(r"[a-z]+://\S+:\d+")


class ComputeSettings(Settings):
    """Where a run happens; it changes no result, so no stage lists it in ``dvc.yaml``."""

    scheduler: str = parameter(
        "`local`, or PROTOCOL://HOST:PORT of a Dask scheduler whose workers share the files", ""
    )
    device: Device = parameter(
        "Where networks are computed; `auto` means CUDA if a CUDA device is present", ""
    )
    threads: int = parameter("Threads of each process", ge=1, le=1024)
    processes: int = parameter("Processes that run in parallel on this machine", ge=1, le=1024)

    @field_validator("scheduler")
    @classmethod
    def _is_address(cls, scheduler: str) -> str:
        if scheduler != "local" and not ADDRESS.fullmatch(scheduler):
            raise ValueError(
                f"scheduler {scheduler!r}, which is neither local nor PROTOCOL://HOST:PORT"
            )
        return scheduler
