import numpy as np
import pytest
import xarray as xr

from fluxprod.core.grid import (
    EARTH_RADIUS,
    Grid,
    Regridder,
    cell_area,
    edges,
    great_circle,
    overlap,
    regrid,
)


def field(grid, values):
    return xr.DataArray(values, dims=("lat", "lon"), coords={"lat": grid.lat, "lon": grid.lon})


def test_cell_areas_sum_to_the_sphere():
    grid = Grid(2.0)
    total = cell_area(grid.lat_edges, grid.lon_edges).sum()
    assert total == pytest.approx(4 * np.pi * EARTH_RADIUS**2, rel=1e-12)


def test_area_of_a_degree_at_the_equator():
    # 111.19493 km by 111.19352 km: R^2 * (pi/180) * sin(1 deg), worked by hand
    area = cell_area(np.array([0.0, 1.0]), np.array([0.0, 1.0]))[0, 0]
    assert area == pytest.approx(6371007.181**2 * 0.017453292519943 * 0.0174524064372835, rel=1e-12)


def test_cells_are_counted_from_the_south_west():
    grid = Grid(6.0)
    assert grid.shape == (30, 60)
    assert grid.cell_of(
        np.array([-90.0, -89.0, 90.0]), np.array([-180.0, 179.9, 0.0])
    ).tolist() == [
        0,
        59,
        29 * 60 + 30,
    ]
    assert grid.cell_of(np.array([10.0]), np.array([190.0])) == grid.cell_of(
        np.array([10.0]), np.array([-170.0])
    )


def test_lat_lon_of_a_cell_round_trips():
    grid = Grid(6.0)
    cell = np.arange(1800)
    assert (grid.cell_of(*grid.lat_lon_of(cell)) == cell).all()


def test_the_resolution_must_divide_the_globe():
    with pytest.raises(ValueError, match="7.0 does not divide"):
        Grid(7.0)


def test_overlap_worked_out_by_hand():
    got = overlap(np.array([0.0, 1.0, 2.0]), np.array([0.5, 1.5]))
    assert got.tolist() == [[0.5, 0.5]]


def test_edges_need_constant_spacing():
    with pytest.raises(ValueError, match="not equally spaced"):
        edges(np.array([0.0, 1.0, 3.0]))


@pytest.mark.parametrize("target", [2.0, 3.0, 10.0])
def test_regridding_conserves_the_integral(target):
    source = Grid(1.0)
    values = np.random.default_rng(1).normal(size=source.shape)
    got = regrid(field(source, values), Grid(target))
    grid = Grid(target)
    before = (values * cell_area(source.lat_edges, source.lon_edges)).sum()
    after = (got.values * cell_area(grid.lat_edges, grid.lon_edges)).sum()
    assert after == pytest.approx(before, rel=1e-9)


def test_regridding_to_a_finer_grid_repeats_the_value():
    source = Grid(10.0)
    values = np.random.default_rng(1).normal(size=source.shape)
    fine = regrid(field(source, values), Grid(5.0)).values
    np.testing.assert_allclose(fine, np.kron(values, np.ones((2, 2))), atol=1e-12)


def test_missing_cells_carry_no_weight():
    # four cells into one: sin-latitude weights of 0..1 and 1..2 degrees, one of them missing
    values = np.full((180, 360), 7.0)
    values[90, 180], values[90, 181], values[91, 180], values[91, 181] = 1.0, np.nan, 3.0, 3.0
    got = regrid(field(Grid(1.0), values), Grid(2.0)).values[45, 90]
    lower, upper = np.sin(np.radians(1)), np.sin(np.radians(2)) - np.sin(np.radians(1))
    assert got == pytest.approx((lower * 1.0 + 2 * upper * 3.0) / (lower + 2 * upper), rel=1e-12)
    strict = regrid(field(Grid(1.0), values), Grid(2.0), min_coverage=0.8).values
    assert np.isnan(strict[45, 90])
    assert strict[0, 0] == pytest.approx(7.0)


