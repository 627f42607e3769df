import io
import json
import zipfile

import numpy as np
import pytest
import shapefile

from fluxprod.core.errors import DataError
from fluxprod.readers.regions.countries import find_countries, read_countries
from tests.readers.regions.topology import features, squares, topology


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


def test_topojson(tmp_path):
    countries = read_countries(written(tmp_path / "countries-50m.json", topology()))
    assert [country.code for country in countries[:3]] == ["BRA", "UKR", "CAN"]
    assert countries[0].name == "c0"
    assert countries[1].area.bounds == (-148.5, 0.0, -147.5, 1.0)


def test_quantised_steps_and_reversed_arcs(tmp_path):
    """Two halves of a square, the second written backwards, in steps of half a degree."""
    content = topology()
    content["transform"] = {"scale": [0.5, 0.5], "translate": [10.0, 20.0]}
    content["arcs"] = [[[0, 0], [0, 2], [2, 0]], [[0, 0], [2, 0], [0, 2]]]
    for shape in content["objects"]["countries"]["geometries"]:
        shape["arcs"] = [[0, ~1]]
    country = read_countries(written(tmp_path / "countries.json", content))[0]
    assert country.area.bounds == (10.0, 20.0, 11.0, 21.0)
    assert country.area.area == 1.0


def test_ring_across_the_date_line_runs_on(tmp_path):
    content = topology()
    content["arcs"][0] = [[179, 0], [179, 2], [-179, 2], [-179, 0], [179, 0]]
    country = read_countries(written(tmp_path / "countries.json", content))[0]
    assert country.area.bounds == (179.0, 0.0, 181.0, 2.0)


@pytest.mark.parametrize("kind", ["geojson", "shapefile"])
def test_other_formats_of_natural_earth(tmp_path, kind):
    if kind == "geojson":
        path = written(tmp_path / "ne_50m_admin_0_countries.geojson", features())
    else:
        path = zipped_shapefile(tmp_path / "ne_50m_admin_0_countries.zip")
    countries = read_countries(path)
    assert [country.code for country in countries[:3]] == ["BRA", "KOS", "CAN"]
    assert countries[2].area.bounds == (-147.0, 0.0, -146.0, 1.0)
    assert find_countries(tmp_path) == path


def test_real_files_against_their_arcs(realdata):
    """Every corner of Lesotho and of Brazil lies on an arc that was summed up here by hand."""
    path = realdata / "grids" / "countries-50m.json"
    content = json.loads(path.read_text())
    scale, move = (np.array(content["transform"][key]) for key in ("scale", "translate"))
    points = set()
    for arc in content["arcs"]:
        x = y = 0
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.add((round(x * scale[0] + move[0], 6), round(y * scale[1] + move[1], 6)))
    countries = {country.code: country for country in read_countries(path)}
    for code, least in (("LSO", 20), ("BRA", 300)):
        corners = [c for p in countries[code].area.geoms for c in p.exterior.coords]
        assert len(corners) > least
        assert all((round(x, 6), round(y, 6)) in points for x, y in corners)


@pytest.mark.parametrize(("scale", "number"), [("50m", 241), ("110m", 177)])
def test_all_real_countries_have_a_code(realdata, scale, number):
    countries = read_countries(realdata / "grids" / f"countries-{scale}.json")
    assert len(countries) == number
    assert all(len(country.code) == 3 for country in countries)
    assert sum(country.code == "RUS" for country in countries) == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("countries.json", b"<html>log in</html>", "file: found unreadable"),
        ("countries.json", b"", "file: found unreadable"),
        ("countries.json", b"\xff\xfe", "file: found unreadable"),
        ("countries.json", b"[1]", "file: found unreadable"),
        ("countries.json", b'{"type": "Point"}', "type: found Point"),
        ("countries.json", b'{"type": "Topology", "arcs": []}', "unreadable .*objects"),
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
    path = written(tmp_path / "countries.json", topology())
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


def test_other_things_of_natural_earth(tmp_path):
    content = topology()
    content["objects"]["countries"]["geometries"] = content["objects"]["countries"]["geometries"][
        :9
    ]
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
