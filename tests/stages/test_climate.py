"""The climate store against a simple version: whole years in memory, and the usual writer."""

import zipfile

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import zarr

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, regrid
from fluxprod.core.intact import METADATA
from fluxprod.core.world import World
from fluxprod.readers.era5.settings import ClimateSettings
from fluxprod.readers.interim import read_interim
from fluxprod.stages import climate
from fluxprod.writers.interim import write_interim
from tests.dask_processes import contents, run_and_lose_a_worker
from tests.readers.era5.era5_files import weather, write_new, write_old

WORLD = World(resolution=45.0, first_year=2003, last_year=2004)
CELL = np.array([0, 3, 9, 17, 30, 31])
DAILY = {
    "TA": "2m_temperature_stream-oper_daily-mean.nc",
    "SW_IN": "surface_solar_radiation_downwards_stream-oper_daily-sum.nc",
    "P": "total_precipitation_stream-oper_daily-sum.nc",
}
VALID = {"TA": (-95.0, 60.0), "SW_IN": (0.0, 600.0), "P": (0.0, 2000.0)}


def compute(processes=1):
    return ComputeSettings(scheduler="local", device="cpu", threads=1, processes=processes)


@pytest.fixture
def geography(tmp_path):
    path = tmp_path / "geography.nc"
    xr.Dataset(coords={"cell": CELL}).to_netcdf(path)
    return path


@pytest.fixture(scope="module")
def era5(tmp_path_factory):
    """Hourly temperature in chunks that are long in time, radiation by year, rain as daily sums."""
    folder = tmp_path_factory.mktemp("era5")
    warm = weather("TA", "2003-01-01", "2004-12-31 23:00")
    write_new(folder / "t2m.nc", warm, chunks=(700, 2, 3))
    light = weather("SW_IN", "2003-01-01", "2005-01-01")
    write_old(folder / "ssrd_2003.nc", light.sel(time="2003"))
    write_new(folder / "ssrd_2004.nc", light.sel(time=slice("2004", None)), chunks=(50, 5, 8))
    for year in ("2003", "2004"):
        rain = weather("P", f"{year}-01-01", f"{year}-12-31", freq="D", seed=int(year))
        write_new(folder / f"total_precipitation_stream-oper_daily-sum_{year}.nc", rain)
    return folder


def run(era5, geography, store, processes=1):
    climate.main(
        era5=era5,
        geography=geography,
        climate=store,
        world=WORLD,
        params=ClimateSettings(min_coverage=0.5),
        compute=compute(processes),
    )
    return store


def daily(hourly, *, ends_at_stamp):
    """Average float32 values over whole days in float64."""
    shift = np.timedelta64(1 if ends_at_stamp else 0, "h")
    day = (hourly.time.values - shift).astype("M8[D]")
    first, start, count = np.unique(day, return_index=True, return_counts=True)
    means = (np.add.reduceat(hourly.values.astype(float), start, axis=0) / 24).astype(np.float32)
    days = hourly.isel(time=start).assign_coords(time=first.astype("M8[s]"))
    return days.copy(data=means).isel(time=count == 24)


def plain(era5):
    """Average everything in memory, without streaming."""
    with xr.open_dataset(era5 / "t2m.nc") as file:
        warm = file.t2m.load().drop_vars("expver").rename(valid_time="time") - 273.15
    with xr.open_dataset(era5 / "ssrd_2003.nc") as file:
        first = file.ssrd.astype(np.float32).load()
    with xr.open_dataset(era5 / "ssrd_2004.nc") as file:
        second = file.ssrd.load().drop_vars(["expver", "number"]).rename(valid_time="time")
    light = xr.concat([first, second], "time") / np.float32(3600)
    rain = []
    for path in sorted(era5.glob("total*")):
        with xr.open_dataset(path) as file:
            year = file.tp.load().rename(valid_time="time") / 1e-3
            rain.append(year.drop_vars(["expver", "number"]))
    fields = {
        "TA": daily(warm, ends_at_stamp=False),
        "SW_IN": daily(light, ends_at_stamp=True),
        "P": xr.concat(rain, "time"),
    }
    days = pd.date_range("2003-01-01", "2004-12-31", unit="s")
    columns = {}
    for name, field in fields.items():
        field = field.rename(latitude="lat", longitude="lon").sel(time=days)
        land = regrid(field, Grid(45.0), min_coverage=0.5).values.reshape(len(days), -1)[:, CELL]
        columns[name] = (("cell", "time"), np.clip(land.T.astype(np.float32), *VALID[name]))
    return xr.Dataset(columns, {"cell": CELL, "time": days})


