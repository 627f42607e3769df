"""The synthetic network's files: most as FLUXNET2015, some as La Thuile."""

from pathlib import Path

import numpy as np

from fluxprod.synthetic import native_fluxnet, native_lathuile
from fluxprod.synthetic.tower_tables import fluxnet_table, lathuile_table
from fluxprod.synthetic.world import Earth

BIF_NAME = "FLX_AA-Flx_BIF_DD_20221122.csv"


def write_fluxnet(earth: Earth, folder: Path) -> None:
    """Write a daily table of every FLUXNET site, and their site table."""
    sites = earth.towers[earth.towers.source == "fluxnet"]
    for tower in sites.itertuples():
        table = fluxnet_table(earth.records, tower.Index, tower.site, earth.seed)
        table = table.loc[str(tower.first_year) : str(tower.last_year)]
        native_fluxnet.write_fluxnet_daily(folder, tower.site, table)
    offset = np.rint(sites.lon / 15.0)
    native_fluxnet.write_bif(folder / BIF_NAME, sites.assign(utc_offset=offset))


def write_lathuile(earth: Earth, folder: Path) -> None:
    """Write a daily table of every year of the La Thuile sites, and their site table."""
    sites = earth.towers[earth.towers.source == "lathuile"]
    for tower in sites.itertuples():
        table = lathuile_table(earth.records, tower.Index)
        for year in range(tower.first_year, tower.last_year + 1):
            of_year = table.loc[str(year)]
            native_lathuile.write_lathuile_year(folder, tower.site, year, of_year)
    native_lathuile.write_site_metadata(folder / "Site_metadata.csv", sites)
