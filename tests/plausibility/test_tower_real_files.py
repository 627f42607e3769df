"""Records of real towers, as their networks issue them, do not stop a run."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.variables import IGBP
from fluxprod.plausibility.towers.fluxes import flux_findings, network_findings, uptake_per_light
from fluxprod.plausibility.towers.position import position_findings
from fluxprod.plausibility.towers.radiation import radiation_findings
from fluxprod.plausibility.towers.series import copy_findings, series_findings
from fluxprod.plausibility.towers.weather import VARIABLES, weather_findings
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily, site_of
from fluxprod.readers.towers.sites import fluxnet_sites
from tests.plausibility.small_tower import stops
from tests.plausibility.test_regions import EARTH

ERA = {name: f"{name}_ERA" for name in VARIABLES}


def era_of(path, record):
    """Reanalysis at the site, which files of all variables contain; None without it."""
    table = pd.read_csv(path, na_values=-9999)
    if not set(ERA.values()) <= set(table) or table[ERA["TA"]].isna().all():
        return None
    columns = {name: ("time", table[column].to_numpy()) for name, column in ERA.items()}
    return xr.Dataset(columns, coords={"time": record.time})


@pytest.mark.parametrize("folder", ["fluxnet", "fluxnet_daily"])
def test_no_real_record_stops_a_run(realdata, folder):
    sites = fluxnet_sites(realdata / "sites").set_index("site")
    records, findings = {}, []
    for path in sorted((realdata / folder).glob("*.csv*")):
        site, record = site_of(path), read_fluxnet_daily(path)
        findings += radiation_findings(site, record, float(sites.lat[site]))
        findings += flux_findings(site, record) + series_findings(site, record)
        if (era := era_of(path, record)) is not None:
            findings += weather_findings(site, record, era)
        records[site] = record
    findings += copy_findings(records, sites)
    findings += network_findings({site: uptake_per_light(each) for site, each in records.items()})
    assert len(findings) > 15 * len(records) > 0
    assert stops(findings) == set()


def test_no_real_position_stops_a_run(realdata):
    """The 775 sites of the Shuttle's catalogue and the FLUXNET2015 sites, on half-degree land."""
    sites = fluxnet_sites(realdata / "sites").set_index("site")
    pixels = xr.open_dataset(EARTH / "land_cover.nc").pixels
    land = pixels.sel(igbp=list(IGBP)).sum("igbp") >= 0.2 * pixels.sum("igbp")
    regions = xr.open_dataset(EARTH / "regions.nc").region
    cell = np.flatnonzero(land.values.ravel())
    assert len(sites) > 775
    assert stops(position_findings(sites, cell, Grid(0.5), regions)) == set()
