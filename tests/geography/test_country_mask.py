import json

import numpy as np
import pytest
from shapely.geometry import MultiPolygon, Polygon, box, shape

from fluxprod.core.grid import Grid, cell_area
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.geography.country_mask import country_mask
from fluxprod.geography.country_raster import country_raster
from fluxprod.readers.regions.countries import read_countries
from tests.geography.world_atlas import write_geojson

# Total area with inland water [1000 km2], CIA World Factbook 2023. Left out: desert borders that
# Natural Earth draws otherwise than the published areas have it (SAU 0.90, LBY 0.93, NER 0.94).
PUBLISHED = {
    **{"BRA": 8515.8, "AUS": 7741.2, "ARG": 2780.4, "KAZ": 2724.9, "COD": 2344.9, "MEX": 1964.4},
    **{"IRN": 1648.2, "MNG": 1564.1, "PER": 1285.2, "AGO": 1246.7, "MLI": 1240.2, "ZAF": 1219.1},
    **{"COL": 1138.9, "BOL": 1098.6, "EGY": 1001.5, "TZA": 947.3, "VEN": 912.1, "TUR": 783.6},
}


def at(mask, lat: float, lon: float):
    return mask.sel(lat=lat, lon=lon, method="nearest")


@pytest.fixture(scope="module")
def countries(realdata, tmp_path_factory):
    path = tmp_path_factory.mktemp("countries") / "ne_50m_admin_0_countries.geojson"
    topology = realdata / "grids" / "countries-50m.json"
    return read_countries(write_geojson(topology, "countries", path))


@pytest.fixture(scope="module")
def mask(countries):
    return country_mask(countries)


def test_each_cell_is_in_one_region_at_most(mask):
    assert mask.shape == (18, 360, 720)
    assert set(np.unique(mask)) == {0, 1}
    assert mask.sum("region").max() == 1


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ((39.0, -98.0), "USA"),
        ((64.8, -147.7), "USA"),  # Fairbanks
        ((19.6, -155.5), "USA"),  # Hawaii
        ((52.1, -106.7), "CAN"),
        ((19.4, -99.1), "CAM"),  # Mexico
        ((4.0, -53.0), "NSA"),  # French Guiana
        ((-1.0, -78.5), "SSA"),  # Ecuador
        ((67.0, -173.0), "RUS"),  # Chukotka, beyond the date line
        ((60.0, 100.0), "RUS"),
        ((47.0, 104.0), "CAS"),  # Mongolia
        ((34.0, 66.0), "SAS"),  # Afghanistan
        ((39.0, 35.0), "MIDE"),  # Turkey
        ((23.7, 121.0), "CHN"),  # Taiwan
        ((-6.0, 145.0), "SEAS"),  # Papua New Guinea
        ((-29.5, 28.3), "SAF"),  # Lesotho, in South Africa
        ((-21.1, 55.5), "SAF"),  # La Reunion
        ((-17.7, 178.0), "OCE"),  # Fiji
    ],
)
def test_places(mask, place, region):
    assert at(mask, *place)[ABBREVIATIONS.index(region)] == 1


@pytest.mark.parametrize("place", [(72.0, -40.0), (-80.0, 0.0), (0.0, -140.0)])
def test_greenland_antarctica_and_the_ocean_are_in_none(mask, place):
    assert at(mask, *place).sum() == 0


def test_areas_of_countries_on_the_raster(countries):
    grid = Grid(0.1)
    raster = country_raster([country.area for country in countries], grid)
    per_row = cell_area(grid.lat_edges, grid.lon_edges)[:, 0]
    for code, published in PUBLISHED.items():
        number = next(k for k, country in enumerate(countries) if country.code == code)
        area = ((raster == number).sum(axis=1) * per_row).sum() / 1e9
        assert area == pytest.approx(published, rel=0.02), code


@pytest.fixture(scope="module")
def land(realdata, tmp_path_factory) -> np.ndarray:
    """Cells whose centre is on land at 1:110m, from a file without countries."""
    path = tmp_path_factory.mktemp("land") / "land.geojson"
    write_geojson(realdata / "grids" / "land-110m.json", "land", path)
    areas = [shape(each["geometry"]) for each in json.loads(path.read_text())["features"]]
    return country_raster(areas, Grid(0.5)) >= 0


def test_regions_against_published_areas_of_their_countries(mask, land):
    # [1000 km2], CIA World Factbook 2023: Argentina, Bolivia, Chile, Ecuador, Paraguay, Peru and
    # Uruguay; Kazakhstan, Kyrgyzstan, Mongolia, Tajikistan, Turkmenistan and Uzbekistan
    published = {
        "BRA": 8515.8,
        "SSA": 2780.4 + 1098.6 + 756.1 + 283.6 + 406.8 + 1285.2 + 176.2,
        "CAS": 2724.9 + 200.0 + 1564.1 + 144.1 + 488.1 + 447.4,
    }
    grid = Grid(0.5)
    area = cell_area(grid.lat_edges, grid.lon_edges) * land / 1e9
    for region, expected in published.items():
        found = (mask[ABBREVIATIONS.index(region)].values * area).sum()
        assert found == pytest.approx(expected, rel=0.02), region


def test_land_is_in_a_region(mask, land):
    there = mask.sum("region").values == 1
    lat, lon = np.meshgrid(mask.lat, mask.lon, indexing="ij")
    greenland = (lat > 59.0) & (lon > -74.0) & (lon < -10.0) & (mask.values[1] == 0)
    greenland &= ~((lat < 67.0) & (lon > -25.0))  # Iceland
    wanted = land & (lat > -60.0) & ~greenland
    assert wanted.sum() > 55_000
    assert (there & wanted).sum() / wanted.sum() > 0.999


def test_coast_belongs_to_the_nearest_country_across_the_date_line():
    """Fiji ends at 180 E: three cells of sea beyond it, in the far west, are Oceania's."""
    fiji = MultiPolygon([box(178.0, -18.0, 180.0, -16.0)])
    mask = country_mask([("FJI", "Fiji", fiji)])
    oceania = mask[ABBREVIATIONS.index("OCE")]
    row = oceania.sel(lat=-17.25, method="nearest").values
    np.testing.assert_array_equal(np.flatnonzero(row), [0, 1, 2, *range(713, 720)])


def test_most_of_a_cell_decides():
    """A border at 0.25 of a cell: the country of three fifths of its centres has it."""
    west = MultiPolygon([box(0.0, 10.0, 10.19, 20.0)])
    east = MultiPolygon([box(10.19, 10.0, 20.0, 20.0)])
    mask = country_mask([("NER", "Niger", west), ("NGA", "Nigeria", east)])
    column = mask.sel(lat=15.25, lon=10.25)
    assert column[ABBREVIATIONS.index("EQAF")] == 1


def test_country_without_a_region():
    with pytest.raises(ValueError, match=r"on no list of regions: \['XYZ'\]"):
        country_mask([("XYZ", "Nowhere", MultiPolygon([box(0.0, 0.0, 1.0, 1.0)]))])


def test_hole_is_left_out():
    ring = Polygon(box(0, 0, 90, 90).exterior, [box(30, 30, 60, 60).exterior])
    raster = country_raster([MultiPolygon([ring])], Grid(10.0))
    assert (raster == 0).sum() == 81 - 9