def test_same_packed_values_as_whole_years_in_memory(era5, geography, tmp_path):
    store = run(era5, geography, tmp_path / "climate.zarr")
    write_interim(plain(era5), tmp_path / "plain.zarr")
    with (
        xr.open_zarr(store, consolidated=False, mask_and_scale=False) as ours,
        xr.open_zarr(tmp_path / "plain.zarr", consolidated=False, mask_and_scale=False) as expected,
    ):
        assert ours.TA.dtype == np.int16
        for dataset in (ours, expected):
            assert dataset.attrs.pop(METADATA)  # of other shards
        xr.testing.assert_identical(ours.load(), expected.load())


def test_shards_are_all_cells_and_366_days(era5, geography, tmp_path):
    store = run(era5, geography, tmp_path / "climate.zarr")
    array = zarr.open_group(store, mode="r")["TA"]
    assert array.shards == (256, 366)
    assert array.chunks == (256, 366)
    files = sorted(path.relative_to(store).as_posix() for path in (store / "TA").rglob("c/*/*"))
    assert files == ["TA/c/0/0", "TA/c/0/1"]  # 731 days


def test_two_processes_write_the_same_bytes(era5, geography, tmp_path):
    one = run(era5, geography, tmp_path / "one.zarr")
    two = run(era5, geography, tmp_path / "two.zarr", processes=2)
    assert contents(one) == contents(two)


@pytest.fixture
def by_day(tmp_path):
    """Daily statistics of all three variables, with two years in a file."""
    folder = tmp_path / "era5"
    folder.mkdir()
    for variable, name in DAILY.items():
        write_new(folder / name, weather(variable, "2003-01-01", "2004-12-31", freq="D"))
    return folder


def test_a_lost_dask_worker_changes_no_byte(cluster, by_day, geography, tmp_path):
    store = tmp_path / "climate.zarr"
    blocks = {
        "worlds": {"synthetic": {"resolution": 45.0, "first_year": 2003, "last_year": 2004}},
        "train": {"n_held_out_years": 1},
        "bridge": {"n_cv_folds": 2},
    }
    run_and_lose_a_worker(
        cluster, tmp_path, "climate", blocks,
        era5=by_day, geography=geography, climate=store,
    )  # fmt: skip
    assert contents(store) == contents(run(by_day, geography, tmp_path / "local.zarr"))


