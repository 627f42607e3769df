"""The zarr store of a product: its groups beside the NetCDF files."""

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
from fluxprod.verify.gridded import Copy
from fluxprod.verify.opened import Opened, fault
from fluxprod.verify.report import FileReport
from fluxprod.verify.values.comparison import copy_faults
from fluxprod.verify.values.structure import LAYOUTS, fluxes
from fluxprod.verify.values.time_steps import time_edges

COMPARED_WHOLE = 1 << 30  # byte; of larger stores the first block of each day's flux and year


class Store(NamedTuple):
    """A store.

    Parameters
    ----------
    report : FileReport
    groups : dict of Dataset
        Those that can be opened, by content.
    compared : Counter
        Time steps that were held beside those of NetCDF files, by content.
    """

    report: FileReport
    groups: dict[str, xr.Dataset]
    compared: Counter[str]


def open_store(path: Path, name: FileName, report: FileReport, manifest: ProductManifest) -> Store:
    """Open the groups of a store and see that they hold the whole period."""
    if absent_parts(path, manifest.files[report.name]):
        report.unchecked.append("values, as parts are absent")
        return Store(report, {}, Counter())
    report.add("labels", label_differences(path, manifest))
    groups = {}
    for content in LAYOUTS:
        try:
            groups[content] = open_group(path, content, lazy=fluxes(content))
        except DataError as error:
            report.add("groups", [f"{content}: {fault(error)}"])
            continue
        found, steps = groups[content].sizes.get("time"), len(time_edges(content, name.years)) - 1
        wrong = [f"{content}: {found} time steps, expected {steps}"] if found != steps else []
        report.add("groups", wrong)
    return Store(report, groups, Counter())


def label_differences(path: Path, manifest: ProductManifest) -> list[str]:
    """What the root of a store says otherwise than the manifest."""
    try:
        found = open_group(path, "", lazy=()).attrs
    except DataError as error:
        return [fault(error)]
    expected = {"product_version": manifest.version, "source_world": manifest.world}
    return [
        f"{key}: found {found.get(key)!r}, expected {value!r}"
        for key, value in expected.items()
        if found.get(key) != value
    ]


def copy_of(store: Store, file: Opened) -> Copy | None:
    """What the store holds of a file, if it can be compared value by value."""
    content, years = file.name.content, file.name.years
    group = store.groups.get(content)
    if group is None or "time" not in group.coords or group.time.dtype.kind != "M":
        return None
    subject = f"{content} {years[0]}" + (f"-{years[-1]}" if len(years) > 1 else "")
    start = int(np.searchsorted(group.time.values, file.data.time.values[0]))
    part = group.isel(time=slice(start, start + file.data.sizes["time"]))
    names = fluxes(content)
    store.compared[content] += part.sizes["time"]
    faults = copy_faults(file.data, part, names, of_one_year=content == "daily")
    store.report.add("values", (f"{subject}: {text}" for text in faults))
    if any(part[name].sizes != file.data[name].sizes for name in names if name in part):
        return None
    whole = content != "daily" or store.report.size <= COMPARED_WHOLE
    return Copy(store.report, subject, part, whole)


def finish(store: Store) -> None:
    """Say which time steps were not held beside a NetCDF file."""
    for content, group in store.groups.items():
        left = group.sizes.get("time", 0) - store.compared[content]
        if left > 0:
            store.report.unchecked.append(f"{left} time steps of {content} (no sound NetCDF file)")
