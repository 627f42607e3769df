"""Pins of the raw files of a world, and what these were made with."""

from pathlib import Path
from typing import Any

from fluxprod.core.errors import DataError
from fluxprod.core.world import SyntheticWorld
from fluxprod.params import block, read_params
from fluxprod.pins.hash_cache import cache_of
from fluxprod.pins.pin import Pin
from fluxprod.pins.pinned_folder import manifest_of
from fluxprod.stages.verify_raw import folder_pins, world_params
from fluxprod.synthetic.settings import EarthSettings


def made_with(world: str) -> dict[str, Any]:
    """Parameters that made the raw files; none for observed ones."""
    if world != "synthetic":
        return {}
    params = read_params()
    pins = manifest_of(Path(world))
    return world_params(pins, block(params, SyntheticWorld), block(params, EarthSettings))


def pins_of(folder: Path, *, full: bool) -> dict[str, Pin]:
    """Compute the pins of all files of a world.

    Parameters
    ----------
    folder : Path
        Folder of its raw files.
    full : bool
        Whether to read every file, even one that has not changed.

    Returns
    -------
    dict of str to Pin
        Pins by path in the folder.

    Raises
    ------
    DataError
        If there is no file, or one cannot be read.
    """
    found = folder_pins(folder, folder, cache_of(manifest_of(folder)), full=full)
    if not found:
        advice = "fluxprod raw list says which files belong there"
        raise DataError(folder, "files", "none", "files of raw data", advice)
    return found