def test_orientation_of_the_source_does_not_matter():
    source = Grid(2.0)
    plain = field(source, np.random.default_rng(2).normal(size=source.shape))
    turned = plain.isel(lat=slice(None, None, -1)).assign_coords(lon=plain.lon % 360).sortby("lon")
    np.testing.assert_allclose(regrid(turned, Grid(4.0)), regrid(plain, Grid(4.0)), atol=1e-12)


def test_points_on_the_poles_and_the_date_line():
    # ERA5's own layout: rows at the poles, a column at 0 and at 180
    lat, lon = np.linspace(90, -90, 91), np.arange(0.0, 360.0, 2.0)
    values = np.full((91, 180), 4.0)
    era5 = xr.DataArray(values, dims=("lat", "lon"), coords={"lat": lat, "lon": lon})
    got = regrid(era5, Grid(2.0), min_coverage=1.0)
    np.testing.assert_allclose(got, 4.0, atol=1e-12)


ERA5_LAT, ERA5_LON = np.linspace(90.0, -90.0, 721), np.arange(1440) / 4.0


def test_a_quarter_degree_to_half_a_degree_conserves_the_integral():
    # cells around the grid points of ERA5; those at the poles are half cells
    values = np.random.default_rng(3).normal(size=(721, 1440))
    got = Regridder(ERA5_LAT, ERA5_LON, Grid(0.5), min_coverage=1.0)(values)
    bounds = np.clip(np.append(ERA5_LAT + 0.125, -90.125), -90.0, 90.0)
    before = (values * cell_area(bounds, np.arange(1441) / 4.0)).sum()
    after = (got * cell_area(Grid(0.5).lat_edges, Grid(0.5).lon_edges)).sum()
    assert after == pytest.approx(before, rel=1e-9)


def test_a_constant_field_with_gaps_stays_constant():
    random = np.random.default_rng(4)
    values = np.where(random.random((721, 1440)) < 0.4, np.nan, 3.75)
    values[100:120, 200:240] = np.nan  # whole target cells
    got = Regridder(ERA5_LAT, ERA5_LON, Grid(0.5))(values)
    np.testing.assert_allclose(got[np.isfinite(got)], 3.75, rtol=1e-12)
    assert 0 < np.isnan(got).sum() < 0.01 * got.size
    strict = Regridder(ERA5_LAT, ERA5_LON, Grid(0.5), min_coverage=0.5)(values)
    assert np.isnan(strict).sum() > np.isnan(got).sum()


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("west", [0.0, -180.0, -90.0, 37.0])
def test_turned_and_flipped_sources_give_identical_values(west, flip):
    source, random = Grid(1.0), np.random.default_rng(5)
    values = random.normal(size=(3, *source.shape))
    values[1, random.random(source.shape) < 0.3] = np.nan
    expected = Regridder(source.lat, source.lon, Grid(2.0))(values)
    shift = int((west + 180.0) % 360.0)
    lon = west + np.arange(360) + 0.5
    values, lat = np.roll(values, -shift, axis=-1), source.lat
    if flip:
        values, lat = values[:, ::-1], lat[::-1]
    regridder = Regridder(lat, lon, Grid(2.0))
    assert regridder.fits(lat, lon)
    assert not regridder.fits(lat[::-1], lon)
    np.testing.assert_array_equal(regridder(values), expected)
    one_by_one = np.stack([regridder(field) for field in values])
    np.testing.assert_array_equal(one_by_one, expected)


def test_distance_between_paris_and_london():
    # 343.5 km on the sphere (haversine, movable-type.co.uk)
    assert great_circle(48.8566, 2.3522, 51.5074, -0.1278) == pytest.approx(343.5, abs=0.5)
    assert great_circle(0.0, 179.0, 0.0, -179.0) == pytest.approx(2 * 111.195, abs=0.01)
