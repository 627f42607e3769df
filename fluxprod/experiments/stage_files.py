"""The stages from the seed of an Earth to the totals of a model, and the files between them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from fluxprod.experiments import forward_totals as _forward_totals
from fluxprod.stages import (
    bridge,
    climate,
    drivers,
    geography,
    inversions,
    synthesize,
    towers,
    train,
    vegetation,
)

UNCONSTRAINED = Path("data/reference/unconstrained")


class StageFiles(NamedTuple):
    """A stage, its inputs and its outputs.

    Attributes
    ----------
    main : callable
        Function that runs the stage.
    reads : dict of str to str
        Inputs by keyword of ``main``: STAGE/FILE, or a committed path.
    writes : dict of str to str
        Outputs by keyword of ``main``, as names in the step's folder.
    code : tuple of str
        Code on which the stage depends beyond that listed in ``dvc.yaml``.
    flags : tuple of (str, str)
        Other keywords of ``main``, neither files nor parameters, and their values.
    """

    main: Callable[..., None]
    reads: dict[str, str]
    writes: dict[str, str]
    code: tuple[str, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()


RAW = "synthesize/raw"
STAGES = {
    "synthesize": StageFiles(
        synthesize.main, {"reference": "data/reference/earth"}, {"raw": "raw", "truth": "truth"}
    ),
    "geography": StageFiles(
        geography.main,
        {"modis": f"{RAW}/modis", "regions": f"{RAW}/regions"},
        {"geography": "geography.nc"},
    ),
    "towers": StageFiles(
        towers.main,
        {"fluxnet": f"{RAW}/fluxnet", "lathuile": f"{RAW}/lathuile"},
        {"towers": "towers.nc", "screening": "screening.csv"},
    ),
    "climate": StageFiles(
        climate.main,
        {"era5": f"{RAW}/era5", "geography": "geography/geography.nc"},
        {"climate": "climate.zarr"},
    ),
    "vegetation": StageFiles(
        vegetation.main,
        {"modis": f"{RAW}/modis", "geography": "geography/geography.nc"},
        {"vegetation": "vegetation.zarr"},
    ),
    "inversions": StageFiles(
        inversions.main,
        {
            "inversions": f"{RAW}/inversions",
            "gfas": f"{RAW}/gfas",
            "rivers": f"{RAW}/rivers",
            "geography": "geography/geography.nc",
        },
        {"regional": "inversions.nc"},
    ),
    "bridge": StageFiles(
        bridge.main,
        {"fluxcom": f"{RAW}/fluxcom", "geography": "geography/geography.nc"},
        {"bridge": "bridge.nc", "fluxcom_regional": "fluxcom.nc"},
    ),
    "drivers": StageFiles(
        drivers.main,
        {
            "climate": "climate/climate.zarr",
            "vegetation": "vegetation/vegetation.zarr",
            "geography": "geography/geography.nc",
            "towers": "towers/towers.nc",
        },
        {"drivers": "drivers.zarr", "sites": "sites.nc"},
    ),
    "train": StageFiles(
        train.main,
        {
            "sites": "drivers/sites.nc",
            "drivers": "drivers/drivers.zarr",
            "bridge": "bridge/bridge.nc",
            "inversions": "inversions/inversions.nc",
        },
        {
            "networks": "networks.nc",
            "history": "history.csv",
            "predictions": "sites.nc",
            "trail": "trail.nc",
        },
        flags=(("constraint", train.REGIONAL),),
    ),
    "forward": StageFiles(
        _forward_totals.main,
        {"networks": "train/networks.nc", "drivers": "drivers/drivers.zarr"},
        {"totals": "totals.nc"},
        code=(
            "fluxprod/evaluation/run/cell_years.py",
            "fluxprod/evaluation/run/maps.py",
            "fluxprod/evaluation/run/periods.py",
            "fluxprod/evaluation/run/sources.py",
            "fluxprod/evaluation/run/totals.py",
            "fluxprod/core/regions.py",
            "fluxprod/experiments/forward_totals.py",
            "fluxprod/core/units.py",
        ),
    ),
}
# EC is EC-ATM without regions, as in the pipeline
EC_TRAIN = STAGES["train"]._replace(
    reads=STAGES["train"].reads
    | {name: f"{UNCONSTRAINED}/no_{name}.txt" for name in ("bridge", "inversions")},
    flags=(("constraint", train.UNCONSTRAINED),),
)
EC_STAGES = STAGES | {"train": EC_TRAIN}
