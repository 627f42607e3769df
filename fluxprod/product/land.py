"""Land fields that are needed to sum the fluxes: cell area, land fraction and regions."""

import numpy as np
import xarray as xr

from fluxprod.core.regions import REGIONS, UNASSIGNED


def land_fields(geography: xr.Dataset, min_land_fraction: float) -> xr.Dataset:
    """Cell area [m2], land fraction [1] and region of each cell, with attributes; (lat, lon)."""
    names = "; ".join(f"{region.abbreviation}: {region.name}" for region in REGIONS)
    attributes: dict[str, dict] = {
        "cell_area": {
            "standard_name": "cell_area",
            "long_name": "area of the whole grid cell",
            "units": "m2",
        },
        "land_fraction": {
            "long_name": "share of the cell that is ice-free land",
            "units": "1",
            "comment": f"Cells with less than {min_land_fraction:g} are 0. "
            "Flux of a cell [g d-1] = nee x cell_area x land_fraction.",
        },
        "region": {
            "long_name": "region of the Regional Carbon Cycle Assessment and Processes 2",
            "flag_values": np.array([UNASSIGNED, *(r.number for r in REGIONS)], np.int8),
            "flag_meanings": " ".join(["none", *(region.abbreviation for region in REGIONS)]),
            "comment": f"none: sea, or land of no region. {names}.",
        },
    }
    fields = geography[list(attributes)].drop_attrs()
    fields["region"] = fields["region"].astype(np.int8)
    for name, attrs in attributes.items():
        if name != "cell_area":  # CDO warns if the measure itself has a measure
            attrs |= {"cell_measures": "area: cell_area", "grid_mapping": "crs"}
        fields[name].attrs = {**attrs, "coverage_content_type": "auxiliaryInformation"}
    return fields[list(attributes)]
