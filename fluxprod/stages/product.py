"""The files that people download: daily and monthly NEE, regional totals, manifest."""

from pathlib import Path

import xarray as xr

from fluxprod.params import Product, World
from fluxprod.product.contents import DESCRIPTIONS, daily_file, monthly_file
from fluxprod.product.names import file_name
from fluxprod.product.regional_table import regional_table
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.stages._run import run
from fluxprod.writers.cf_netcdf import write_netcdf
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.product_manifest import write_manifest
from fluxprod.writers.whole_file import whole


def main(
    *,
    ec: Path,
    ec_atm: Path,
    geography: Path,
    product: Path,
    source: str,
    world: World,
    params: Product,
) -> None:
    land = read_interim(geography)
    models: dict[str, xr.Dataset] = {"nee": open_interim(ec_atm), "nee_ec": open_interim(ec)}
    header = {"title": params.title, "version": params.version, "world": source}
    labels = {**header, "period": world.years}
    header["funding"] = params.funding
    descriptions = {}

    def name(content: str, period: object, ending: str = "nc") -> str:
        chosen = file_name(params.version, world.resolution, content, str(period), ending)
        descriptions[chosen] = DESCRIPTIONS[content]
        return chosen

    with whole(product) as folder:
        for year in world.years:
            write_netcdf(
                daily_file(models, land, year, labels=labels), folder / name("daily", year)
            )
        period = f"{world.first_year}-{world.last_year}"
        monthly = folder / name("monthly", period)
        write_netcdf(monthly_file(models, land, labels=labels), monthly)
        totals = regional_table(read_interim(monthly))
        write_table(totals, folder / name("regional-monthly", period, "csv"))
        write_manifest(folder, descriptions, header)


if __name__ == "__main__":
    run(main)
