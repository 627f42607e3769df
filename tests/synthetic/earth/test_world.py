"""A small Earth: global totals, integrals of its files, and reproducibility."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid, cell_area
from fluxprod.synthetic import raw_fluxes
from fluxprod.synthetic.earth.reference import read_reference
from fluxprod.synthetic.earth.world import make_earth
from fluxprod.synthetic.observation.inversion_errors import error_size, inversion_error
from fluxprod.synthetic.observation.upscaling import DAMPING, upscaled_nee

YEARS = range(2002, 2005)
EARTH = Path(__file__).parents[3] / "data" / "reference" / "earth"
ONE_DEGREE_AREA = cell_area(Grid(1.0).lat_edges, Grid(1.0).lon_edges)


@pytest.fixture(scope="module")
def reference():
    return read_reference(EARTH)


@pytest.fixture(scope="module")
def earth(reference):
    return make_earth(reference, 9.0, YEARS, seed=5)


@pytest.fixture(scope="module")
def written(earth, tmp_path_factory):
    raw = tmp_path_factory.mktemp("raw")
    for kind in ("inversions", "rivers", "gfas"):
        (raw / kind).mkdir()
    raw_fluxes.write_inversions(earth, raw)
    raw_fluxes.write_fires(earth, raw / "gfas")
    return raw


def per_year(flux, area):
    """Global total of daily fluxes (time, place) [g m-2 d-1] as [Pg yr-1]."""
    return (flux @ area).mean() * 365.25 / 1e15


def test_global_figures(earth):
    """GPP of 134, a sink of about 2.8 and fires of 1.9 PgC yr-1."""
    land = earth.land
    assert land.land_area.sum() == pytest.approx(130e12, rel=0.05)
    assert per_year(earth.carbon.mean_gpp[None], land.patch_area) == pytest.approx(134.0)
    assert -3.3 < per_year(earth.carbon.nee, land.patch_area) < -2.3
    assert per_year(earth.fire, land.land_area) == pytest.approx(1.9, rel=0.05)


def test_the_seasonal_cycle_is_that_of_the_north(earth):
    nee = raw_fluxes.truth(earth).NEE_month.groupby("time.month").mean()
    area = earth.land.on_grid(earth.land.land_area, 0.0)
    total = (nee.fillna(0.0) * area).sum(("lat", "lon")) * 30.4 / 1e15
    assert int(total.idxmin("month")) in (6, 7, 8)
    assert 2.5 < float(total.max() - total.min()) < 4.5


def test_the_same_seed_makes_the_same_earth(reference, earth):
    again = make_earth(reference, 9.0, YEARS, seed=5)
    assert (again.carbon.nee == earth.carbon.nee).all()
    assert (again.records.nee == earth.records.nee).all()
    assert (again.fire == earth.fire).all()


def test_the_network_is_dense_in_the_north_and_thin_in_the_tropics(reference):
    towers = reference.towers
    assert {"BR-Ma2", "BR-Ji2"} <= set(towers.site)
    assert 130 <= len(towers) <= 200
    assert (towers.last_year > towers.first_year).all()
    assert 0.10 < (towers.source == "lathuile").mean() < 0.20
    assert (towers.lat.abs() < 23.5).mean() < 0.15
    assert towers.site.str.startswith("US-").mean() > 0.2


def test_errors_of_inversions_cancel_over_the_globe(earth):
    size = error_size(earth.land, earth.land.cell_mean(earth.carbon.mean_gpp))
    error = inversion_error(earth.land, size, 1200, 1, "CAMS")
    total = error @ earth.land.land_area / 1e15
    yearly = total.reshape(100, 12)
    assert np.ptp(yearly, axis=1) == pytest.approx(0.0, abs=1e-9)
    assert yearly[:, 0].std() == pytest.approx(0.1, rel=0.25)
    lat = np.abs(earth.land.lat_lon[0])
    assert error[:, lat < 15].std() > 1.5 * error[:, lat > 45].std()


def test_inversions_hold_truth_fire_and_rivers(earth, written):
    with xr.open_dataset(next((written / "inversions").glob("*.nc"))) as source:
        flux = source.land_flux_only_fossil_cement_adjusted.mean("time").values
        adjusted = source.land_flux_fossil_cement_and_river_adjusted.values
    total = (flux * ONE_DEGREE_AREA).sum(axis=(1, 2))
    nbe = per_year(earth.carbon.nee, earth.land.patch_area) + 1.9
    assert total[:4] == pytest.approx(nbe - 0.65, abs=0.15)  # UoE has no first year
    river = flux[:4] - adjusted.mean(axis=1)[:4]
    assert (river * ONE_DEGREE_AREA).sum(axis=(1, 2)) == pytest.approx(-0.65, abs=0.01)
    assert np.isnan(adjusted[4, :12]).all()
    assert np.isfinite(adjusted[4, 12:]).all()
    assert np.isnan(adjusted[5:]).all()


def test_fire_files_hold_the_burnt_carbon_as_co2(earth, written):
    files = sorted((written / "gfas").glob("*.nc"))
    assert [path.stem[-4:] for path in files] == ["2003", "2004"]
    with xr.open_dataset(files[1]) as source:
        emitted = source.co2fire.sum("time").values[::-1] * 86_400.0
    carbon = (emitted * ONE_DEGREE_AREA).sum() * 12.011 / 44.009 / 1e12
    of_year = earth.weather.time.year == 2004
    burnt = (earth.fire[of_year] @ earth.land.land_area).sum() / 1e15
    # "no fire" decodes to a quarter of a packing step
    assert carbon == pytest.approx(burnt, rel=0.05)


def test_upscaled_product_is_too_large_a_sink_with_too_little_variability(earth):
    land, weather = earth.land, earth.weather
    nee = upscaled_nee(land, weather, earth.composite["fapar"])
    assert per_year(nee, land.land_area) < -10.0
    years = pd.Series(nee @ land.land_area, weather.time).groupby(weather.time.year).sum()
    true = pd.Series(earth.carbon.nee @ land.patch_area, weather.time)
    spread = true.groupby(weather.time.year).sum().std()
    assert years.std() < 2 * DAMPING * spread


def test_truth_is_per_land(earth):
    truth = raw_fluxes.truth(earth)
    total = (truth.NEE_month * truth.cell_area * truth.land_fraction).sum(("lat", "lon"))
    days = truth.time.dt.days_in_month
    expected = (earth.carbon.nee @ earth.land.patch_area).sum() / 1e15
    assert float((total * days).sum() / 1e15) == pytest.approx(expected, abs=0.01)
