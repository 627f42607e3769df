"""Checks of the metadata in a file: version, world, units and sign."""

import re
from typing import Any

import numpy as np
import xarray as xr

from fluxprod.verify.files.file_name import FileName
from fluxprod.verify.values.structure import FLUX_UNITS, LAYOUTS

SIGN = "to the atmosphere"  # direction of positive fluxes
RESOLUTIONS = {"daily": "P1D", "regional-annual": "P1Y"}  # ISO 8601; all others are monthly
NO_DOI = "none assigned"
BOUND = re.compile(r"multiples of ([0-9.]+(e-[0-9]+)?) g m-2 d-1: stored values err by less")


def metadata_faults(
    dataset: xr.Dataset, name: FileName, *, version: str, world: str, doi: str
) -> list[str]:
    """Compare the attributes with the name of the file and with the manifest.

    Parameters
    ----------
    dataset : Dataset
        Contents of a file with the expected structure.
    name : FileName
        What its name states.
    version, world, doi : str
        What the manifest states; ``doi`` is empty if none was assigned.

    Returns
    -------
    list of str
        Differences, and faults of the metadata of variables.
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
        found = attributes["standard_name"]
        faults.append(f"{name}: standard_name {found!r}, but CF has none for NEE")
    if name in ("nee", "nee_ec") and SIGN not in str(attributes.get("comment")).lower():
        faults.append(f"{name}: its comment does not say that positive is {SIGN}")
    if units == FLUX_UNITS and error_bound(variable) is None:
        faults.append(f"{name}: its comment states no bound of the rounding error")
    return faults


def stated_cells_without_flux(dataset: xr.Dataset) -> int:
    """Number of land cells without flux that the file states; 0 if it states none."""
    stated = dataset.attrs.get("land_cells_without_flux")
    return int(stated) if isinstance(stated, (int, np.integer)) else 0


def error_bound(variable: xr.DataArray) -> float | None:
    """Bound of the rounding error in the comment of a flux [g m-2 d-1]; None if there is none."""
    found = BOUND.search(str(variable.attrs.get("comment")))
    return float(found[1]) if found else None


def citation_faults(datacite: dict[str, Any], *, version: str, doi: str) -> list[str]:
    """Compare version and DOI in the metadata for DataCite with the manifest."""
    expected = {"version": version, "doi": doi}
    return [
        f"{key}: found {datacite.get(key, '')!r}, expected {value!r}"
        for key, value in expected.items()
        if datacite.get(key, "") != value
    ]
