"""The vegetation stage on a globe of 4 by 8 pixels, with intact and damaged files."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pyhdf.SD import SD, SDC

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.world import World
from fluxprod.params import block
from fluxprod.readers.modis.settings import VegetationSettings
from fluxprod.stages import vegetation as stage
from fluxprod.synthetic.native import modis as native_modis
from fluxprod.writers.interim import write_interim
from tests.dask_processes import contents, run_and_lose_a_worker
from tests.readers.modis.native_tile import write_tile

SHAPE = (4, 8)
OUTAGES = ["2001-06-15/2001-07-02"]


def dates(year, days):
    """First days of the composites of a year."""
    return pd.date_range(f"{year}-01-01", f"{year}-12-31", freq=f"{days}D")


SIXTEEN, EIGHT = (dates(2001, days) for days in (16, 8))


def filled(value):
    return np.full(SHAPE, value)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """Rows from the north, columns from the west; the north-west cell has types 1 1 above 2."""
    folder = tmp_path_factory.mktemp("modis")
    igbp = filled(0.0)
    igbp[0, :2], igbp[1, 0], igbp[3, 7] = 1, 2, 2
    native_modis.write_mcd12c1(folder, 2001, igbp)
    write_composites(folder, 2001)
    return folder


def write_composites(folder, year):
    zero = filled(0.0)
    for date in dates(year, 16):
        ndvi = filled(0.5)
        ndvi[0, 0], ndvi[0, 1], ndvi[1, 0], ndvi[3, 7] = 0.2, 0.4, 0.6, np.nan
        native_modis.write_mod13c1(folder, date, ndvi, ndvi / 2, zero, zero)
    for date in dates(year, 8):
        native_modis.write_mod11c2(folder, date, filled(300.0), filled(280.0), zero, zero)
        native_modis.write_mcd43c4(folder, date, filled(0.3), filled(0.1), filled(0.2), zero)
        native_modis.write_mcd15a2h(folder, date, filled(0.7), zero)


@pytest.fixture
def modis(year, tmp_path):
    """A copy that a test may damage."""
    return Path(shutil.copytree(year, tmp_path / "modis"))


@pytest.fixture
def geography(tmp_path):
    cell = np.array([3, 4], np.int32)  # south-east and north-west cell of 2 by 4
    fraction = np.array([[0.0, 1.0], [0.75, 0.25]])
    dataset = xr.Dataset(
        {"pft_fraction": (("cell", "pft"), fraction)}, coords={"cell": cell, "pft": [1, 2]}
    )
    write_interim(dataset, tmp_path / "geography.nc")
    return tmp_path / "geography.nc"


def run(modis, geography, *, name="vegetation.zarr", processes=1, gaps=OUTAGES, last_year=2001):
    out = geography.parent / "out" / name
    stage.main(
        modis=modis,
        geography=geography,
        vegetation=out,
        world=World(resolution=90.0, first_year=2001, last_year=last_year),
        compute=ComputeSettings(scheduler="local", device="cpu", threads=1, processes=processes),
        params=VegetationSettings(max_gap=0.95, known_gaps=gaps),
    )
    return out


def read(path):
    return xr.open_zarr(path, consolidated=False, chunks=None).load()


def only(modis, pattern):
    return next(modis.glob(pattern))


def test_means_by_hand_and_donors_of_missing_series(modis, geography):
    got = read(run(modis, geography))
    assert got.patch_cell.values.tolist() == [3, 4, 4]
    assert got.patch_pft.values.tolist() == [2, 1, 2]
    # the south-east patch has no NDVI and takes that of the other patch of type 2
    np.testing.assert_allclose(got.NDVI, np.repeat([[0.6], [0.3], [0.6]], 23, axis=1), atol=1e-6)
    np.testing.assert_allclose(got.EVI[:, 0], [0.3, 0.15, 0.3], atol=1e-6)
    np.testing.assert_allclose(got.LST_DAY, 300.0, atol=1e-3)
    np.testing.assert_allclose(got.NDWI, 0.2, atol=1e-4)  # (0.3 - 0.2) / 0.5
    np.testing.assert_allclose(got.FPAR, 0.7, atol=1e-6)
    assert got.time_mod11c2.equals(got.time_mcd15a2h.rename(time_mcd15a2h="time_mod11c2"))


def test_two_processes_write_the_same_bytes(modis, geography):
    one, two = (run(modis, geography, name=f"{n}.zarr", processes=n) for n in (1, 2))
    assert contents(one)
    assert contents(one) == contents(two)


def test_a_lost_dask_worker_changes_no_byte(cluster, modis, geography, tmp_path):
    store = tmp_path / "vegetation.zarr"
    write_composites(modis, 2002)  # two years, the fewest that params.yaml may have
    blocks = {
        "worlds": {"synthetic": {"resolution": 90.0, "first_year": 2001, "last_year": 2002}},
        "train": {"n_held_out_years": 1},
        "bridge": {"n_cv_folds": 2},
        "vegetation": {"known_gaps": OUTAGES},
    }
    run_and_lose_a_worker(
        cluster, tmp_path, "vegetation", blocks,
        modis=modis, geography=geography, vegetation=store,
    )  # fmt: skip
    assert contents(store) == contents(run(modis, geography, last_year=2002))


def test_a_process_does_not_remember_another_geography_of_the_same_path(modis, geography):
    run(modis, geography)
    with xr.open_dataset(geography) as file:
        land = file.load().isel(cell=[1])
    write_interim(land, geography)
    np.testing.assert_allclose(read(run(modis, geography)).NDVI[:, 0], [0.3, 0.6], atol=1e-6)


def test_a_known_outage_leaves_a_gap_that_is_named(modis, geography, capsys):
    only(modis, "MOD11C2.A2001169.*").unlink()
    got = read(run(modis, geography))
    assert "MOD11C2 around 2001-06-22 lost to known outages" in capsys.readouterr().out
    assert np.isnan(got.LST_DAY.sel(time_mod11c2="2001-06-22")).all()
    assert np.isfinite(got.LST_DAY).sum() == 45 * 3
    with pytest.raises(DataError, match="no file for 2001169"):
        run(modis, geography, gaps=[])


def test_tiles_in_the_place_of_a_grid(modis, geography):
    for path in modis.glob("M*D15A2H.*"):
        path.unlink()
    flags = np.ones((2400, 2400), np.uint8)
    flags[::100, ::100] = 0
    tiles = {"h00v08": 40, "h35v09": 60}  # 0-10 N in the far west, 0-10 S in the far east
    for tile, value in tiles.items():
        path = write_tile(modis, tile, np.full_like(flags, value), flags, date="2001001")
        for date in EIGHT[1:]:
            shutil.copy(path, path.with_name(path.name.replace("2001001", f"{date:%Y%j}", 1)))
    got = read(run(modis, geography))
    # type 2 of the north-west cell lies from 0 to 45 N; no tile covers type 1 north of it
    np.testing.assert_allclose(got.FPAR.sel(patch=2), 0.4, atol=1e-6)
    np.testing.assert_allclose(got.FPAR.sel(patch=0), 0.4, atol=1e-6)  # 90-45 S: from the nearest
    assert np.isnan(got.FPAR.sel(patch=1)).all()


def cut(path):
    path.write_bytes(path.read_bytes()[:2000])


def page(path):
    path.write_text("<html>Please log in</html>")


def change(name, attribute, kind, value):
    def spoil(path):
        file = SD(str(path), SDC.WRITE)
        dataset = file.select(name)
        dataset.attr(attribute).set(kind, value)
        dataset.endaccess()
        file.end()

    return spoil


def hot(path):
    date = pd.Timestamp("2001-02-18")
    zero = filled(0.0)
    native_modis.write_mod11c2(path.parent, date, filled(600.0), filled(280.0), zero, zero)


def small(path):
    half, date = np.zeros((2, 4)), pd.Timestamp("2001-02-18")
    native_modis.write_mod11c2(path.parent, date, half + 300, half + 280, half, half)


def other(path):
    path.write_bytes(only(path.parent, "MOD13C1.A2001017.*").read_bytes())


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (cut, "file: found unreadable"),
        (page, r"file: found a web page \(HTML\)"),
        (
            change("LST_Day_CMG", "scale_factor", SDC.FLOAT64, 0.1),
            "scale_factor 0.1, expected 0.02",
        ),
        (change("LST_Night_CMG", "_FillValue", SDC.UINT16, 65535), "_FillValue 65535, expected 0"),
        (
            change("LST_Day_CMG", "add_offset", SDC.FLOAT64, -273.15),
            "add_offset -273.15, expected 0",
        ),
        (hot, "LST_DAY: found .*600 K outside 150 to 360"),
        (small, r"shape \(2, 4\), expected \(4, 8\) of the land cover"),
        (other, "QC_Day: found .*expected one dataset of that name"),
    ],
    ids=["cut", "page", "scale", "fill", "offset", "range", "shape", "layer"],
)
def test_a_spoilt_file_is_named_and_leaves_nothing(modis, geography, spoil, message):
    path = only(modis, "MOD11C2.A2001049.*")
    whole = path.read_bytes()
    spoil(path)
    with pytest.raises(DataError, match=message) as error:
        run(modis, geography)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert list((geography.parent / "out").iterdir()) == []
    path.write_bytes(whole)
    assert np.isfinite(read(run(modis, geography)).LST_DAY).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"known_gaps": ["2001-06-15"]},
            "known_gaps '2001-06-15', which is not of the form YYYY-MM-DD/YYYY-MM-DD",
        ),
        (
            {"known_gaps": ["2001-06-15/2001-06-01"]},
            "2001-06-15/2001-06-01, which ends before it begins",
        ),
        (
            {"known_gaps": ["2001-06-15/2001-06-31"]},
            "2001-06-31', which is not of the form YYYY-MM-DD",
        ),
        (
            {"known_gaps": [2001]},
            "known_gaps: found 2001 .entry 0., expected a list, each entry text",
        ),
        ({"known_gaps": "2001-06-15/2001-07-02"}, "expected a list"),
        ({"max_gap": 95.0}, "max_gap: found 95.0, expected a number from 0"),
    ],
)
def test_impossible_parameters(change, message):
    params = {"vegetation": {"max_gap": 0.95, "known_gaps": OUTAGES, **change}}
    with pytest.raises(DataError, match=message):
        block(params, VegetationSettings)
