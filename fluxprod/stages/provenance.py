"""What the product is made from: parameters, raw files and code, by SHA-256.

The digest of the code is that of the lines ``<sha256>  <path>``, as sha256sum prints them, of all
files that dvc.yaml lists for the stages that make the product. Neither a clock nor a commit is
here: the product holds this, and dvc.lock, which is part of a commit, holds the product's hash.
"""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fluxprod.compute.code import code_of, file_digest, files_of
from fluxprod.core.json_file import write_json
from fluxprod.params import (
    Bridge,
    Climate,
    Drivers,
    Forward,
    Geography,
    Inversions,
    Synthesize,
    Towers,
    Train,
    Vegetation,
    World,
)
from fluxprod.pins.verified import read_verified
from fluxprod.stages._run import run

# all before the product in the pipeline; of synthesize the hashes of the raw files tell enough
STAGES = (
    *("verify_raw", "geography", "towers", "climate", "vegetation", "drivers", "inversions"),
    *("bridge", "train", "forward", "product"),
)
# the budget is for evaluation alone
RAW = ("era5", "fluxcom", "fluxnet", "gfas", "inversions", "lathuile", "modis", "regions", "rivers")


def main(
    *,
    verified: Path,
    provenance: Path,
    source: str,
    world: World,
    synthesize: Synthesize,
    geography: Geography,
    towers: Towers,
    climate: Climate,
    vegetation: Vegetation,
    drivers: Drivers,
    inversions: Inversions,
    bridge: Bridge,
    train: Train,
    forward: Forward,
) -> None:
    blocks: dict[str, Any] = {
        "world": world,
        **({"synthesize": synthesize} if source == "synthetic" else {}),
        **{"geography": geography, "towers": towers, "climate": climate},
        **{"vegetation": vegetation, "drivers": drivers, "inversions": inversions},
        **{"bridge": bridge, "train": train, "forward": forward},
    }
    content = {
        "world": source,
        "params": {name: asdict(values) for name, values in blocks.items()},
        "raw": read_verified(verified, RAW),
        "code": code_digest(code_files()),
    }
    write_json(content, provenance)


def code_files() -> list[Path]:
    """Files of code of all stages that make the product, in the order of their paths."""
    listed = {path for stage in STAGES for path in code_of(stage)}
    return sorted({file for path in listed for file in files_of(path)})


def code_digest(files: list[Path]) -> dict[str, str | int]:
    """One SHA-256 for files and their paths."""
    lines = "".join(f"{file_digest(file)}  {file.as_posix()}\n" for file in files)
    return {"sha256": hashlib.sha256(lines.encode()).hexdigest(), "files": len(files)}


if __name__ == "__main__":
    run(main)
