"""Derive the small committed grids and tables of ``data/reference/earth`` from public files.

It was run once, by hand, on a folder with the files named in ``earth/README.md``:
``python data/reference/derive_earth.py --real REALDATA --out data/reference/earth``.
It is deterministic and needs rasterio in addition to the dependencies of fluxprod.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
import xarray as xr
from rasterio.features import rasterize
from rasterio.transform import from_origin
from scipy.ndimage import distance_transform_edt
from shapely.geometry import Polygon

from fluxprod.core.grid import Grid, regrid
from fluxprod.core.regions import ABBREVIATIONS, UNASSIGNED
from fluxprod.core.variables import IGBP

HALF_DEGREE = Grid(0.5)
ONE_DEGREE = Grid(1.0)
FINE = 5  # cells of the country raster along one side of a 0.5 degree cell
NEAR = 3.0  # 0.5 degree cells: land this close to a country is assigned to its region
FIRST_YEAR, LAST_YEAR = 2001, 2008  # period of the default world
LATHUILE_SHARE = 0.16  # share of sites in the older format [1]
TWINS = 20.0  # distance below which sites of one biome count as twins [km]


def land_cover_shares(path: Path) -> xr.DataArray:
    """Count the 0.05 degree pixels of each IGBP class in 0.5 degree cells, 0 to 100."""
    with rasterio.open(path) as tif:
        igbp = tif.read(1)[::-1]  # row 0 is 90 N in the file
    side = igbp.shape[0] // HALF_DEGREE.shape[0]
    blocks = igbp.reshape(HALF_DEGREE.shape[0], side, HALF_DEGREE.shape[1], side)
    counts = np.stack([(blocks == number).sum(axis=(1, 3)) for number in range(17)])
    return xr.DataArray(
        counts.astype(np.uint8),
        dims=("igbp", "lat", "lon"),
        coords={"igbp": np.arange(17), "lat": HALF_DEGREE.lat, "lon": HALF_DEGREE.lon},
        name="pixels",
        attrs={"long_name": "0.05 degree pixels of the class, of 100", "units": "1"},
    )


def climatology(path: Path) -> xr.Dataset:
    """Average the monthly climatology of ERA5, T [degC] and P [mm d-1], to 1 degree."""
    with xr.open_dataset(path) as source:
        source = source.load().rename(latitude="lat", longitude="lon")
    days = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    air = regrid(source.t2m, ONE_DEGREE)
    rain = regrid(source.tp, ONE_DEGREE).clip(min=0) / days[:, None, None]
    air.attrs = {"units": "degC", "long_name": "air temperature at 2 m, mean of 2000 to 2025"}
    rain.attrs = {"units": "mm d-1", "long_name": "precipitation, mean of 2000 to 2025"}
    return xr.Dataset({"TA": air, "P": rain})


def decoded_arcs(topology: dict[str, Any]) -> list[np.ndarray]:
    """Undo the quantisation and delta encoding of TopoJSON (specification, 2.1.3)."""
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]


def ring(arcs: list[np.ndarray], indices: list[int]) -> np.ndarray:
    """Join arcs to a closed ring; index ``~i`` stands for arc ``i`` reversed."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def country_polygons(path: Path) -> list[tuple[str, Polygon]]:
    """Read all polygons of all countries, each with the name of its country."""
    topology = json.loads(path.read_text())
    arcs = decoded_arcs(topology)
    polygons = []
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for rings in parts:
            shell, *holes = (ring(arcs, indices) for indices in rings)
            name_here = _overseas(name, shell)
            for shift in (
                -360.0,
                0.0,
                360.0,
            ):  # areas beyond the date line appear on the other side
                whole = [_unbroken(line) + [shift, 0.0] for line in (shell, *holes)]
                polygons.append((name_here, Polygon(whole[0], whole[1:])))
    return polygons


def _unbroken(line: np.ndarray) -> np.ndarray:
    """Continue a ring beyond the date line where it jumps between 180 W and 180 E."""
    return np.stack([np.unwrap(line[:, 0], period=360.0), line[:, 1]], axis=1)


def _overseas(name: str, shell: np.ndarray) -> str:
    """Name French Guiana, which Natural Earth counts as part of France."""
    west, south = shell.mean(axis=0)
    return "French Guiana" if name == "France" and -56 < west < -50 and south < 10 else name


