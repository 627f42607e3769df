"""Files of the synthetic tower network, most as FLUXNET2015 and some as La Thuile."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from fluxprod.synthetic.earth.world import Earth
from fluxprod.synthetic.native import fluxnet as native_fluxnet
from fluxprod.synthetic.native import lathuile as native_lathuile
from fluxprod.synthetic.observation.tower_tables import fluxnet_table, lathuile_table

BIF_NAME = "FLX_AA-Flx_BIF_DD_20221122.csv"


class Tower(NamedTuple):
    """A tower: its column in the records, its site code, and its first and last year."""

    column: int
    site: str
    first_year: int
    last_year: int


def towers_of(earth: Earth, source: str) -> list[Tower]:
    """Select the towers whose data come in one format, ``fluxnet`` or ``lathuile``."""
    sites = earth.towers[earth.towers.source == source]
    names = ["site", "first_year", "last_year"]
    return [Tower(*row) for row in sites[names].itertuples(name=None)]


def write_fluxnet(earth: Earth, folder: Path) -> None:
    """Write a daily table for each FLUXNET site, and the site table."""
    year = np.asarray(earth.records.time.year)
    for tower in towers_of(earth, "fluxnet"):
        table = fluxnet_table(earth.records, tower.column, tower.site, earth.seed)
        active = (year >= tower.first_year) & (year <= tower.last_year)
        native_fluxnet.write_fluxnet_daily(folder, tower.site, table[active])
    sites = earth.towers[earth.towers.source == "fluxnet"]
    offset = np.rint(sites.lon / 15.0)
    native_fluxnet.write_bif(folder / BIF_NAME, sites.assign(utc_offset=offset))


def write_lathuile(earth: Earth, folder: Path) -> None:
    """Write a daily table for each La Thuile site and year, and the site table."""
    years = np.asarray(earth.records.time.year)
    for tower in towers_of(earth, "lathuile"):
        table = lathuile_table(earth.records, tower.column)
        for year in range(tower.first_year, tower.last_year + 1):
            of_year = table[years == year]
            native_lathuile.write_lathuile_year(folder, tower.site, year, of_year)
    sites = earth.towers[earth.towers.source == "lathuile"]
    native_lathuile.write_site_metadata(folder / "Site_metadata.csv", sites)
