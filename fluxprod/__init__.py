"""Produce a global NEE data set constrained by eddy-covariance towers and atmospheric inversions.

The names listed in ``__all__`` are what a scientist wants in a notebook; each is loaded on first
use. Everything else is imported from its room, as in
``from fluxprod.bridge.cell_fluxes import cell_fluxes``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fluxprod.bridge.operator import fit_bridge as fit_bridge
    from fluxprod.bridge.settings import BridgeSettings as BridgeSettings
    from fluxprod.bridge.similarity import dtw_distances as dtw_distances
    from fluxprod.core.grid import Grid as Grid
    from fluxprod.core.regions import REGIONS as REGIONS
    from fluxprod.core.scores import bias as bias
    from fluxprod.core.scores import nnse as nnse
    from fluxprod.core.scores import nse as nse
    from fluxprod.core.scores import pearson_r as pearson_r
    from fluxprod.core.scores import rmse as rmse
    from fluxprod.drivers.seasonal_cycle import mean_seasonal_cycle as seasonal_cycle
    from fluxprod.drivers.water_balance import water_balance as water_balance
    from fluxprod.networks.forward import forward_block as run_forward
    from fluxprod.networks.loss import regional_loss as regional_loss
    from fluxprod.networks.settings import TrainingSettings as TrainingSettings
    from fluxprod.networks.training.ensemble import train_ensemble as train
    from fluxprod.readers.budget import read_budget as read_budget
    from fluxprod.readers.era5.field import read_era5_file as read_era5_file
    from fluxprod.readers.fluxcom import read_fluxcom as read_fluxcom
    from fluxprod.readers.inversions.ensemble import read_inversions as read_inversions
    from fluxprod.readers.inversions.gfas import read_gfas_monthly as read_gfas_monthly
    from fluxprod.readers.inversions.rivers import read_rivers as read_rivers
    from fluxprod.readers.modis.composite import read_composite as read_composite
    from fluxprod.readers.regions.mask import read_region_mask as read_region_mask
    from fluxprod.readers.towers.fluxnet import read_fluxnet_daily as read_fluxnet_daily
    from fluxprod.readers.towers.lathuile import read_lathuile_daily as read_lathuile_daily

_HOMES = {  # module within fluxprod, and name in it
    "BridgeSettings": "bridge.settings:BridgeSettings",
    "Grid": "core.grid:Grid",
    "REGIONS": "core.regions:REGIONS",
    "TrainingSettings": "networks.settings:TrainingSettings",
    "bias": "core.scores:bias",
    "dtw_distances": "bridge.similarity:dtw_distances",
    "fit_bridge": "bridge.operator:fit_bridge",
    "nnse": "core.scores:nnse",
    "nse": "core.scores:nse",
    "pearson_r": "core.scores:pearson_r",
    "read_budget": "readers.budget:read_budget",
    "read_composite": "readers.modis.composite:read_composite",
    "read_era5_file": "readers.era5.field:read_era5_file",
    "read_fluxcom": "readers.fluxcom:read_fluxcom",
    "read_fluxnet_daily": "readers.towers.fluxnet:read_fluxnet_daily",
    "read_gfas_monthly": "readers.inversions.gfas:read_gfas_monthly",
    "read_inversions": "readers.inversions.ensemble:read_inversions",
    "read_lathuile_daily": "readers.towers.lathuile:read_lathuile_daily",
    "read_region_mask": "readers.regions.mask:read_region_mask",
    "read_rivers": "readers.inversions.rivers:read_rivers",
    "regional_loss": "networks.loss:regional_loss",
    "rmse": "core.scores:rmse",
    "run_forward": "networks.forward:forward_block",
    "seasonal_cycle": "drivers.seasonal_cycle:mean_seasonal_cycle",
    "train": "networks.training.ensemble:train_ensemble",
    "water_balance": "drivers.water_balance:water_balance",
}
__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - strings, all of them


def __getattr__(name: str) -> Any:
    """Load an exported name on first use."""
    if name == "__version__":
        from importlib.metadata import version

        return version("fluxprod")
    if name not in _HOMES:
        raise AttributeError(f"module 'fluxprod' has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    value = getattr(import_module(f"fluxprod.{module}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the exported names."""
    return sorted(__all__)
