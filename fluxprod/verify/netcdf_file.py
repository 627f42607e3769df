"""A NetCDF file of the product, opened and checked for what it states about itself."""

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
from fluxprod.verify.values.metadata import metadata_faults
from fluxprod.verify.values.regional_table import region_faults
from fluxprod.verify.values.structure import GRIDDED, flux_names, structure_faults
from fluxprod.verify.values.time_steps import time_faults


class NetcdfFile(NamedTuple):
    """An open NetCDF file with the expected structure.

    Parameters
    ----------
    name : FileName
        What its name states.
    report : FileReport
        Report of the file.
    data : Dataset
        Its contents; fluxes are read when they are used.
    comparable : bool
        Whether its time steps and regions are correct, so it can be compared with other files.
    """

    name: FileName
    report: FileReport
    data: xr.Dataset
    comparable: bool


def open_netcdf_file(
    path: Path, name: FileName, report: FileReport, manifest: ProductManifest
) -> NetcdfFile | None:
    """Open a NetCDF file and check what it states about itself.

    Parameters
    ----------
    path : Path
        The file.
    name : FileName
        What its name states.
    report : FileReport
        Report of the file, which takes the faults.
    manifest : ProductManifest
        Manifest of the product.

    Returns
    -------
    NetcdfFile or None
        None if the file cannot be read or has another structure.
    """
    try:
        data = open_published(path, lazy=flux_names(name.content))
    except DataError as error:
        report.faults.append(error_text(error))
        return None
    report.add("CF-1.11", cf_findings(path))
    if not report.add("structure", structure_faults(data, name.content)):
        data.close()
        return None
    header = {"version": manifest.version, "world": manifest.world, "doi": manifest.doi}
    report.add("names and units", metadata_faults(data, name, **header))
    comparable = report.add("time", time_faults(data, name.content, name.years))
    if name.content in GRIDDED:
        report.add("grid and land", cell_faults(data, name.resolution))
    else:
        comparable &= report.add("regions", region_faults(data))
    return NetcdfFile(name, report, data, comparable)


def error_text(error: DataError) -> str:
    """Text of an error without the file, which the report already names."""
    advice = f"; {error.action}" if error.action else ""
    return f"{error.variable}: found {error.found}, expected {error.expected}{advice}"
