"""The zarr store of a product, whose groups are compared with the NetCDF files."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.files.checksums import absent_parts
from fluxprod.verify.files.file_name import FileName
from fluxprod.verify.files.manifest import ProductManifest
from fluxprod.verify.files.published import open_group
from fluxprod.verify.gridded_fluxes import StoreCopy
from fluxprod.verify.netcdf_file import NetcdfFile, error_text
from fluxprod.verify.report import FileReport
from fluxprod.verify.values.comparison import copy_faults
from fluxprod.verify.values.structure import LAYOUTS, flux_names
from fluxprod.verify.values.time_steps import time_edges

# byte; of larger stores, only the first block of each daily flux and year is compared
COMPARED_WHOLE = 1 << 30


class ZarrStore(NamedTuple):
    """An open zarr store.

    Parameters
    ----------
    report : FileReport
        Report of the store.
    groups : dict of str to Dataset
        Groups that can be opened, by content.
    compared : Counter
        Number of time steps that were compared with NetCDF files, by content.
    """

    report: FileReport
    groups: dict[str, xr.Dataset]
    compared: Counter[str]


def open_store(
    path: Path, name: FileName, report: FileReport, manifest: ProductManifest
) -> ZarrStore:
    """Open the groups of a store and check that they cover the whole period.

    Parameters
    ----------
    path : Path
        The store.
    name : FileName
        What its name states.
    report : FileReport
        Report of the store, which takes the faults.
    manifest : ProductManifest
        Manifest of the product.
    """
    if absent_parts(path, manifest.files[report.name]):
        report.unchecked.append("values, because parts are absent")
        return ZarrStore(report, {}, Counter())
    report.add("metadata", metadata_differences(path, manifest))
    groups = {}
    for content in LAYOUTS:
        try:
            groups[content] = open_group(path, content, lazy=flux_names(content))
        except DataError as error:
            report.add("groups", [f"{content}: {error_text(error)}"])
            continue
        found, steps = groups[content].sizes.get("time"), len(time_edges(content, name.years)) - 1
        wrong = [f"{content}: {found} time steps, expected {steps}"] if found != steps else []
        report.add("groups", wrong)
    return ZarrStore(report, groups, Counter())


def metadata_differences(path: Path, manifest: ProductManifest) -> list[str]:
    """Attributes in the root of a store that differ from the manifest."""
    try:
        found = open_group(path, "", lazy=()).attrs
    except DataError as error:
        return [error_text(error)]
    expected = {"product_version": manifest.version, "source_world": manifest.world}
    return [
        f"{key}: found {found.get(key)!r}, expected {value!r}"
        for key, value in expected.items()
        if found.get(key) != value
    ]


def copy_in_store(store: ZarrStore, file: NetcdfFile) -> StoreCopy | None:
    """What the store holds of a file; None if it cannot be compared value by value."""
    content, years = file.name.content, file.name.years
    group = store.groups.get(content)
    if group is None or "time" not in group.coords or group.time.dtype.kind != "M":
        return None
    subject = f"{content} {years[0]}" + (f"-{years[-1]}" if len(years) > 1 else "")
    start = int(np.searchsorted(group.time.values, file.data.time.values[0]))
    part = group.isel(time=slice(start, start + file.data.sizes["time"]))
    names = flux_names(content)
    store.compared[content] += part.sizes["time"]
    faults = copy_faults(file.data, part, names, of_one_year=content == "daily")
    store.report.add("values", (f"{subject}: {text}" for text in faults))
    if any(part[name].sizes != file.data[name].sizes for name in names if name in part):
        return None
    whole = content != "daily" or store.report.size <= COMPARED_WHOLE
    return StoreCopy(store.report, subject, part, whole)


def report_uncompared(store: ZarrStore) -> None:
    """Report the time steps that were not compared with any NetCDF file."""
    for content, group in store.groups.items():
        left = group.sizes.get("time", 0) - store.compared[content]
        if left > 0:
            store.report.unchecked.append(f"{left} time steps of {content} (no sound NetCDF file)")
