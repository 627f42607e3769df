import io
import json
import zipfile

import pytest
import shapefile

from fluxprod.core.errors import DataError
from fluxprod.readers.regions.countries import find_countries, read_countries
from tests.geography.world_atlas import write_geojson
from tests.readers.regions.square_countries import features, squares


def written(path, content):
    path.write_text(json.dumps(content))
    return path


def zipped_shapefile(path, codes=("ISO_A3", "ADM0_A3")):
    parts = {kind: io.BytesIO() for kind in ("shp", "shx", "dbf")}
    writer = shapefile.Writer(**parts, shapeType=shapefile.POLYGON)
    for name in ("NAME", *codes):
        writer.field(name, "C", 20)
    for k, feature in enumerate(features()["features"]):
        tags = feature["properties"]
        writer.poly([squares()[k]])
        writer.record(tags["NAME"], *(tags[code] for code in codes))
    writer.close()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind, stream in parts.items():
            archive.writestr(f"ne_50m_admin_0_countries.{kind}", stream.getvalue())
    return path


@pytest.mark.parametrize("kind", ["geojson", "json", "shapefile"])
def test_formats_of_natural_earth(tmp_path, kind):
    if kind == "shapefile":
        path = zipped_shapefile(tmp_path / "ne_50m_admin_0_countries.zip")
    else:
        path = written(tmp_path / f"ne_50m_admin_0_countries.{kind}", features())
    countries = read_countries(path)
    assert [country.code for country in countries[:3]] == ["BRA", "KOS", "CAN"]
    assert countries[0].name == "c0"
    assert countries[1].area.bounds == (-148.5, 0.0, -147.5, 1.0)
    assert countries[2].area.bounds == (-147.0, 0.0, -146.0, 1.0)
    assert find_countries(tmp_path) == path


def test_topojson_is_refused_with_what_to_get_instead(realdata):
    expected = (
        "countries-50m.json: type: found TopoJSON, expected .*"
        "ne_50m_admin_0_countries.zip or the same as GeoJSON; get either from naturalearthdata.com"
    )
    with pytest.raises(DataError, match=expected):
        read_countries(realdata / "grids" / "countries-50m.json")


@pytest.mark.parametrize(("scale", "number"), [("50m", 241), ("110m", 177)])
def test_all_real_countries_have_a_code(realdata, tmp_path, scale, number):
    topology = realdata / "grids" / f"countries-{scale}.json"
    countries = read_countries(write_geojson(topology, "countries", tmp_path / "a.geojson"))
    assert len(countries) == number
    assert all(len(country.code) == 3 for country in countries)
    assert sum(country.code == "RUS" for country in countries) == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("countries.json", b"<html>log in</html>", r"file: found a web page \(HTML\)"),
        ("countries.json", b"", "file: found unreadable"),
        ("countries.json", b"\xff\xfe", "file: found unreadable"),
        ("countries.json", b"[1]", "file: found unreadable"),
        ("countries.json", b"[" * 100_000, "file: found unreadable content"),
        ("countries.json", b'{"type": ' * 100_000, "file: found unreadable content"),
        ("countries.json", b'{"type": "Point"}', "type: found Point"),
        ("countries-50m.json", b'{"type": "Topology"}', "found TopoJSON, .* the same as GeoJSON"),
        ("countries.json", b'{"type": "FeatureCollection"}', "unreadable .*features"),
        ("ne_countries.zip", b"PK no archive", "ne_countries.zip"),
    ],
)
def test_broken_files(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_countries(path)
    assert "\n" not in str(caught.value)


def test_truncated_files(tmp_path):
    path = written(tmp_path / "countries.json", features())
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(DataError, match="unreadable"):
        read_countries(path)
    whole = zipped_shapefile(tmp_path / "ne_countries.zip")
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for kind in ("shp", "dbf"):
        with zipfile.ZipFile(whole, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data[: len(data) // 2] if name.endswith(kind) else data)
        with pytest.raises(DataError):
            read_countries(whole)


def test_other_files_of_natural_earth(tmp_path):
    content = features()
    content["features"] = content["features"][:9]
    with pytest.raises(DataError, match="countries: found 9, expected at least 150"):
        read_countries(written(tmp_path / "countries.json", content))
    content = features()
    for key in ("ISO_A3", "ISO_A3_EH", "ADM0_A3"):
        content["features"][3]["properties"].pop(key)
    with pytest.raises(DataError, match="country c3: found no code"):
        read_countries(written(tmp_path / "b_countries.json", content))
    with pytest.raises(DataError, match="b_countries.json, countries.json, expected one file"):
        find_countries(tmp_path)


def test_folder_without_countries(tmp_path):
    assert find_countries(tmp_path) is None
