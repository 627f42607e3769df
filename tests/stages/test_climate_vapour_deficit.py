"""The vapour pressure deficit in the climate store, which follows from an optional dewpoint."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.grid import Grid, regrid
from fluxprod.readers.interim import read_interim
from tests.dask_processes import contents
from tests.readers.era5.era5_files import weather, write_new
from tests.stages.test_climate import CELL, DAILY, run

DEWPOINT = "2m_dewpoint_temperature_stream-oper_daily-mean.nc"
PERIOD = "2003-01-01", "2004-12-31"


@pytest.fixture
def geography(tmp_path):
    path = tmp_path / "geography.nc"
    xr.Dataset(coords={"cell": CELL}).to_netcdf(path)
    return path


@pytest.fixture
def fields():
    """Air of 280 K on average, and a dewpoint that is a few kelvin below it."""
    made = {name: weather(name, *PERIOD, freq="D") for name in DAILY}
    spread = weather("P", *PERIOD, freq="D", seed=3).values * 1e3
    made["TD"] = weather("TD", *PERIOD, freq="D").copy(data=made["TA"].values - 0.2 - spread)
    return made


@pytest.fixture
def era5(tmp_path, fields):
    folder = tmp_path / "era5"
    folder.mkdir()
    for name, file in {**DAILY, "TD": DEWPOINT}.items():
        write_new(folder / file, fields[name])
    return folder


def saturation(kelvin):
    """Hand-written Eq. 7.5 of the IFS documentation, in Pa."""
    return 611.21 * np.exp(17.502 * (kelvin - 273.16) / (kelvin - 32.19))


def plain(fields):
    """Deficit of each cell of ERA5, then its average over the land cells [hPa]."""
    air, moist = (fields[name].astype(float) for name in ("TA", "TD"))
    deficit = (saturation(air) - saturation(moist)) / 100.0
    deficit = deficit.rename(latitude="lat", longitude="lon")
    land = regrid(deficit, Grid(45.0), min_coverage=0.5)
    return land.values.reshape(len(land), -1)[:, CELL].T


@pytest.mark.parametrize("processes", [1, 2])
def test_the_deficit_is_averaged_over_the_land_cells(era5, fields, geography, tmp_path, processes):
    store = read_interim(run(era5, geography, tmp_path / "climate.zarr", processes))
    assert set(store.data_vars) == {"TA", "SW_IN", "P", "VPD"}
    assert store.VPD.dims == ("cell", "time")
    assert store.VPD.attrs["units"] == "hPa"
    np.testing.assert_allclose(store.VPD, plain(fields), atol=0.0055)  # half a rounding step


def test_without_dewpoint_all_else_is_as_it_was(era5, geography, tmp_path):
    with_deficit = run(era5, geography, tmp_path / "with.zarr")
    (era5 / DEWPOINT).unlink()
    without = run(era5, geography, tmp_path / "without.zarr")
    assert set(read_interim(without).data_vars) == {"TA", "SW_IN", "P"}
    before, after = contents(without), contents(with_deficit)
    arrays = [name for name in before if str(name).startswith(("TA/c", "SW_IN/c", "P/c"))]
    assert len(arrays) == 6
    assert [name for name in arrays if before[name] != after[name]] == []


def test_a_dewpoint_of_one_year_is_a_fault_of_one_line(era5, fields, geography, tmp_path):
    write_new(era5 / DEWPOINT, fields["TD"].sel(time="2003"))
    message = "era5: TD: found 366 of 731 days missing, first 2004-01-01, expected 2003-01-01 to"
    with pytest.raises(DataError, match=message) as caught:
        run(era5, geography, tmp_path / "climate.zarr")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "climate.zarr").exists()


def test_a_dewpoint_above_the_temperature_stops_the_stage(era5, fields, geography, tmp_path):
    write_new(era5 / DEWPOINT, fields["TD"].copy(data=fields["TA"].values + 5.0))
    message = rf"{DEWPOINT}: TD: found more than 1 K above TA in 100.0% of the cells on 2003-01-01"
    with pytest.raises(DataError, match=message):
        run(era5, geography, tmp_path / "climate.zarr")


def test_a_day_without_dewpoint_names_the_files(era5, fields, geography, tmp_path):
    gone = fields["TD"].where(
        (fields["TD"].latitude > -40) | (fields["TD"].time != pd.Timestamp("2004-05-15"))
    )
    write_new(era5 / DEWPOINT, gone.assign_attrs(fields["TD"].attrs))
    message = rf"{DAILY['TA']} and .*{DEWPOINT}: VPD: found \d land cells? without data"
    with pytest.raises(DataError, match=message):
        run(era5, geography, tmp_path / "climate.zarr")
