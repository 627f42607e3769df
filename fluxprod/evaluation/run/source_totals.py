"""Regional monthly totals and monthly maps of every source of a run."""

import xarray as xr

from fluxprod.evaluation.run.inputs import Inputs
from fluxprod.evaluation.run.maps import at_cells, per_land_area
from fluxprod.evaluation.run.periods import mean_annual
from fluxprod.evaluation.run.sources import EC, EC_ATM, FLUXCOM, INVERSIONS, OURS, TRUTH
from fluxprod.evaluation.run.totals import (
    GLOBAL,
    Totals,
    gathered,
    map_totals,
    member_totals,
    with_globe,
)

FIELDS = {EC_ATM: "nee", EC: "nee_ec"}  # variables of the product


def run_totals(inputs: Inputs) -> Totals:
    """Totals of truth and inversions, of both models as in the product, and of FLUXCOM."""
    land = inputs.geography
    product_area = inputs.product.cell_area * inputs.product.land_fraction
    members = {
        source: member_totals(monthly, land.land_area.values, land.cell_region.values)
        for source, monthly in inputs.members.items()
    }
    members[INVERSIONS] = with_globe(inputs.inversions.NEE, inputs.inversions.unassigned)
    means = {INVERSIONS: members[INVERSIONS].mean("member")}
    for source, name in FIELDS.items():
        means[source] = map_totals(inputs.product[name], product_area, inputs.product.region)
    means[FLUXCOM] = with_globe(inputs.fluxcom.NEE, inputs.fluxcom.unassigned)
    if inputs.truth is not None:
        area = inputs.truth.cell_area * inputs.truth.land_fraction
        totals = map_totals(inputs.truth.NEE_month, area, land.region)
        means = {TRUTH: totals, **means}
    return gathered(means, members)


def model_maps(inputs: Inputs) -> dict[str, xr.DataArray]:
    """Monthly maps of both models and, on a synthetic Earth, of the truth [g m-2 d-1]."""
    maps = {source: inputs.product[FIELDS[source]] for source in OURS}
    if inputs.truth is not None:
        maps[TRUTH] = inputs.truth.NEE_month
    return maps


def cell_series(inputs: Inputs) -> dict[str, xr.DataArray]:
    """Monthly NEE of land cells by source, dims (cell, time), per area of land [g m-2 d-1]."""
    land = inputs.geography
    series = {
        source: at_cells(field, land.cell.values) for source, field in model_maps(inputs).items()
    }
    series[INVERSIONS] = per_land_area(inputs.inversions.NEE_month, land)
    series[FLUXCOM] = inputs.fluxcom.NEE_month
    return series


def member_gap(totals: Totals) -> float:
    """Largest difference in a global sink between product and mean of members [PgC yr-1]."""
    globe = totals.mean.sel(region=GLOBAL)
    gaps = [
        mean_annual(globe.sel(source=source))
        - mean_annual(totals.members[source].sel(region=GLOBAL).mean("member"))
        for source in OURS
    ]
    return float(max(abs(gap) for gap in gaps))