def region_map(countries: Path, table: Path, is_land: np.ndarray) -> np.ndarray:
    """Find the region number of each 0.5 degree cell, south to north; -1 outside all regions."""
    lists = pd.read_csv(table, comment="#").set_index("country").region
    polygons = country_polygons(countries)
    missing = sorted({name for name, _ in polygons} - set(lists.index))
    if missing:
        raise SystemExit(f"{table}: no row for the countries {missing}")
    number = {name: index for index, name in enumerate(ABBREVIATIONS)}
    code = [number.get(lists[name], 18) + 1 for name, _ in polygons]
    side = FINE * HALF_DEGREE.shape[0]
    fine = rasterize(
        [(polygon, value) for (_, polygon), value in zip(polygons, code, strict=True)],
        out_shape=(side, 2 * side),
        transform=from_origin(-180.0, 90.0, 0.5 / FINE, 0.5 / FINE),
        dtype="uint8",
    )[::-1]
    blocks = fine.reshape(HALF_DEGREE.shape[0], FINE, HALF_DEGREE.shape[1], FINE)
    counts = np.stack([(blocks == value).sum(axis=(1, 3)) for value in range(1, 20)])
    nearest = np.where(counts.sum(axis=0) > 0, counts.argmax(axis=0), -1)
    return _with_coasts(nearest, is_land)


def _with_coasts(region: np.ndarray, is_land: np.ndarray) -> np.ndarray:
    """Assign coastal land without a country to the region of the nearest cell with a country."""
    distance, (row, column) = distance_transform_edt(region < 0, return_indices=True)
    region = np.where(is_land & (distance <= NEAR), region[row, column], region)
    return np.where((region < 0) | (region == 18), UNASSIGNED, region).astype(np.int8)


def lathuile_years(path: Path) -> pd.DataFrame:
    """First and last year, within 2001 to 2007, of the La Thuile sites with at least two years."""
    held = pd.read_csv(path).set_index("site").notna()
    held = held.loc[:, [str(year) for year in range(FIRST_YEAR, 2008)]]
    held = held[held.sum(axis=1) >= 2]
    years = held.columns.astype(int).to_numpy()
    return pd.DataFrame(
        {
            "first_year": [years[row].min() for row in held.to_numpy()],
            "last_year": [years[row].max() for row in held.to_numpy()],
        },
        index=held.index,
    )


def fluxnet_years(sites: pd.DataFrame) -> pd.DataFrame:
    """First and last year, within the period, of the catalogue sites with at least two years."""
    years = pd.DataFrame(
        {
            "first_year": sites.first_year.clip(lower=FIRST_YEAR),
            "last_year": sites.last_year.clip(upper=LAST_YEAR),
        }
    )
    return years[years.last_year > years.first_year].astype(int)


def catalogue(folder: Path) -> pd.DataFrame:
    """Read lat, lon, igbp, first_year and last_year by site from the snapshot of the Shuttle."""
    table = pd.read_csv(folder / "shuttle_snapshot_no_personal_columns.csv")
    table = table.rename(columns={"location_lat": "lat", "location_long": "lon", "site_id": "site"})
    return table.drop_duplicates("site").set_index("site")


def badm(folder: Path) -> pd.DataFrame:
    """Read lat, lon and igbp by site from the BIF file."""
    table = pd.read_csv(folder / "FLX_AA-Flx_BIF_LATEST.csv", sep=";", encoding="latin-1")
    table = table.drop_duplicates(["SITE_ID", "VARIABLE"])
    wide = table.pivot_table(
        index="SITE_ID", columns="VARIABLE", values="DATAVALUE", aggfunc="first"
    )
    names = {"LOCATION_LAT": "lat", "LOCATION_LONG": "lon", "IGBP": "igbp"}
    wide = wide[list(names)].rename(columns=names).rename_axis("site")
    return wide.assign(lat=wide.lat.astype(float), lon=wide.lon.astype(float))


def lathuile_metadata(folder: Path) -> pd.DataFrame:
    """Read lat, lon and igbp by site from the La Thuile spreadsheet."""
    table = pd.read_excel(folder / "LaThuile_SiteMetadata.xls", header=4, engine="xlrd")
    names = {"Site ID": "site", "Latitude": "lat", "Longitude": "lon", "IGBP class": "igbp"}
    table = table[list(names)].rename(columns=names).dropna(subset=["site"])
    for name in ("lat", "lon"):
        table[name] = pd.to_numeric(table[name], errors="coerce")
    return table.drop_duplicates("site").set_index("site")


