import zipfile
from pathlib import Path

import netCDF4
import numpy as np
import openpyxl
import pandas as pd
import pytest

from fluxprod.core.errors import DataError, DataErrors
from fluxprod.inventory.folder import mark_duplicates, mark_unused, raw_records
from fluxprod.inventory.record import RawRecord
from fluxprod.readers.files.folder import no_files, raw_files
from fluxprod.synthetic.native.fluxnet import write_fluxnet_daily
from fluxprod.synthetic.native.modis import write_mcd43c4

CUT = "2004-01-01 to 2004-01-04 are not whole years; was the file cut off?"


def tower(**columns):
    days = pd.date_range("2004-01-01", periods=4)
    names = ["TA_F", "TA_F_QC", "SW_IN_POT", "SW_IN_F", "SW_IN_F_QC", "P_F"]
    table = dict.fromkeys(names, 0.5) | {
        "NEE_VUT_REF": [1.0, 2.0, np.nan, 4.0],
        "NEE_VUT_REF_QC": [0.75, 0.7, 1.0, 1.0],
    }
    return pd.DataFrame(table | columns, index=days)


def record_of(path, min_qc=0.75, scan=True):
    (record,) = raw_records(path, path.name, min_qc=min_qc, scan=scan)
    return record


def test_good_days_of_a_tower(tmp_path):
    path = write_fluxnet_daily(tmp_path, "AA-Bcd", tower(P_F=[1, np.nan, 1, 1]))
    record = record_of(path)
    assert (record.kind, record.site, record.source) == ("fluxnet", "AA-Bcd", "NEE_VUT_REF")
    assert (record.first_date, record.last_date) == ("2004-01-01", "2004-01-04")
    assert (record.days, record.valid_nee_days, record.mean_nee) == (4, 2, 2.5)
    assert record.problems == ["P missing on 1 of 4 days", CUT]
    assert record.readable
    assert record_of(path, min_qc=0.7).valid_nee_days == 3


def test_problems_of_a_tower(tmp_path):
    path = write_fluxnet_daily(tmp_path, "AA-Bcd", tower(NEE_VUT_REF_QC=0.0))
    path = path.rename(path.with_name(path.name.replace("2004-2004", "2004-2010")))
    assert record_of(path).problems == [
        "no day with NEE of quality 0.75 or better",
        CUT,
        "the file name says 2004-2010, but the data cover 2004-2004",
    ]


def test_a_name_without_years_says_nothing_of_them(tmp_path):
    path = write_fluxnet_daily(tmp_path, "AA-Bcd", tower())
    path = path.rename(tmp_path / "ICOSETC_AA-Bcd_FLUXNET_DD_L2.csv")
    record = record_of(path)
    assert (record.kind, record.site, record.first_date) == ("fluxnet", "AA-Bcd", "2004-01-01")
    assert record.problems == [CUT]


def test_unreadable_files(tmp_path):
    contents = {
        "FLX_AA-Bcd_FLUXNET2015_FULLSET_DD_2004-2004_1-4.csv": b"<html>",
        "MOD13C1.A2001001.061.hdf": b"no HDF",
        "2m_temperature_stream-oper_daily-mean_2003.nc": b"\x89HDF cut",
        "Global_Carbon_Budget_2022v1.0.xlsx": b"PK cut",
        "field.grib": b"GR",
        "MCD43C4.A2001999.061.hdf": b"no such day",
        "empty.csv": b"",
        "page.csv": b"<!DOCTYPE html>\n<html></html>\n",
        "AMF_US-Abc_FLUXNET_FULLSET_2001-2002_3-5.zip": b"PK\x03\x04 cut",
        "era5.zip": b"<html>",
        "MOD13Q1.061_250m_aid0001.nc": b"CDF\x01",
        "ne_50m_admin_0_countries.json": b"{}",
    }
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        record = record_of(path)
        assert not record.readable, name
        assert len(record.problems) == 1
        assert "\n" not in record.problems[0]


CASES = Path(__file__).parents[1] / "cases"


