"""Countries of Natural Earth (admin 0): shapefile in a zip archive, GeoJSON or TopoJSON."""

import io
import json
import struct
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import shapefile
import shapely
from shapely.geometry import MultiPolygon

from fluxprod.core.errors import DataError
from fluxprod.readers.files.archive import members, open_member
from fluxprod.readers.regions.iso_countries import ALPHA_3
from fluxprod.readers.regions.topojson import decoded_arcs, polygons_of

PATTERNS = ("ne_*countries*.zip", "*countries*.zip", "*countries*.json", "*countries*.geojson")
EXPECTED = "countries of Natural Earth: ne_50m_admin_0_countries.zip, GeoJSON or TopoJSON"
FEWEST = 150  # countries of the world at 1:110m are 177
CODES = ("ISO_A3_EH", "ISO_A3", "ADM0_A3")  # of the first that is one; ISO_A3 is -99 for France
NAMES = ("NAME", "ADMIN", "name")
OWN_CODES = {"SDS": "SSD", "SAH": "ESH", "PSX": "PSE", "ALD": "ALA", "XKX": "KOS"}
NAMED = {  # world-atlas gives them no code, or that of another
    "Somaliland": "SOL",
    "Kosovo": "KOS",
    "N. Cyprus": "CYN",
    "Indian Ocean Ter.": "IOA",
    "Siachen Glacier": "KAS",
    "Ashmore and Cartier Is.": "ATC",
}
BROKEN = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(shapely.errors.ShapelyError, shapefile.ShapefileException, struct.error, Warning),
)


class Country(NamedTuple):
    """A country: its three-letter code, name, and where it is [degree]."""

    code: str
    name: str
    area: MultiPolygon


def find_countries(folder: Path) -> Path | None:
    """Give the file of countries in a folder, if there is one.

    Raises
    ------
    DataError
        If there are several.
    """
    found = sorted({path for pattern in PATTERNS for path in folder.glob(pattern)})
    if len(found) > 1:
        raise DataError(folder, "countries", ", ".join(path.name for path in found), "one file")
    return found[0] if found else None


def read_countries(path: Path) -> list[Country]:
    """Read all countries, with de facto borders.

    Parameters
    ----------
    path : Path
        ``ne_50m_admin_0_countries.zip``, the same as GeoJSON, or ``countries-50m.json``.

    Returns
    -------
    list of Country

    Raises
    ------
    DataError
        If the file is broken, or no file of countries.
    """
    try:
        read = _from_shapefile if path.suffix.lower() == ".zip" else _from_json
        countries = read(path)
    except BROKEN as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(path, "file", f"unreadable ({reason})", EXPECTED) from error
    if len(countries) < FEWEST:
        raise DataError(path, "countries", len(countries), f"at least {FEWEST}")
    return countries


def _from_json(path: Path) -> list[Country]:
    content = json.loads(path.read_text(encoding="utf-8"))
    kind = content.get("type")
    if kind == "Topology":
        arcs = decoded_arcs(content)
        shapes = content["objects"]["countries"]["geometries"]
        return [_country(path, _tags(shape), polygons_of(shape, arcs)) for shape in shapes]
    if kind != "FeatureCollection":
        raise DataError(path, "type", kind, "Topology or FeatureCollection")
    return _countries(path, ((f["properties"], f["geometry"]) for f in content["features"]))


def _tags(shape: Mapping) -> dict:
    """Properties of a shape of world-atlas, which has the ISO number for its id."""
    return {**shape["properties"], "code": ALPHA_3.get(str(shape.get("id", "")))}


def _from_shapefile(path: Path) -> list[Country]:
    inside = {Path(m.name).suffix.lower(): m.name for m in members(path)}
    if not {".shp", ".dbf"} <= set(inside):
        raise DataError(path, "archive", sorted(inside), "a .shp and a .dbf file")
    parts = {}
    for kind in ("shp", "dbf"):
        with open_member(path, inside[f".{kind}"]) as stream:
            parts[kind] = io.BytesIO(stream.read())
    with warnings.catch_warnings(), shapefile.Reader(**parts, encoding="utf-8") as reader:
        warnings.simplefilter("error")  # of lengths that do not fit
        records = ((r.record.as_dict(), r.shape.__geo_interface__) for r in reader.shapeRecords())
        return _countries(path, records)


def _countries(path: Path, records: Iterable[tuple[Mapping, Mapping]]) -> list[Country]:
    return [_country(path, tags, _whole(shape)) for tags, shape in records]


def _whole(geometry: Mapping) -> MultiPolygon:
    area = shapely.geometry.shape(geometry)
    return area if isinstance(area, MultiPolygon) else MultiPolygon([area])


def _country(path: Path, tags: Mapping, area: MultiPolygon) -> Country:
    name = next((str(tags[key]) for key in NAMES if tags.get(key)), "")
    codes = [NAMED.get(name), tags.get("code"), *(tags.get(key) for key in CODES)]
    code = next((str(code) for code in codes if code and str(code).isalpha()), None)
    if code is None:
        raise DataError(path, f"country {name or 'without a name'}", "no code", "one of ISO 3166-1")
    return Country(OWN_CODES.get(code, code), name, area)
