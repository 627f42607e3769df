"""What a file says about itself: whose it is, in which units and with which sign."""

import re
from typing import Any

import numpy as np
import xarray as xr

from fluxprod.verify.files.file_name import FileName
from fluxprod.verify.values.structure import FLUX_UNITS, LAYOUTS

SIGN = "to the atmosphere"  # what is positive
RESOLUTIONS = {"daily": "P1D", "regional-annual": "P1Y"}  # of ISO 8601; all else is monthly
NO_DOI = "none assigned"
BOUND = re.compile(r"multiples of ([0-9.]+(e-[0-9]+)?) g m-2 d-1: stored values err by less")


def label_faults(
    dataset: xr.Dataset, name: FileName, *, version: str, world: str, doi: str
) -> list[str]:
    """Differences of the attributes from the name of the file and from the manifest.

    Parameters
    ----------
    dataset : Dataset
        Of a structure as it must be.
    name : FileName
    version, world, doi : str
        In the manifest.
    """
    expected = {
        "product_version": version,
        "source_world": world,
        "doi": doi or NO_DOI,
        "time_coverage_resolution": RESOLUTIONS.get(name.content, "P1M"),
        "time_coverage_duration": f"P{len(name.years)}Y",
    }
    faults = [
        f"{key}: found {dataset.attrs.get(key)!r}, expected {value!r}"
        for key, value in expected.items()
        if str(dataset.attrs.get(key)) != value
    ]
    if name.version != version:
        faults.append(f"version: {name.version} in the name, {version} in the manifest")
    for variable, (_, units) in LAYOUTS[name.content].items():
        faults += _variable_faults(dataset[variable], units)
    return faults


def _variable_faults(variable: xr.DataArray, units: str | None) -> list[str]:
    name, attributes = str(variable.name), variable.attrs
    faults = []
    if units is not None and str(attributes.get("units")) != units:
        faults.append(f"{name}: units {attributes.get('units')!r}, expected {units!r}")
    if name.startswith("nee") and "standard_name" in attributes:
        faults.append(f"{name}: standard_name {attributes['standard_name']!r}, CF has none for NEE")
    if name in ("nee", "nee_ec") and SIGN not in str(attributes.get("comment")).lower():
        faults.append(f"{name}: its comment does not say that positive is {SIGN}")
    if units == FLUX_UNITS and error_bound(variable) is None:
        faults.append(f"{name}: its comment states no bound of the error of rounding")
    return faults


def land_cells_without_flux(dataset: xr.Dataset) -> int:
    """How many land cells have no flux, as the file states; 0 where it states no number."""
    stated = dataset.attrs.get("land_cells_without_flux")
    return int(stated) if isinstance(stated, (int, np.integer)) else 0


def error_bound(variable: xr.DataArray) -> float | None:
    """Largest error of rounding that the comment of a variable states, in its unit."""
    found = BOUND.search(str(variable.attrs.get("comment")))
    return float(found[1]) if found else None


def citation_faults(datacite: dict[str, Any], *, version: str, doi: str) -> list[str]:
    """Differences of the metadata for DataCite from the manifest."""
    expected = {"version": version, "doi": doi}
    return [
        f"{key}: found {datacite.get(key, '')!r}, expected {value!r}"
        for key, value in expected.items()
        if datacite.get(key, "") != value
    ]