def zipped(path, content, share):
    """Put a file into a truncated archive of the same name."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(path.name, content)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])


def rewritten(path, change):
    """Change the dataset in a file."""
    with xr.open_dataset(path) as file:
        dataset = file.load()
    path.unlink()
    change(dataset)
    dataset.to_netcdf(path)


def spoil_units(dataset):
    dataset.tp.attrs["units"] = "inch"


def spoil_fill(dataset):
    dataset.tp[500, 2, 2] = -9999.0


def spoil_twice(dataset):
    dataset.coords["valid_time"] = dataset.valid_time.values[[0, *range(730)]]


FAULTS = {
    "cut": (lambda path, whole: path.write_bytes(whole[:-2000]), "file: found unreadable"),
    "cut early": (lambda path, whole: path.write_bytes(whole[:700]), "file: found unreadable"),
    "ones inside": (
        lambda path, whole: path.write_bytes(whole[:40_000] + b"\xff" * 200 + whole[40_200:]),
        "file: found unreadable",
    ),
    "HTML": (
        lambda path, whole: path.write_bytes(b"<!doctype html>\n<p>Sign in</p>"),
        "file: found a web page",
    ),
    "zip": (lambda path, whole: zipped(path, whole, 0.8), ""),
    "units": (lambda path, whole: rewritten(path, spoil_units), "tp: found unit 'inch'"),
    "fill": (lambda path, whole: rewritten(path, spoil_fill), "tp: found -9999 m, expected"),
    "twice": (lambda path, whole: rewritten(path, spoil_twice), "time: found stamps that repeat"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_spoilt_file_leaves_nothing_and_the_next_run_works(by_day, geography, tmp_path, fault):
    store = tmp_path / "interim" / "climate.zarr"
    path = by_day / DAILY["P"]
    whole = path.read_bytes()
    spoil, message = FAULTS[fault]
    spoil(path, whole)
    with pytest.raises(DataError, match=rf"{DAILY['P']}.*{message}") as caught:
        run(by_day, geography, store)
    assert "\n" not in str(caught.value)
    assert not store.parent.exists() or list(store.parent.iterdir()) == []
    path.write_bytes(whole)
    run(by_day, geography, store)
    assert [found.name for found in store.parent.iterdir()] == ["climate.zarr"]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_in_another_process_is_the_same_one_line(by_day, geography, tmp_path, processes):
    def empty(dataset):
        dataset.t2m[500] = np.nan

    rewritten(by_day / DAILY["TA"], empty)
    with pytest.raises(DataError, match=r"era5: TA: found no value on 2004-05-15"):
        run(by_day, geography, tmp_path / "climate.zarr", processes)


def deluge(metres):
    """Change a dataset so that this much falls on one day around the South Pole."""

    def change(dataset):
        place = (dataset.latitude <= -45) & (dataset.valid_time == np.datetime64("2004-12-30"))
        dataset["tp"] = dataset.tp.where(~place, metres)

    return change


def test_rain_above_the_record_names_file_day_and_cell(by_day, geography, tmp_path):
    rewritten(by_day / DAILY["P"], deluge(2.5))
    message = (
        rf"{DAILY['P']}: P: found 2500 mm d-1 in the cell at -67.5 N, -157.5 E on 2004-12-30, "
        r"expected 0 to 2000 mm d-1"
    )
    with pytest.raises(DataError, match=message):
        run(by_day, geography, tmp_path / "climate.zarr")


def test_a_deluge_below_the_record_is_kept(by_day, geography, tmp_path):
    rewritten(by_day / DAILY["P"], deluge(1.825))
    stored = read_interim(run(by_day, geography, tmp_path / "climate.zarr"))
    assert stored.P.sel(cell=3, time="2004-12-30").item() == pytest.approx(1825.0, abs=0.011)


def test_a_stale_day_where_two_shards_meet(by_day, geography, tmp_path):
    def stale(dataset):
        dataset.t2m[366] = dataset.t2m[365].values

    rewritten(by_day / DAILY["TA"], stale)
    with pytest.raises(DataError, match=r"TA: found the map of 2004-01-02 identical"):
        run(by_day, geography, tmp_path / "climate.zarr")


def test_land_cells_beyond_a_region(by_day, geography, tmp_path):
    for variable, name in DAILY.items():
        part = weather(variable, "2003-01-01", "2004-12-31", freq="D").isel(latitude=slice(0, 2))
        write_new(by_day / name, part)
    with pytest.raises(
        DataError,
        match=r"daily-mean.nc: TA: found 4 land cells without data, expected data in every land "
        r"cell; the first is in the cell at .* E on 2003-01-01",
    ):
        run(by_day, geography, tmp_path / "climate.zarr")