def test_an_unpacked_archive_of_fluxnet():
    records = {path.name: record_of(path) for path in raw_files(CASES / "fluxnet_unpacked_archive")}
    assert all(record.readable and not record.problems for record in records.values())
    name = "FLX_XX-Abc_FLUXNET2015_FULLSET_{}_2004-2005_1-4.csv"
    assert records[name.format("DD")].left_alone is None
    steps = {"HH": "half-hourly", "WW": "weekly", "MM": "monthly", "YY": "yearly"}
    for step, words in steps.items():
        assert records[name.format(step)].left_alone == (
            f"{words} values, of which the daily ones (DD) are read"
        )


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("hourly.csv", "TIMESTAMP_START,TIMESTAMP_END,NEE_VUT_REF", "200401010000,200401010030,1"),
        ("months.csv", "TIMESTAMP,NEE_VUT_REF", "200401,1"),
        ("FLX_US-Abc_FLUXNET2015_AUXMETEO_1999-2014_1-4.csv", "VARIABLE,PARAMETER", "TA,1"),
        ("FLX_US-Abc_FLUXNET2015_ERAI_HH_1989-2014_1-4.csv", "TIMESTAMP_START,TA_ERA", "2,1"),
        ("ICOSETC_BE-Bra_FLUXNET_HH_L2.csv", "TIMESTAMP_START,NEE_VUT_REF", "2,1"),
    ],
)
def test_tables_of_towers_that_are_not_daily(tmp_path, name, header, row):
    (tmp_path / name).write_text(f"{header}\n{row}\n")
    record = record_of(tmp_path / name)
    assert record.readable
    assert record.left_alone.endswith("are read") or record.left_alone.endswith("not read")


def test_unrelated_grib_is_no_duplicate():
    folder = CASES / "grib_unrelated_called_duplicates"
    records = [record_of(path) for path in raw_files(folder) if path.suffix == ".grib"]
    mark_duplicates(records)
    assert len(records) == 2
    for record in records:
        assert (record.kind, record.readable, record.problems) == ("other", True, [])
        assert (
            record.left_alone == "nothing that is read: neither t2m, ssrd, tp and d2m nor co2fire"
        )


def test_web_pages_saved_as_data():
    paths = [path for path in raw_files(CASES / "web_page_saved_as_data") if path.suffix != ".txt"]
    assert len(paths) == 5
    for path in paths:
        record = record_of(path)
        assert not record.readable
        (problem,) = record.problems
        assert problem.startswith("file: found a web page (HTML), expected ")
        assert problem.endswith("; log in and get it again")


def test_a_web_page_under_any_name(tmp_path):
    for name in ("download.php", "GCP2023_inversions_1x1_version1.NC", "a.csv.gz", "b"):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf\n <html>Sign in</html>")
        assert not record_of(tmp_path / name).readable, name
    (tmp_path / "citation.html").write_text("<html>How to cite</html>")
    assert record_of(tmp_path / "citation.html").readable


@pytest.mark.parametrize(
    "name", ["MOD13A2.A2025001.h18v09.061.2025022080611.hdf", "MOD09A1.A2001001.h18v04.061.hdf"]
)
def test_products_that_no_reader_takes(tmp_path, name):
    (tmp_path / name).write_bytes(b"anything")
    record = record_of(tmp_path / name)
    assert record.readable
    assert record.left_alone == f"a file of {name.split('.')[0]}, which is not read"


def test_many_duplicates_are_told_in_short():
    records = [RawRecord(str(k), "fluxnet", "AA-Bcd") for k in range(20_000)]
    mark_duplicates(records)
    assert records[0].problems == ["a duplicate of 1, 2, 3 and 19996 more"]
    assert records[-1].problems == ["a duplicate of 0, 1, 2 and 19996 more"]


def test_an_extension_in_upper_case(tmp_path):
    path = hourly(tmp_path / "a.nc")
    assert record_of(path.rename(tmp_path / "A.NC")).kind == "era5"
    tower_path = write_fluxnet_daily(tmp_path / "t", "AA-Bcd", tower())
    tower_path = tower_path.rename(tower_path.with_suffix(".CSV"))
    assert record_of(tower_path).kind == "fluxnet"
    field = np.zeros((2, 4))
    path = write_mcd43c4(tmp_path, pd.Timestamp("2001-01-09"), field, field, field, field)
    assert record_of(path.rename(path.with_suffix(".HDF"))).source == "MCD43C4"
    (tmp_path / "page.ZIP").write_bytes(b"not an archive")
    assert not record_of(tmp_path / "page.ZIP").readable


