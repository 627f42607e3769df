"""Record what the product is made from: parameters, and SHA-256 of raw files and code.

The digest of the code is that of the lines ``<sha256>  <path>``, as sha256sum prints them, for all
files that dvc.yaml lists for the stages up to the product. It records neither time nor commit: the
product contains this record, and dvc.lock, which is part of a commit, contains the product's hash.
"""

import hashlib
from pathlib import Path
from typing import Any

from fluxprod.bridge.settings import BridgeSettings
from fluxprod.compute.workers.code import file_digest, files_in, stage_code
from fluxprod.core.intact import with_checksum
from fluxprod.core.json_file import write_json
from fluxprod.core.world import World
from fluxprod.drivers.settings import DriverSettings
from fluxprod.geography.settings import GeographySettings
from fluxprod.inversions.settings import InversionSettings
from fluxprod.networks.settings import ForwardSettings, TrainingSettings
from fluxprod.pins.verified import read_verified
from fluxprod.plausibility.settings import PlausibilitySettings
from fluxprod.readers.era5.settings import ClimateSettings
from fluxprod.readers.modis.settings import VegetationSettings
from fluxprod.stages._run import run
from fluxprod.synthetic.settings import EarthSettings
from fluxprod.towers.settings import TowerSettings

# all stages up to the product, except synthesize, whose raw files are recorded by their hashes
STAGES = (
    *("verify_raw", "check_raw", "geography", "towers", "climate", "vegetation", "drivers"),
    *("inversions", "bridge", "plausibility", "train", "forward", "product"),
)
# without the budget, against which inputs and results are held
RAW = ("era5", "fluxcom", "fluxnet", "gfas", "inversions", "lathuile", "modis", "regions", "rivers")


def main(
    *,
    verified: Path,
    provenance: Path,
    source: str,
    world: World,
    synthesize: EarthSettings,
    geography: GeographySettings,
    towers: TowerSettings,
    climate: ClimateSettings,
    vegetation: VegetationSettings,
    drivers: DriverSettings,
    inversions: InversionSettings,
    plausibility: PlausibilitySettings,
    bridge: BridgeSettings,
    train: TrainingSettings,
    forward: ForwardSettings,
) -> None:
    blocks: dict[str, Any] = {
        "world": world,
        **({"synthesize": synthesize} if source == "synthetic" else {}),
        **{"geography": geography, "towers": towers, "climate": climate},
        **{"vegetation": vegetation, "drivers": drivers, "inversions": inversions},
        **{"plausibility": plausibility},
        **{"bridge": bridge, "train": train, "forward": forward},
    }
    content = {
        "world": source,
        "params": {name: values.model_dump() for name, values in blocks.items()},
        "raw": read_verified(verified, RAW),
        "code": code_digest(code_files()),
    }
    write_json(with_checksum(content), provenance)


def code_files() -> list[Path]:
    """List the code of all stages up to the product, sorted by path."""
    listed = {path for stage in STAGES for path in stage_code(stage)}
    return sorted({file for path in listed for file in files_in(path)})


def code_digest(files: list[Path]) -> dict[str, str | int]:
    """Compute one SHA-256 over files and their paths, and count the files."""
    lines = "".join(f"{file_digest(file)}  {file.as_posix()}\n" for file in files)
    return {"sha256": hashlib.sha256(lines.encode()).hexdigest(), "files": len(files)}


if __name__ == "__main__":
    run(main)
