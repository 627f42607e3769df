from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.image import imread

from fluxprod.core.provenance import Digest, Provenance
from fluxprod.core.time_axis import monthly_axis
from fluxprod.product.edition import Edition
from fluxprod.product.quicklook import annual_mean, quicklooks, season_mean
from fluxprod.readers.citation import read_citation
from fluxprod.writers.figure_file import write_picture
from tests.conftest import ROOT

CITED = replace(
    read_citation(ROOT / "CITATION.cff"), title="net exchange (synthetic Earth)", version="9.8.7"
)
MADE_OF = Provenance("synthetic", {}, {}, Digest("0" * 64, 1))
EDITION = Edition(CITED, "synthetic", range(2004, 2006), 15.0, MADE_OF)
WEST_SINK, EAST_SOURCE = (4, 3), (5, 20)  # row and column in the 15 degree grid
NAMES = ["annual", "seasons", "spread", "series"]


def constant(values: np.ndarray) -> xr.DataArray:
    """The same field (lat, lon) in every month of 2004 and 2005, dated mid-month."""
    time = monthly_axis(2004, 2005) + pd.Timedelta(days=14)
    lat, lon = np.arange(-82.5, 90, 15), np.arange(-172.5, 180, 15)
    coords = {"time": time, "lat": lat, "lon": lon}
    field = np.broadcast_to(values, (time.size, *values.shape)).copy()
    return xr.DataArray(field, dims=("time", "lat", "lon"), coords=coords)


@pytest.fixture(scope="module")
def monthly() -> xr.Dataset:
    nee, land = np.full((12, 24), np.nan), np.zeros((12, 24))
    for place, value in ((WEST_SINK, -2.0), (EAST_SOURCE, 2.0)):
        nee[place], land[place] = value, 0.5
    fields = {"nee": nee, "nee_ec": 2 * nee, "nee_spread": abs(nee), "nee_ec_spread": abs(nee)}
    series = {name: constant(field) for name, field in fields.items()}
    return xr.Dataset(series).assign(land_fraction=(("lat", "lon"), land))


@pytest.fixture(scope="module")
def regional() -> pd.DataFrame:
    months = monthly_axis(2004, 2005).strftime("%Y-%m")
    rows = [
        (month, region, model, nee, 0.1)
        for month in months
        for region in ("BRA", "GLOBAL")
        for model, nee in (("EC-ATM", -1.0), ("EC", -2.0), ("inversions", 0.5))
    ]
    columns = ["month", "region", "model", "nee_PgC_per_month", "spread_PgC_per_month"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture(scope="module")
def figures(monthly, regional):
    return quicklooks(monthly, regional, EDITION)


@pytest.fixture(scope="module")
def pictures(figures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for name, figure in figures.items():
        write_picture(figure, folder / f"{name}.png")
    return folder


def test_annual_sums_count_all_days(monthly):
    # 2004 is a leap year: 366 and 365 days of -2 g m-2 d-1
    annual = annual_mean(monthly.nee)
    assert float(annual[WEST_SINK]) == pytest.approx(-2 * 365.5)
    assert int(np.isfinite(annual).sum()) == 2


def test_seasons_weight_months_by_their_days(monthly):
    by_month = monthly.nee.copy(data=np.zeros(monthly.nee.shape))
    by_month[{"time": by_month.time.dt.month == 2}] = 1.0
    # 29 and 28 days of February out of 31 + 31 + 29 and 31 + 31 + 28
    assert float(season_mean(by_month, (12, 1, 2))[0, 0]) == pytest.approx(57 / 181)


def test_names(figures):
    assert list(figures) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_titles_state_the_version_and_the_world(figures, name):
    title = figures[name].get_suptitle()
    for words in ("2004-2005", "net exchange (synthetic Earth), v9.8.7"):
        assert words in title


@pytest.mark.parametrize("name", NAMES)
def test_axes_with_numbers_have_units(figures, name):
    labels = [axes.get_xlabel() + axes.get_ylabel() for axes in figures[name].axes]
    assert any("[g m" in label or "[PgC/month]" in label for label in labels)


@pytest.mark.parametrize(("name", "panels"), [("annual", 2), ("seasons", 4)])
def test_maps_of_a_figure_share_a_scale_around_zero(figures, name, panels):
    meshes = [axes.images[0] for axes in figures[name].axes[:panels]]
    assert len({mesh.get_clim() for mesh in meshes}) == 1
    low, high = meshes[0].get_clim()
    assert low == -high


def test_uptake_is_green_and_sources_are_brown(figures):
    mesh = figures["annual"].axes[0].images[0]
    drawn = mesh.to_rgba(mesh.get_array())
    red, green, _, _ = drawn[WEST_SINK]
    red_source, green_source, _, _ = drawn[EAST_SOURCE]
    assert green > red
    assert red_source > green_source


def test_the_series_shows_global_totals_of_all_three_sources(figures):
    lines = {line.get_label(): line.get_ydata() for line in figures["series"].axes[0].lines}
    for model, nee in (("EC-ATM", -1.0), ("EC", -2.0), ("inversions", 0.5)):
        assert lines[model].tolist() == [nee] * 24


@pytest.mark.parametrize("name", NAMES)
def test_no_label_is_clipped(pictures, name):
    picture = imread(pictures / f"{name}.png")[..., :3]
    assert picture.shape[1] == 1200
    for side in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
        assert (side == 1.0).all()


@pytest.mark.parametrize("name", NAMES)
def test_drawing_twice_gives_the_same_bytes(monthly, regional, pictures, tmp_path, name):
    write_picture(quicklooks(monthly, regional, EDITION)[name], tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes() == (pictures / f"{name}.png").read_bytes()