def test_several_faults_of_one_file(tmp_path, monkeypatch):
    faults = [DataError("a", f"row {k}", "x", "a number", "write -9999") for k in (1, 2)]

    def refuse(path):
        raise DataErrors(faults)

    monkeypatch.setattr("fluxprod.inventory.folder.budget.read_budget", refuse)
    path = tmp_path / "Global_Carbon_Budget_2022v1.0.xlsx"
    path.write_bytes(b"PK")
    record = record_of(path)
    assert record.problems == [
        "row 1: found x, expected a number; write -9999",
        "row 2: found x, expected a number; write -9999",
    ]


def test_a_tower_table_under_another_name(tmp_path):
    path = write_fluxnet_daily(tmp_path, "AA-Bcd", tower()).rename(tmp_path / "mine.csv")
    assert record_of(path).problems == [
        "file name: found mine.csv, expected the name that the provider gave it"
    ]


def test_dates_of_products(tmp_path):
    field = np.zeros((2, 4))
    path = write_mcd43c4(tmp_path, pd.Timestamp("2001-01-09"), field, field, field, field)
    record = record_of(path)
    assert (record.kind, record.source, record.first_date) == ("modis", "MCD43C4", "2001-01-09")


def test_duplicates_name_each_other(tmp_path):
    first = write_fluxnet_daily(tmp_path, "AA-Bcd", tower())
    text = first.read_text()
    second = first.with_name("FLX_AA-Bcd_FLUXNET2015_SUBSET_DD_2004-2004_1-4.csv")
    second.write_text(text)
    write_fluxnet_daily(tmp_path, "AA-Xyz", tower())
    records = [record_of(path) for path in raw_files(tmp_path)]
    mark_duplicates(records)
    assert [record.problems for record in records] == [
        [CUT, f"a duplicate of {second.name}"],
        [CUT, f"a duplicate of {first.name}"],
        [CUT],
    ]


def test_other_files_are_listed_without_complaint(tmp_path):
    (tmp_path / "README.md").write_text("downloaded in May")
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    openpyxl.Workbook().save(tmp_path / "sites.xlsx")
    records = [record_of(path) for path in raw_files(tmp_path)]
    assert [record.path for record in records] == ["README.md", "notes.csv", "sites.xlsx"]
    assert all(record.kind == "other" and not record.problems for record in records)
    assert {record.left_alone for record in records} == {"nothing that is read"}


def test_a_tower_in_its_archive(tmp_path):
    path = write_fluxnet_daily(tmp_path / "unpacked", "AA-Bcd", tower())
    archive = tmp_path / "AMF_AA-Bcd_FLUXNET_FULLSET_2004-2004_3-5.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(path, path.name)
        file.writestr("readme.txt", "how to cite")
    record = record_of(archive)
    assert record.path == f"{archive.name}/{path.name}"
    assert (record.kind, record.site, record.source) == ("fluxnet", "AA-Bcd", "NEE_VUT_REF")
    assert (record.first_date, record.days, record.valid_nee_days) == ("2004-01-01", 4, 2)
    archive.write_bytes(archive.read_bytes()[:-30])
    assert not record_of(archive).readable


def hourly(path, missing=()):
    """ERA5 as the new data store gives it, 2 m temperature of two days."""
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("valid_time", 48), ("latitude", 2), ("longitude", 3)):
            file.createDimension(name, size)
        time = file.createVariable("valid_time", "i8", ("valid_time",))
        time.units = "seconds since 1970-01-01"
        time[:] = 1_104_537_600 + 3600 * np.arange(48)  # 2005-01-01
        field = file.createVariable("t2m", "f4", ("valid_time", "latitude", "longitude"))
        field.units = "K"
        field[:] = 280.0
        for hour in missing:
            field[hour] = np.nan
    return path


def test_hours_without_a_value(tmp_path):
    record = record_of(hourly(tmp_path / "a.nc", missing=range(24, 48)))
    assert (record.kind, record.source, record.days) == ("era5", "ERA5 t2m", 2)
    assert record.empty_steps == ["2005-01-02"]
    assert record.problems == ["t2m: no value in 24 of 48 steps: 2005-01-02"]
    assert record.readable
    assert record_of(tmp_path / "a.nc", scan=False).problems == []