def tower_list(folder: Path) -> pd.DataFrame:
    """Compile the network of 2001 to 2008: place, biome and years of each site."""
    shuttle, bif, spreadsheet = catalogue(folder), badm(folder), lathuile_metadata(folder)
    policy = lathuile_years(folder / "LaThuile_site_policy.csv")
    modern = fluxnet_years(shuttle)
    # Sites of FLUXNET2015, those in the BIF file, get their years from the Shuttle or, if it does
    # not list them, from La Thuile. All other La Thuile sites stay in the older format.
    in_2015 = policy.index.intersection(bif.index.union(modern.index))
    new = modern.loc[modern.index.intersection(bif.index.union(policy.index))]
    fluxnet = pd.concat([new, policy.loc[in_2015.difference(new.index)]]).assign(source="fluxnet")
    old = policy.loc[policy.index.difference(fluxnet.index)].assign(source="lathuile")
    place = bif.combine_first(spreadsheet).combine_first(shuttle)[["lat", "lon", "igbp"]]
    towers = pd.concat([fluxnet, old]).join(place).dropna(subset=["lat", "lon"])
    towers = with_few_old(without_neighbours(towers.rename_axis("site")))
    known = set(IGBP.values())
    towers["igbp"] = towers.igbp.str.strip().where(towers.igbp.isin(known), "")
    columns = ["lat", "lon", "igbp", "first_year", "last_year", "source"]
    return towers[columns].round({"lat": 4, "lon": 4}).sort_index().rename_axis("site")


def without_neighbours(towers: pd.DataFrame) -> pd.DataFrame:
    """Keep only the longest record of towers of one biome within 20 km (fire, felling series)."""
    length = towers.last_year - towers.first_year
    kept: list[str] = []
    for site in towers.assign(length=-length).sort_values(["length", "site"]).index:
        here = towers.loc[site]
        twins = towers.loc[kept]
        twins = twins[twins.igbp == here.igbp]
        if not (distance(here.lat, here.lon, twins.lat, twins.lon) < TWINS).any():
            kept.append(site)
    return towers.loc[sorted(kept)]


def distance(lat: float, lon: float, lats: pd.Series, lons: pd.Series) -> pd.Series:
    """Great-circle distance between positions in degrees, by the haversine formula [km]."""
    y, x, ys, xs = (np.radians(angle) for angle in (lat, lon, lats, lons))
    half = np.sin((ys - y) / 2) ** 2 + np.cos(y) * np.cos(ys) * np.sin((xs - x) / 2) ** 2
    kilometres: pd.Series = 2 * 6371.0 * np.arcsin(np.sqrt(half))
    return kilometres


def with_few_old(towers: pd.DataFrame) -> pd.DataFrame:
    """Keep all FLUXNET sites, and enough La Thuile sites to make up their share of the network.

    Tropical sites come first because few others are there, then sites by length of record and name,
    until they make up LATHUILE_SHARE of the network.
    """
    old = towers[towers.source == "lathuile"]
    room = round(LATHUILE_SHARE / (1 - LATHUILE_SHARE) * (len(towers) - len(old)))
    order = old.assign(extratropical=old.lat.abs() > 23.5, short=old.first_year - old.last_year)
    chosen = order.sort_values(["extratropical", "short", "site"]).index[:room]
    return towers[(towers.source == "fluxnet") | towers.index.isin(chosen)]


def write_grid(dataset: xr.Dataset, path: Path, packing: dict[str, dict[str, Any]]) -> None:
    """Write a grid with strong compression and, for the variables in ``packing``, as integers."""
    deflate = {"zlib": True, "complevel": 9, "shuffle": True}
    encoding = {name: {**deflate, **packing.get(str(name), {})} for name in dataset.data_vars}
    dataset.to_netcdf(path, engine="netcdf4", encoding=encoding)


def main() -> None:
    """Read the public files and write the four derived ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, required=True, help="folder with the public files")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for the derived files, data/reference/earth"
    )
    arguments = parser.parse_args()
    real, out = arguments.real, arguments.out
    shares = land_cover_shares(next((real / "modis").glob("MCD12C1*.tif")))
    is_land = shares.sel(igbp=slice(1, 16)).sum("igbp").values > 0
    countries = real / "grids" / "countries-50m.json"
    region = region_map(countries, out / "countries_to_regions.csv", is_land)
    grid = xr.DataArray(region, dims=("lat", "lon"), coords={"lat": shares.lat, "lon": shares.lon})
    grid.attrs["long_name"] = "number of the region of Table A1, -1: none"
    write_grid(shares.to_dataset(), out / "land_cover.nc", {})
    write_grid(grid.to_dataset(name="region"), out / "regions.nc", {})
    packing = {
        "TA": {"dtype": "int16", "scale_factor": 0.1, "_FillValue": -32768},
        "P": {"dtype": "int16", "scale_factor": 0.02, "_FillValue": -32768},
    }
    climate = climatology(real / "grids" / "era5_climatology_2000_2025_0p5deg.nc")
    write_grid(climate, out / "climate.nc", packing)
    tower_list(real / "sites").to_csv(out / "towers.csv", lineterminator="\n")


if __name__ == "__main__":
    main()
