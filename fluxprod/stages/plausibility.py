"""Hold the inputs against one another and against what is known, and stop before training.

A finding that stops the run can be overruled only by its name in ``plausibility.accept``; the
product names it.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from rich.progress import track

from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError, DataErrors
from fluxprod.core.grid import Grid
from fluxprod.core.json_file import write_json
from fluxprod.core.world import World
from fluxprod.drivers.tower_records import nearest_cells
from fluxprod.plausibility.atmosphere.fires_and_rivers import fire_findings, river_findings
from fluxprod.plausibility.atmosphere.fluxcom import fluxcom_findings
from fluxprod.plausibility.atmosphere.members import member_findings
from fluxprod.plausibility.atmosphere.regional_seasons import seasonal_findings
from fluxprod.plausibility.climate.findings import climate_findings
from fluxprod.plausibility.criterion import Finding
from fluxprod.plausibility.regions import region_findings
from fluxprod.plausibility.settings import PlausibilitySettings
from fluxprod.plausibility.table import findings_table, summary, unused
from fluxprod.plausibility.towers.biomes import biome_findings
from fluxprod.plausibility.towers.fluxes import network_findings, uptake_per_light
from fluxprod.plausibility.towers.position import position_findings
from fluxprod.plausibility.towers.record import record_findings
from fluxprod.plausibility.towers.series import copy_findings
from fluxprod.plausibility.vegetation.findings import vegetation_findings
from fluxprod.readers.budget import read_budget
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.readers.towers.sites import count_towers, read_towers
from fluxprod.stages._run import run
from fluxprod.writers.csv_table import write_table

BLOCK = f"plausibility.accept in {PARAMS_FILE}"


def main(
    *,
    fluxnet: Path,
    lathuile: Path,
    budget: Path,
    reference: Path,
    geography: Path,
    climate: Path,
    vegetation: Path,
    inversions: Path,
    fluxcom: Path,
    findings: Path,
    plausible: Path,
    world: World,
    params: PlausibilitySettings,
) -> None:
    land = read_interim(geography)
    regions = read_interim(reference / "regions.nc").region
    normals = read_interim(reference / "climate.nc")
    with open_interim(climate) as weather, open_interim(vegetation) as composites:
        found = [
            *region_findings(land, regions),
            *tower_findings(fluxnet, lathuile, weather, land, Grid(world.resolution), regions),
            *climate_findings(weather, land, normals),
            *vegetation_findings(composites, weather, land, normals),
            *atmosphere_findings(inversions, fluxcom, budget),
        ]
    table = findings_table(found, params.accept)
    # written before any error is raised, because it explains the error
    write_table(table, findings, checksum=True)
    print(f"plausibility: {summary(table)}", flush=True)
    for key in unused(params.accept, found):
        print(f"plausibility: {BLOCK} names {key!r}, which stops nothing", flush=True)
    if faults := list(stops(found, params.accept)):
        raise DataErrors(faults)
    write_json({"accepted": sorted(params.accept)}, plausible, indent=1)


def tower_findings(
    fluxnet: Path,
    lathuile: Path,
    weather: xr.Dataset,
    land: xr.Dataset,
    grid: Grid,
    regions: xr.DataArray,
) -> list[Finding]:
    """Read all towers, whatever the screening left of them, and test each and all of them.

    Parameters
    ----------
    fluxnet, lathuile : Path
        Folders of tower records.
    weather : Dataset, dims (cell, time)
        Climate store, opened lazily.
    land : Dataset
        Output of the stage geography.
    grid : Grid
        Target grid.
    regions : DataArray of int, dims (lat, lon)
        Map of region numbers at half a degree.
    """
    facts, kept, uptake, found = {}, {}, {}, []
    cell = weather.cell.values
    towers = read_towers(fluxnet, lathuile)
    for site, record, fact in track(towers, "towers", count_towers(fluxnet, lathuile)):
        lat, lon = float(str(fact["lat"])), float(str(fact["lon"]))
        (row,) = nearest_cells(cell, grid, np.array([lat]), np.array([lon]))
        found += record_findings(site, record, lat, weather.isel(cell=row).load())
        facts[site], kept[site] = fact, record[["NEE", "TA"]]
        uptake[site] = uptake_per_light(record)
    sites = pd.DataFrame.from_dict(facts, orient="index")
    return [
        *position_findings(sites, cell, grid, regions),
        *biome_findings(sites, land.pft_fraction, grid),
        *found,
        *copy_findings(kept, sites),
        *network_findings(uptake),
    ]


def atmosphere_findings(inversions: Path, fluxcom: Path, budget: Path) -> list[Finding]:
    """Test inversions, fires, rivers and the FLUXCOM cube."""
    regional, cube = read_interim(inversions), read_interim(fluxcom)
    return [
        *member_findings(regional, read_budget(budget)),
        *seasonal_findings(regional, cube),
        *fire_findings(regional),
        *river_findings(regional),
        *fluxcom_findings(cube),
    ]


def stops(findings: list[Finding], accept: list[str]) -> Iterator[DataError]:
    """Make an error of each stop that is not accepted."""
    for each in findings:
        if each.outcome == "stop" and each.key not in accept:
            name, expected, _, action = each.criterion
            overrule = f"{action}; if it is right, add {each.key!r} to {BLOCK}"
            yield DataError(name, each.subject, each.found, expected, overrule)


if __name__ == "__main__":
    run(main)
