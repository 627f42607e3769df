from dataclasses import replace

import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.inventory.needs import OPTIONAL, RunNeeds, checks_by_variable
from fluxprod.synthetic.native.fluxcom import write_fluxcom_year
from tests.readers.era5.era5_files import weather, write_new
from tests.readers.inversions.test_rivers import MEAN as MEAN_UPTAKE
from tests.readers.inversions.test_rivers import layer as river_layer

NEEDS = RunNeeds(
    years=range(2001, 2003),
    outages=((pd.Timestamp("2001-06-15"), pd.Timestamp("2001-07-02")),),
    members=("CAMS",),
    inversion_variable="land_flux_only_fossil_cement_adjusted",
    rivers=True,
    min_sites=10,
    min_days=180,
    min_qc=0.75,
)


def only_check(key, root, needs=NEEDS):
    (check,) = checks_by_variable(key, root, needs).values()
    return check


def touch(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"")


def test_every_data_set_of_the_list_has_a_check_but_towers(tmp_path):
    without = {d.key for d in RAW_LIST if not checks_by_variable(d.key, tmp_path, NEEDS)}
    assert without == {"fluxnet", "lathuile"}
    assert list(checks_by_variable("era5", tmp_path, NEEDS)) == ["TA", "SW_IN", "P", "TD"]


@pytest.mark.parametrize(
    "key", [d.key for d in RAW_LIST if d.folder not in ("fluxnet", "lathuile")]
)
def test_an_empty_folder_fails_every_check(tmp_path, key):
    for dataset in RAW_LIST:
        (tmp_path / dataset.folder).mkdir(exist_ok=True)
    for name, check in checks_by_variable(key, tmp_path, NEEDS).items():
        if name not in OPTIONAL:
            with pytest.raises(DataError):
                check(NEEDS.years)


def test_a_run_goes_without_dewpoint_but_not_with_some_of_its_years(tmp_path):
    (tmp_path / "era5").mkdir()
    check = checks_by_variable("era5", tmp_path, NEEDS)["TD"]
    check(NEEDS.years)
    name = "2m_dewpoint_temperature_stream-oper_daily-mean_2001.nc"
    write_new(tmp_path / "era5" / name, weather("TD", "2001-01-01", "2001-12-31", freq="D"))
    check(range(2001, 2002))
    with pytest.raises(DataError, match="TD: found 365 of 730 days missing, first 2002-01-01"):
        check(NEEDS.years)


def test_a_known_outage_of_modis_counts_as_present(tmp_path):
    names = [
        f"MOD13C1.A{year}{day:03d}.061.2020.hdf"
        for year in NEEDS.years
        for day in range(1, 366, 16)
    ]
    lost = "MOD13C1.A2001177.061.2020.hdf"  # 2001-06-26, the instrument was off
    touch(tmp_path / "modis", *(name for name in names if name != lost))
    only_check("MOD13C1", tmp_path)(NEEDS.years)
    with pytest.raises(DataError, match="2001177"):
        only_check("MOD13C1", tmp_path, replace(NEEDS, outages=()))(NEEDS.years)


def fluxcom_year(folder, year, kind="daily"):
    days = pd.Timestamp(year, 12, 31).day_of_year
    path = write_fluxcom_year(folder, year, np.ones((days, 2, 4)))
    if kind == "monthly":
        with xr.open_dataset(path, decode_times=False) as dataset:
            dataset.isel(time=slice(12)).to_netcdf(path.with_name(path.name.replace("daily", kind)))
        path.unlink()
    return path


def test_fluxcom_daily_or_else_monthly(tmp_path):
    for kind in ("monthly", "daily"):
        fluxcom_year(tmp_path / "fluxcom", 2001, kind)
    check = only_check("fluxcom", tmp_path)
    check(range(2001, 2002))
    with pytest.raises(DataError, match=r"found no file for \[2002\]"):
        check(NEEDS.years)
    fluxcom_year(tmp_path / "fluxcom", 2002, "monthly")
    check(NEEDS.years)


def test_the_header_of_a_fluxcom_file_is_read(tmp_path):
    path = fluxcom_year(tmp_path / "fluxcom", 2001)
    with netCDF4.Dataset(path, "a") as file:
        file["NEE"].units = "umol m-2 s-1"
    with pytest.raises(DataError, match="units of NEE: found 'umol m-2 s-1'"):
        only_check("fluxcom", tmp_path)(range(2001, 2002))


def test_years_before_the_fire_record_need_no_file(tmp_path):
    (tmp_path / "gfas").mkdir()
    check = only_check("gfas", tmp_path)
    check(range(2001, 2002))
    with pytest.raises(DataError):
        check(range(2003, 2004))


def test_x_base_is_named_as_another_product(tmp_path):
    touch(tmp_path / "fluxcom", "NEE_2001_050_monthly.nc", "NEE_2002_050_monthly.nc")
    with pytest.raises(DataError, match="found 2 of FLUXCOM-X-BASE, such as NEE_2001_050_monthly"):
        only_check("fluxcom", tmp_path)(NEEDS.years)


def test_rivers_may_be_a_layer_of_the_inversions(tmp_path):
    for name in ("rivers", "inversions"):
        (tmp_path / name).mkdir()
    path = tmp_path / "inversions" / "GCP2024_inversions_1x1_version1_1_20240912.nc"
    river_layer(path, "river_adjustment_land", MEAN_UPTAKE)
    only_check("rivers", tmp_path)(NEEDS.years)
    river_layer(path, "river_adjustment_land", -MEAN_UPTAKE)
    with pytest.raises(DataError, match="total of -0.65 PgC yr-1"):
        only_check("rivers", tmp_path)(NEEDS.years)
