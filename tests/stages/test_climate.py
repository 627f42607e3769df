"""The climate store against the plain way: whole years in memory, written by the common writer."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import zarr

from fluxprod.errors import DataError
from fluxprod.grid import Grid, regrid
from fluxprod.params import Climate, Compute, World
from fluxprod.stages import climate
from fluxprod.writers.interim import write_interim
from tests.readers.era5_files import weather, write_new, write_old

WORLD = World(resolution=45.0, first_year=2003, last_year=2004)
CELL = np.array([0, 3, 9, 17, 30, 31])
VALID = {"TA": (-95.0, 60.0), "SW_IN": (0.0, 600.0), "P": (0.0, 655.0)}


def compute(processes=1):
    return Compute(scheduler="local", device="cpu", threads=1, processes=processes)


@pytest.fixture
def geography(tmp_path):
    path = tmp_path / "geography.nc"
    xr.Dataset(coords={"cell": CELL}).to_netcdf(path)
    return path


@pytest.fixture(scope="module")
def era5(tmp_path_factory):
    """Hourly temperature in chunks long in time, radiation by year, rain as daily sums."""
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
        params=Climate(min_coverage=0.5),
        compute=compute(processes),
    )
    return store


def daily(hourly, *, ends_at_stamp):
    """Means of whole days of float32 values, added in float64."""
    shift = np.timedelta64(1 if ends_at_stamp else 0, "h")
    day = (hourly.time.values - shift).astype("M8[D]")
    first, start, count = np.unique(day, return_index=True, return_counts=True)
    means = (np.add.reduceat(hourly.values.astype(float), start, axis=0) / 24).astype(np.float32)
    days = hourly.isel(time=start).assign_coords(time=first.astype("M8[s]"))
    return days.copy(data=means).isel(time=count == 24)


def plain(era5):
    """All of it in memory, as the stage did before it streamed."""
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
    files = [path.relative_to(one) for path in sorted(one.rglob("*")) if path.is_file()]
    assert files == [path.relative_to(two) for path in sorted(two.rglob("*")) if path.is_file()]
    for file in files:
        assert (one / file).read_bytes() == (two / file).read_bytes(), file


def test_a_broken_file_leaves_nothing_and_the_next_run_works(era5, geography, tmp_path):
    folder = tmp_path / "era5"
    folder.mkdir()
    for path in era5.glob("*.nc"):
        (folder / path.name).write_bytes(path.read_bytes())
    whole = (folder / "t2m.nc").read_bytes()
    store = tmp_path / "interim" / "climate.zarr"
    (folder / "t2m.nc").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"t2m.nc: file: found unreadable") as caught:
        run(folder, geography, store)
    assert "\n" not in str(caught.value)
    broken = bytearray(whole)
    broken[len(whole) // 2 : len(whole) // 2 + 2000] = b"\xff" * 2000  # the header stays whole
    (folder / "t2m.nc").write_bytes(broken)
    with pytest.raises(DataError, match=r"t2m.nc: file: found unreadable") as caught:
        run(folder, geography, store)
    assert "\n" not in str(caught.value)
    assert list(store.parent.iterdir()) == []
    (folder / "t2m.nc").write_bytes(whole)
    run(folder, geography, store)
    assert [path.name for path in store.parent.iterdir()] == ["climate.zarr"]


def test_an_error_in_another_process_is_the_same_one_line(era5, geography, tmp_path):
    folder = tmp_path / "era5"
    folder.mkdir()
    for path in era5.glob("*.nc"):
        (folder / path.name).write_bytes(path.read_bytes())
    warm = weather("TA", "2003-01-01", "2004-12-31 23:00")
    warm[24 * 500 : 24 * 501] = np.nan
    write_new(folder / "t2m.nc", warm)
    with pytest.raises(DataError, match=r"era5: TA: found no value on 2004-05-15"):
        run(folder, geography, tmp_path / "climate.zarr", processes=2)


def test_land_cells_beyond_a_region(era5, geography, tmp_path):
    folder = tmp_path / "era5"
    folder.mkdir()
    for variable, path in (("TA", "a"), ("SW_IN", "b"), ("P", "c")):
        part = weather(variable, "2003-01-01", "2005-01-01").isel(latitude=slice(0, 2))
        write_new(folder / f"{path}.nc", part)
    with pytest.raises(DataError, match=r"TA: found 4 land cells without data, expected every"):
        run(folder, geography, tmp_path / "climate.zarr")
