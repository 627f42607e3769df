"""Countries of Natural Earth (admin 0), from a zipped shapefile or GeoJSON."""

import io
import json
import struct
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import shapefile
import shapely
from shapely.geometry import MultiPolygon

from fluxprod.core.errors import DataError
from fluxprod.readers.files.archive import members, open_member
from fluxprod.readers.files.folder import matching
from fluxprod.readers.files.netcdf import fault
from fluxprod.readers.files.web_page import web_page_fault

PATTERNS = ("ne_*countries*.zip", "*countries*.zip", "*countries*.json", "*countries*.geojson")
EXPECTED = "countries of Natural Earth: ne_50m_admin_0_countries.zip or the same as GeoJSON"
FEWEST = 150  # countries of the world at 1:110m are 177
CODES = ("ISO_A3_EH", "ISO_A3", "ADM0_A3")  # the first that holds a code; -99 stands for none
NAMES = ("NAME", "ADMIN")
OWN_CODES = {"SDS": "SSD", "SAH": "ESH", "PSX": "PSE", "ALD": "ALA", "XKX": "KOS"}
NAMED = {  # whose ISO columns hold no code, or that of another country
    "Somaliland": "SOL",
    "Kosovo": "KOS",
    "N. Cyprus": "CYN",
    "Indian Ocean Ter.": "IOA",
    "Siachen Glacier": "KAS",
    "Ashmore and Cartier Is.": "ATC",
}
BROKEN = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    RecursionError,
    *(shapely.errors.ShapelyError, shapefile.ShapefileException, struct.error, Warning),
)


class Country(NamedTuple):
    """Three-letter code, name and polygons (longitude, latitude) [degree] of a country."""

    code: str
    name: str
    area: MultiPolygon


def find_countries(folder: Path) -> Path | None:
    """Find the file of countries in a folder; None if there is none.

    Raises
    ------
    DataError
        If there is more than one.
    """
    found = matching(folder, *PATTERNS)
    if len(found) > 1:
        raise DataError(folder, "countries", ", ".join(path.name for path in found), "one file")
    return found[0] if found else None


def read_countries(path: Path) -> list[Country]:
    """Read all countries, with de facto borders as in Natural Earth.

    Parameters
    ----------
    path : Path
        ``ne_50m_admin_0_countries.zip`` as downloaded, or the same as GeoJSON.

    Returns
    -------
    list of Country
        Countries in the order of the file.

    Raises
    ------
    DataError
        If the file is corrupt or does not contain the countries of the world.
    """
    try:
        read = _from_shapefile if path.suffix.lower() == ".zip" else _from_json
        countries = read(path)
    except BROKEN as error:
        raise (
            web_page_fault(path, EXPECTED, json=True)
            or DataError(path, "file", fault(error), EXPECTED)
        ) from error
    if len(countries) < FEWEST:
        raise DataError(path, "countries", len(countries), f"at least {FEWEST}")
    return countries


def _from_json(path: Path) -> list[Country]:
    content = json.loads(path.read_text(encoding="utf-8"))
    kind = content.get("type")
    if kind == "Topology":
        raise DataError(path, "type", "TopoJSON", EXPECTED, "get either from naturalearthdata.com")
    if kind != "FeatureCollection":
        raise DataError(path, "type", kind, "a GeoJSON FeatureCollection")
    return _countries(path, ((f["properties"], f["geometry"]) for f in content["features"]))


def _from_shapefile(path: Path) -> list[Country]:
    inside = {Path(m.name).suffix.lower(): m.name for m in members(path)}
    if not {".shp", ".dbf"} <= set(inside):
        raise DataError(path, "archive", sorted(inside), "a .shp and a .dbf file")
    parts = {}
    for kind in ("shp", "dbf"):
        with open_member(path, inside[f".{kind}"]) as stream:
            parts[kind] = io.BytesIO(stream.read())
    with warnings.catch_warnings(), shapefile.Reader(**parts, encoding="utf-8") as reader:
        warnings.simplefilter("error")  # about inconsistent lengths
        records = ((r.record.as_dict(), r.shape.__geo_interface__) for r in reader.shapeRecords())
        return _countries(path, records)


def _countries(
    path: Path, records: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> list[Country]:
    return [_country(path, tags, _multipolygon(shape)) for tags, shape in records]


def _multipolygon(geometry: Mapping[str, Any]) -> MultiPolygon:
    area = shapely.geometry.shape(geometry)
    return area if isinstance(area, MultiPolygon) else MultiPolygon([area])


def _country(path: Path, tags: Mapping[str, Any], area: MultiPolygon) -> Country:
    name = next((str(tags[key]) for key in NAMES if tags.get(key)), "")
    codes = [NAMED.get(name), *(tags.get(key) for key in CODES)]
    code = next((str(code) for code in codes if code and str(code).isalpha()), None)
    if code is None:
        raise DataError(path, f"country {name or 'without a name'}", "no code", "an ISO 3166 code")
    return Country(OWN_CODES.get(code, code), name, area)
