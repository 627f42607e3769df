"""Product files, open and checked for all that each says about itself."""

from pathlib import Path
from typing import NamedTuple

import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.files.cf_compliance import cf_findings
from fluxprod.verify.files.file_name import FileName
from fluxprod.verify.files.manifest import ProductManifest
from fluxprod.verify.files.published import open_published
from fluxprod.verify.report import FileReport
from fluxprod.verify.values.cells import cell_faults
from fluxprod.verify.values.labels import label_faults
from fluxprod.verify.values.regional_table import region_faults
from fluxprod.verify.values.structure import GRIDDED, fluxes, structure_faults
from fluxprod.verify.values.time_steps import time_faults


class Opened(NamedTuple):
    """A NetCDF file of a structure as it must be.

    Parameters
    ----------
    name : FileName
    report : FileReport
    data : Dataset
    comparable : bool
        Whether its time steps and cells, or regions, are those of other files.
    """

    name: FileName
    report: FileReport
    data: xr.Dataset
    comparable: bool


def opened_product(
    path: Path, name: FileName, report: FileReport, manifest: ProductManifest
) -> Opened | None:
    """Open a NetCDF file and check what it says about itself; None if it cannot be used."""
    try:
        data = open_published(path, lazy=fluxes(name.content))
    except DataError as error:
        report.faults.append(fault(error))
        return None
    report.add("CF-1.11", cf_findings(path))
    if not report.add("structure", structure_faults(data, name.content)):
        data.close()
        return None
    header = {"version": manifest.version, "world": manifest.world, "doi": manifest.doi}
    report.add("names and units", label_faults(data, name, **header))
    comparable = report.add("time", time_faults(data, name.content, name.years))
    if name.content in GRIDDED:
        report.add("grid and land", cell_faults(data, name.resolution))
    else:
        comparable &= report.add("regions", region_faults(data))
    return Opened(name, report, data, comparable)


def fault(error: DataError) -> str:
    """An error without the file that it is reported of."""
    advice = f"; {error.action}" if error.action else ""
    return f"{error.variable}: found {error.found}, expected {error.expected}{advice}"