def test_an_archive_that_is_called_nc(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXPROD_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "download.nc"
    with zipfile.ZipFile(path, "w") as file:
        file.write(hourly(tmp_path / "t.nc"), "data_stream-oper_stepType-instant.nc")
    record = record_of(path)
    assert (record.kind, record.source) == ("era5", "ERA5 t2m")
    assert (record.first_date, record.last_date) == ("2005-01-01", "2005-01-02")


def test_an_archive_of_something_else(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("notes.txt", "")
    record = record_of(path)
    assert record.readable
    assert record.problems == []
    assert record.left_alone == "an archive of other files: notes.txt"


def test_files_of_other_years_are_noted():
    records = [
        RawRecord("a", kind="era5", first_date="1999-01-01", last_date="2000-12-31"),
        RawRecord("b", kind="era5", first_date="1999-01-01", last_date="2001-01-01"),
        RawRecord("c", kind="regions"),
    ]
    mark_unused(records, range(2001, 2018))
    reasons = [record.left_alone for record in records]
    assert reasons == ["no data from 2001 to 2017", None, None]
    assert [record.problems for record in records] == [[], [], []]


def test_the_end_of_the_last_day_is_used():
    day = {"first_date": "2018-01-01", "last_date": "2018-01-01"}
    records = [RawRecord("a", kind=kind, **day) for kind in ("era5", "gfas", "modis")]
    records.append(RawRecord("b", kind="gfas", first_date="2018-01-02", last_date="2018-01-02"))
    mark_unused(records, range(2001, 2018))
    unused = "no data from 2001 to 2017"
    assert [record.left_alone for record in records] == [None, None, unused, unused]


def test_one_file_an_hour_is_no_duplicate():
    records = [record_of(path) for path in raw_files(CASES / "era5_one_file_an_hour")]
    records = [record for record in records if record.kind == "era5"]
    assert records[1].first_time == "2005-01-01T01:00"
    mark_duplicates(records)
    assert len(records) == 49
    assert not any(record.duplicated or record.problems for record in records)
    twice = [*records, record_of(CASES / "era5_one_file_an_hour" / "t2m_2005010105.nc")]
    mark_duplicates(twice)
    assert [record.path for record in twice if record.duplicated] == ["t2m_2005010105.nc"] * 2


def test_what_is_no_file(tmp_path):
    (tmp_path / "x.nc").mkdir()
    (tmp_path / "x.nc" / "inside.txt").write_text("")
    (tmp_path / "gone.hdf").symlink_to("nowhere.hdf")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [path.name for path in raw_files(tmp_path)] == ["inside.txt"]
    assert {path.name: fault for path, fault in no_files(tmp_path).items()} == {
        "gone.hdf": "a link to nowhere.hdf, which does not exist",
        "x.nc": "a folder with the name of a file",
    }


def test_no_such_folder(tmp_path):
    with pytest.raises(DataError, match="found nothing, expected a folder"):
        raw_files(tmp_path / "absent")


def test_real_files_of_all_kinds(realdata):
    expected = {  # typed from INDEX.md
        "era5/new_cds/data_stream-moda_stepType-avgad.nc": ("era5", "2005-01-01", "2024-12-01"),
        "era5/old_cds/ERA5_example_data.nc": ("era5", "2017-01-01", "2017-12-31"),
        "era5/daily_surface_cancities_1990-1993.nc": ("era5", "1990-01-01", "1993-12-31"),
        "modis/MCD12C1.A2019001.006.2020220162300.tif": ("modis", "2019-01-01", "2019-01-01"),
        "budgets/Global_Carbon_Budget_2023v1.0.xlsx": ("budget", None, None),
        "sites/FLX_AA-Flx_BIF_LATEST.csv": ("site table", None, None),
    }
    for name, facts in expected.items():
        record = record_of(realdata / name)
        assert (record.kind, record.first_date, record.last_date) == facts, name
        assert record.readable
    record = record_of(realdata / "era5/grib/era5-single-level-scalar-time.grib")
    assert (record.kind, record.readable) == ("era5", True)


def test_real_site_tables(realdata):
    sources = {}
    for path in sorted((realdata / "sites").iterdir()):
        record = record_of(path)
        assert record.readable, record.problems
        sources[path.name] = (record.kind, record.source)
    assert sources["FLX_AA-Flx_BIF_LATEST.csv"][0] == "site table"
    assert sources["LaThuile_SiteMetadata.xls"][1].startswith("La Thuile, ")
    assert sources["shuttle_snapshot_no_personal_columns.csv"][1].startswith("FLUXNET Shuttle, ")
