"""The product's files at 0.5 degree, 2001 to 2017, on the real land with made-up fluxes.

``python -m benchmarks.full_size_product write FOLDER`` makes the monthly file and the daily files,
which all have the fluxes of one year. ``... cell FOLDER`` and ``... month FOLDER`` read all days of
one cell and one month of the globe, as a user would.
"""

import json
import shutil
import sys
from pathlib import Path

import netCDF4
import numpy as np
import xarray as xr

DAILY = "daily_{}.nc"
MONTHLY = "monthly.nc"
YEARS = range(2001, 2018)
LAT, LON, MONTH = -3.0, -60.0, "2010-07"  # near Manaus
N_MEMBERS = 3
MIN_LAND = 0.2  # share of ice-free land, as in params.yaml [1]


def read_cell(folder: Path) -> dict:
    """Read all days of one cell."""
    series = []
    for year in YEARS:
        with xr.open_dataset(folder / DAILY.format(year)) as product:
            series.append(product.nee.sel(lat=LAT, lon=LON, method="nearest").load())
    return {"days": int(xr.concat(series, "time").count())}


def read_month(folder: Path) -> dict:
    """Read one month of the globe."""
    with xr.open_dataset(folder / MONTHLY) as product:
        field = product.nee.sel(time=MONTH).load()
    return {"cells": int(field.count())}


def write(folder: Path) -> dict:
    """Make the files and return their sizes [MB]."""
    from fluxprod.product.contents import daily_file, monthly_file
    from fluxprod.product.storage import STORAGE, netcdf_encoding
    from fluxprod.writers.cf_netcdf import write_netcdf

    sources = made_up_sources()
    files = {
        "daily": (daily_file(sources, YEARS[:1]), DAILY.format(YEARS[0])),
        "monthly": (monthly_file(sources), MONTHLY),
    }
    for content, (dataset, name) in files.items():
        write_netcdf(dataset, folder / name, netcdf_encoding(dataset, STORAGE[content]))
    for year in YEARS[1:]:
        shutil.copy(folder / DAILY.format(YEARS[0]), folder / DAILY.format(year))
        with netCDF4.Dataset(folder / DAILY.format(year), "a") as file:
            for name in ("time", "time_bnds"):
                file[name].units = f"days since {year}-01-01"
    sizes = {name: (folder / name).stat().st_size for _, name in files.values()}
    return {
        "daily_year_mb": round(sizes[DAILY.format(YEARS[0])] / 1e6),
        "monthly_mb": round(sizes[MONTHLY] / 1e6),
    }


def made_up_sources():
    """Real land, and fluxes with seasons, daily weather and differing members."""
    from fluxprod.core.time_axis import daily_axis, monthly_axis
    from fluxprod.product.contents import Sources

    rng = np.random.default_rng(1)
    land = half_degree_land()
    days, months = daily_axis(YEARS[0], YEARS[0]), monthly_axis(YEARS[0], YEARS[-1])
    store = xr.Dataset(
        {
            "NEE_mean": (("cell", "time"), fluxes(land, days.day_of_year, rng)),
            "NEE_spread": (("cell", "time"), abs(fluxes(land, days.day_of_year, rng)) / 4),
            "NEE_month": (
                ("member", "cell", "month"),
                np.stack([fluxes(land, 30 * months.month, rng) for _ in range(N_MEMBERS)]),
            ),
        },
        coords={"cell": land.cell, "time": days, "month": months},
    )
    return Sources({"nee": store, "nee_ec": store}, land, edition())


def fluxes(land: xr.Dataset, day_of_year: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """NEE that varies smoothly in space except for the weather, shape (cell, time) [g m-2 d-1]."""
    lat = land.lat.values[land.cell.values // land.lon.size][:, None]
    season = -2.0 * np.sin(np.radians(lat)) * np.cos(2 * np.pi * (day_of_year.values - 200) / 365)
    return (season + rng.normal(0.0, 0.3, season.shape)).astype(np.float32)


def half_degree_land() -> xr.Dataset:
    """Land cells with their areas and regions, from the reference data of the repository."""
    from fluxprod.core.grid import Grid, cell_area
    from fluxprod.core.variables import IGBP
    from fluxprod.synthetic.earth.reference import read_reference

    reference, grid = read_reference(Path("data/reference/earth")), Grid(0.5)
    share = reference.pixels.sel(igbp=list(IGBP)).sum("igbp") / reference.pixels.sum("igbp")
    land = share.where((share >= MIN_LAND) & (share.lat > -60.0), 0.0).values
    area = cell_area(grid.lat_edges, grid.lon_edges)
    fields = {"land_fraction": land, "cell_area": area, "region": reference.region.values}
    return xr.Dataset(
        {name: (("lat", "lon"), values) for name, values in fields.items()},
        coords={"lat": grid.lat, "lon": grid.lon, "cell": np.flatnonzero(land)},
    )


def edition():
    """An edition with attributes as long as those of a real run."""
    from fluxprod.core.provenance import Digest, Provenance
    from fluxprod.product.edition import Edition
    from fluxprod.readers.citation import read_citation

    made_of = Provenance(
        "observed",
        {"geography": {"min_land_fraction": MIN_LAND}, "note": "x" * 2000},
        {"era5": Digest("e" * 64, 1)},
        Digest("c" * 64, 1),
    )
    return Edition(read_citation(Path("CITATION.cff")), "observed", YEARS, 0.5, made_of)


def main(what: str, folder: Path) -> None:
    """Run one of the commands and print its result."""
    print(json.dumps({"write": write, "cell": read_cell, "month": read_month}[what](folder)))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
