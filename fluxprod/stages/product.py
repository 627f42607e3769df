"""Write the files of the product: gridded NEE, regional totals, pictures and a manifest."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr
from rich.console import Console
from rich.progress import track

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.citation import Citation, full_title
from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError
from fluxprod.core.json_file import write_json
from fluxprod.core.world import World
from fluxprod.inventory.datasets import input_dois
from fluxprod.product.attributes import common_attributes
from fluxprod.product.contents import (
    Sources,
    daily_file,
    members_file,
    monthly_file,
    regional_files,
)
from fluxprod.product.datacite import DATACITE, datacite
from fluxprod.product.edition import Edition, cells_without_flux, years_of_climatology
from fluxprod.product.names import STORE, description, file_name
from fluxprod.product.quicklook import quicklooks
from fluxprod.product.regional import regional_table
from fluxprod.product.settings import ProductSettings
from fluxprod.product.storage import STORAGE, netcdf_encoding, zarr_encoding
from fluxprod.readers.citation import read_citation
from fluxprod.readers.findings import read_findings
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.readers.provenance import read_provenance
from fluxprod.stages._run import run
from fluxprod.writers.cf_netcdf import write_netcdf
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.figure_file import write_picture
from fluxprod.writers.product_manifest import write_manifest
from fluxprod.writers.product_store import consolidate, write_group

N_STEPS = 13  # besides daily files: four other contents, four pictures, five groups of the store


def main(
    *,
    ec: Path,
    ec_atm: Path,
    geography: Path,
    inversions: Path,
    citation: Path,
    provenance: Path,
    findings: Path,
    product: Path,
    source: str,
    world: World,
    params: ProductSettings,
) -> None:
    cited = agreed(read_citation(citation), citation, source, params)
    made_of = read_provenance(provenance)
    of_inversions = read_interim(inversions)
    stores: dict[str, xr.Dataset] = {"nee": open_interim(ec_atm), "nee_ec": open_interim(ec)}
    edition = Edition(
        cited,
        source,
        world.years,
        world.resolution,
        made_of,
        years_of_climatology(of_inversions),
        cells_without_flux([store.NEE_month for store in stores.values()]),
    )
    sources = Sources(stores, read_interim(geography), edition)
    with atomic_output(product) as folder:
        folder.mkdir(parents=True)
        steps = written(folder, sources, of_inversions)
        console = Console(stderr=True)
        quiet = not console.is_terminal
        for _ in track(
            steps, "product", N_STEPS + len(world.years), console=console, disable=quiet
        ):
            pass
        descriptions = {path.name: description(path.name) for path in folder.iterdir()}
        write_json(registered(edition), folder / DATACITE)
        descriptions[DATACITE] = "metadata of the whole for the registry of DOIs, DataCite 4.5"
        header = {"title": cited.title, "version": cited.version, "world": source, "doi": cited.doi}
        inputs = {"plausibility": findings_of_inputs(read_findings(findings))}
        write_manifest(folder, descriptions, header | inputs)


def findings_of_inputs(findings: pd.DataFrame) -> dict[str, Any]:
    """Number of tests of the inputs, and what they found that is unusual or was accepted."""
    noted = findings[findings.outcome != "pass"]
    columns = ["test", "subject", "outcome", "found", "expected"]
    return {"tests": findings.test.nunique(), "noted": noted[columns].to_dict("records")}


def registered(edition: Edition) -> dict[str, Any]:
    """Make the DataCite metadata; a synthetic product cites no input data."""
    dois = input_dois(edition.provenance.raw) if edition.world == "observed" else ()
    return datacite(edition, *dois)


def agreed(cited: Citation, path: Path, world: str, params: ProductSettings) -> Citation:
    """Complete the citation of a product with the name of its world and its funding.

    Raises
    ------
    DataError
        If the version in the citation file is not that of the run.
    """
    if cited.version != params.version:
        expected = f"product.version {params.version} of {PARAMS_FILE}"
        raise DataError(path, "preferred-citation: version", cited.version, expected)
    title = full_title(cited.title, world)
    return dataclasses.replace(cited, title=title, funding=params.funding)


def written(folder: Path, sources: Sources, inversions: xr.Dataset) -> Iterator[str]:
    """Write the files one after the other.

    Parameters
    ----------
    folder : Path
        Folder to fill.
    sources : Sources
        NEE stores, land cells and edition.
    inversions : Dataset
        Regional totals of the inversions.

    Yields
    ------
    str
        Content of each file, once it is written.
    """
    edition = sources.edition
    for year in edition.period:
        gridded(daily_file(sources, range(year, year + 1)), folder, edition, "daily", year)
        yield "daily"
    monthly = gridded(monthly_file(sources), folder, edition, "monthly")
    yield "monthly"
    members = gridded(members_file(sources), folder, edition, "monthly-members")
    yield "monthly-members"
    with open_interim(members) as of_members:
        regional = regional_files(read_interim(monthly), of_members, inversions, edition)
    for content, table in regional.items():
        write_netcdf(table, folder / file_name(edition, content), netcdf_encoding(table))
        write_table(regional_table(table, content), folder / file_name(edition, content, "csv"))
        yield content
    totals = regional_table(regional["regional-monthly"], "regional-monthly")
    for what, picture in quicklooks(read_interim(monthly), totals, edition).items():
        write_picture(picture, folder / file_name(edition, f"quicklook-{what}", "png"))
        yield what
    yield from stored(folder / file_name(edition, STORE, "zarr"), sources, regional)


def gridded(
    dataset: xr.Dataset, folder: Path, edition: Edition, content: str, year: int | None = None
) -> Path:
    """Write one gridded file."""
    path = folder / file_name(edition, content, year=year)
    write_netcdf(dataset, path, netcdf_encoding(dataset, STORAGE[content]))
    return path


def stored(path: Path, sources: Sources, regional: dict[str, xr.Dataset]) -> Iterator[str]:
    """Write the same contents as one Zarr store."""
    groups = {
        "daily": daily_file(sources, sources.edition.period),
        "monthly": monthly_file(sources),
        "monthly-members": members_file(sources),
        # Zarr 3 does not specify strings; flag_meanings give the names of regions
        **{content: table.drop_vars("region_name") for content, table in regional.items()},
    }
    for group, dataset in groups.items():
        write_group(dataset, path, group, zarr_encoding(dataset, STORAGE.get(group)))
        yield group
    consolidate(path, list(groups), common_attributes(sources.edition))


if __name__ == "__main__":
    run(main)
