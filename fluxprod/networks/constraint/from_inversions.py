"""What the inversions say to networks: for those that learn from it and those that are judged."""

import xarray as xr

from fluxprod.networks.constraint.bridge_source import regional_source
from fluxprod.networks.constraint.regional_term import RegionalSource, Sampling
from fluxprod.params import Train, World


def constraint(
    bridge: xr.Dataset,
    inversions: xr.Dataset,
    drivers: xr.Dataset,
    world: World,
    params: Train,
) -> RegionalSource | None:
    """What the inversions say to the networks, as ``params.yaml`` has it; None for EC."""
    source = regional_source(
        bridge,
        inversions,
        drivers,
        years=world.years,
        n_held_out_years=params.n_held_out_years,
        sampling=Sampling(
            params.day_stride, params.held_out_stride, params.n_regions, params.n_months
        ),
        norm=params.norm,
        annual=params.annual_term,
        seed=params.seed,
    )
    if source and (spared := bridge.sizes["contribution"] - source.n_contributions):
        print(f"{spared} cells of the bridge have no drivers and take no part", flush=True)
    return source
