"""The drivers stage writes the same bytes wherever its shards are computed."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.variables import ANOMALY_DRIVERS, DRIVERS, driver_names
from fluxprod.core.world import World
from fluxprod.drivers.settings import DriverSettings
from fluxprod.stages import drivers as stage
from fluxprod.writers.driver_store import SHARD, shards, write_driver_shard
from fluxprod.writers.interim import write_interim
from tests.dask_processes import contents, run_and_lose_a_worker
from tests.drivers.made_stores import write_stores

ROOT = Path(__file__).parents[2]
YEARS = range(2003, 2005)
N_CELLS = SHARD + 40
CELL_FACTS = ("cell_lat", "cell_lon", "cell_region", "land_area")


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stores")
    write_stores(folder, N_CELLS, YEARS)
    return folder


def run(stores, out, scheduler="local", processes=1, **changes):
    block = yaml.safe_load((ROOT / "params.yaml").read_text())["drivers"] | changes
    folders = {"climate": "climate.zarr", "vegetation": "vegetation.zarr"}
    files = {"geography": "geography.nc", "towers": "towers.nc"}
    stage.main(
        **{flag: stores / name for flag, name in (folders | files).items()},
        drivers=out / "drivers.zarr",
        sites=out / "sites.nc",
        world=World(resolution=0.5, first_year=YEARS[0], last_year=YEARS[-1]),
        params=DriverSettings(**block),
        compute=ComputeSettings(scheduler=scheduler, device="cpu", threads=1, processes=processes),
    )
    return out


@pytest.fixture(scope="module")
def one_process(stores, tmp_path_factory):
    return run(stores, tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="module")
def with_anomalies(stores, tmp_path_factory):
    return run(stores, tmp_path_factory.mktemp("anomalies"), anomalies=True)


def test_two_processes_write_the_same_bytes(stores, one_process, tmp_path):
    assert contents(run(stores, tmp_path, processes=2)) == contents(one_process)


def test_a_lost_dask_worker_changes_no_byte(cluster, stores, one_process, tmp_path):
    blocks = {
        "worlds": {
            "synthetic": {"resolution": 0.5, "first_year": YEARS[0], "last_year": YEARS[-1]}
        },
        "train": {"n_held_out_years": 1},
        "bridge": {"n_cv_folds": 2},
    }
    inputs = {name: stores / f"{name}.zarr" for name in ("climate", "vegetation")}
    inputs |= {name: stores / f"{name}.nc" for name in ("geography", "towers")}
    outputs = {"drivers": tmp_path / "drivers.zarr", "sites": tmp_path / "sites.nc"}
    run_and_lose_a_worker(cluster, tmp_path, "drivers", blocks, **inputs, **outputs)
    assert contents(tmp_path / "drivers.zarr") == contents(one_process / "drivers.zarr")
    assert (tmp_path / "sites.nc").read_bytes() == (one_process / "sites.nc").read_bytes()


def test_a_shard_written_again_has_the_same_bytes(one_process, tmp_path):
    """A worker believed lost may do so; the last shard extends beyond the last cell."""
    path = Path(shutil.copytree(one_process / "drivers.zarr", tmp_path / "drivers.zarr"))
    cells = shards(N_CELLS)[-1]
    with xr.open_zarr(path, consolidated=False) as store:
        made = store[list(DRIVERS)].isel(cell=cells).load()
    write_driver_shard(path, cells, made)
    assert contents(path) == contents(one_process / "drivers.zarr")


def test_shards_are_whole_files(one_process):
    names = [name for name in contents(one_process / "drivers.zarr") if name.startswith("WAI2/c/")]
    assert sorted(names) == ["WAI2/c/0/0", "WAI2/c/1/0"]
    with xr.open_zarr(one_process / "drivers.zarr", consolidated=False) as store:
        assert store.sizes == {"cell": N_CELLS, "time": 731, "calendar_day": 366}
        for name in store.data_vars:
            assert np.isfinite(store[name].values).all(), name


def names_in(folder):
    with xr.open_zarr(folder / "drivers.zarr", consolidated=False) as store:
        of_cells = {str(name) for name in store.data_vars if name not in CELL_FACTS}
    with xr.open_dataset(folder / "sites.nc") as sites:
        return of_cells, sites.driver.values.tolist()


def test_files_hold_all_drivers_and_anomalies_if_wanted(one_process, with_anomalies):
    names = driver_names(anomalies=False, deficit=True)
    assert names[: len(DRIVERS)] == list(DRIVERS)
    assert names_in(one_process) == (set(names), names)
    more = [*names, "Tair_ANOM", "WAI2_ANOM"]
    assert names_in(with_anomalies) == (set(more), more)


def test_anomalies_change_no_byte_of_the_other_drivers(one_process, with_anomalies):
    fewer, more = (contents(folder / "drivers.zarr") for folder in (one_process, with_anomalies))
    assert fewer.pop("zarr.json") != more["zarr.json"]  # it lists all arrays
    assert {name: more[name] for name in fewer} == fewer
    one, other = (xr.load_dataset(folder / "sites.nc") for folder in (one_process, with_anomalies))
    np.testing.assert_array_equal(one.x.values, other.x.sel(driver=one.driver).values)


def test_anomalies_do_not_depend_on_the_cells_made_at_once(
    stores, with_anomalies, tmp_path, monkeypatch
):
    monkeypatch.setattr(stage, "CHUNK", 100)
    assert contents(run(stores, tmp_path, anomalies=True)) == contents(with_anomalies)


def test_towers_with_the_weather_of_their_cell_have_its_anomalies(with_anomalies):
    """The towers of these stores have no meteorology of their own and lie in the first cells."""
    with xr.open_dataset(with_anomalies / "sites.nc") as sites:
        x = sites.x.values.reshape(sites.sizes["site"], -1, sites.sizes["driver"])
        names = sites.driver.values.tolist()
    with xr.open_zarr(with_anomalies / "drivers.zarr", consolidated=False) as store:
        for name in ANOMALY_DRIVERS:
            cells = store[name].values[: len(x)]
            assert cells.std() > 0.0
            np.testing.assert_allclose(x[:, :, names.index(name)], cells, atol=1e-5)


def test_half_a_shard_is_refused(one_process):
    path = one_process / "drivers.zarr"
    with xr.open_zarr(path, consolidated=False) as store:
        block = store[["WAI2"]].isel(cell=slice(0, 100)).load()
    before = contents(path)
    for cells in (slice(0, 100), slice(100, 200), slice(SHARD - 20, SHARD + 20)):
        with pytest.raises(AssertionError, match="one shard"):
            write_driver_shard(path, cells, block)
    with pytest.raises(AssertionError, match="written as a whole"):
        write_driver_shard(path, shards(N_CELLS)[0], block)
    assert contents(path) == before


def test_an_impossible_driver_stops_the_run_and_leaves_nothing(stores, tmp_path, monkeypatch):
    made = stage.drivers_of
    monkeypatch.setattr(stage, "drivers_of", lambda *at: made(*at) * 1e4)
    with pytest.raises(DataError, match=r"drivers.*WAI2|drivers.*MSC"):
        run(stores, tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(stage, "drivers_of", made)
    assert (run(stores, tmp_path) / "drivers.zarr").is_dir()


def test_climate_of_other_cells_is_refused(stores, tmp_path):
    mixed = tmp_path / "mixed"
    shutil.copytree(stores, mixed)
    with xr.open_dataset(mixed / "geography.nc") as file:
        land = file.load()
    land = land.assign_coords(cell=land.cell + 1)
    write_interim(land, mixed / "geography.nc")
    with pytest.raises(DataError, match=r"climate.zarr: cell: found other cells.*geography.nc"):
        run(mixed, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mixed"]
