"""Tables that R, pandas or a spreadsheet saved again, and tables of the ICOS Carbon Portal."""

import csv
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.fluxnet import FILE_NAME, read_fluxnet_daily
from fluxprod.readers.towers.sites import find_tower_files, fluxnet_sites
from tests.readers.towers.test_broken import NAME, fluxnet_csv, lathuile_csv, read
from tests.readers.towers.test_broken import OLD_NAME as LATHUILE

CASES = Path(__file__).parents[2] / "cases"
QUOTED = CASES / "quoted_and_NA_csv" / "FLX_XX-Abc_FLUXNET2015_FULLSET_DD_2004-2005_1-4.csv"
ICOS = CASES / "icos_etc_L2"
L2 = "ICOSETC_XX-Abc_FLUXNET_DD_L2.csv"


def test_quoted_table():
    with QUOTED.open() as file:
        rows = list(csv.DictReader(file))
    tower = read_fluxnet_daily(QUOTED)
    assert tower.sizes["time"] == len(rows) == 731
    for name, column in {"NEE": "NEE_VUT_REF", "TA": "TA_F", "P": "P_F"}.items():
        np.testing.assert_array_equal(tower[name], [float(row[column]) for row in rows])
    assert float(tower.NEE[0]) == 2.795


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize("missing", ["NA", "", "NaN", "-9999"])
def test_missing_values_of_other_programs(tmp_path, missing, quoting):
    table = pd.read_csv(pd.io.common.StringIO(fluxnet_csv()))
    holes = table.astype(float).astype({"TIMESTAMP": int})
    holes.loc[[3, 9], "NEE_VUT_REF"] = holes.loc[5, "P_F"] = holes.loc[39, "NEE_VUT_REF_QC"] = (
        np.nan
    )
    tower = read(tmp_path, holes.to_csv(index=False, na_rep=missing, quoting=quoting))
    assert np.flatnonzero(tower.NEE.isnull()).tolist() == [3, 9]
    assert np.flatnonzero(tower.P.isnull()).tolist() == [5]
    assert np.flatnonzero(tower.NEE_QC.isnull()).tolist() == [39]
    np.testing.assert_array_equal(tower.TA, 5.25)
    np.testing.assert_array_equal(tower.NEE.dropna("time"), -1.25)


def test_table_of_lathuile_saved_again(tmp_path):
    plain = read(tmp_path, lathuile_csv(), LATHUILE)
    table = pd.read_csv(pd.io.common.StringIO(lathuile_csv()), na_values=-9999)
    text = table.to_csv(index=False, na_rep="NA", quoting=csv.QUOTE_ALL)
    assert read(tmp_path, text, LATHUILE).identical(plain)


@pytest.mark.parametrize("cell", ["n/a", "<5", "1e", "--", "#DIV/0!", "NULL", "missing", "1 2"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_other_cells_are_named(tmp_path, cell, quote):
    text = fluxnet_csv().replace(",120.5,", f",{quote}{cell}{quote},", 7)
    text = text.replace(f",{quote}{cell}{quote},", ",120.5,", 6)
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    assert str(caught.value).endswith(
        f"{NAME}: row 8, column SW_IN_F: found {cell!r}, expected a number, or -9999 where missing"
    )


def test_truncated_line_of_a_quoted_table(tmp_path):
    text = QUOTED.read_text()[:-60]
    with pytest.raises(DataError, match=r"line 732: found \d+ fields, expected 12"):
        read(tmp_path, text)


def check_icos(tower, first, lines):
    rows = list(csv.DictReader(lines))
    assert tower.attrs["site"] == "XX-Abc"
    assert tower.sizes["time"] == len(rows) == 731
    assert str(tower.time.values[0])[:10] == first
    np.testing.assert_array_equal(tower.NEE, [float(row["NEE_VUT_REF"]) for row in rows])


def test_icos_table():
    check_icos(read_fluxnet_daily(ICOS / L2), "2004-01-01", (ICOS / L2).read_text().splitlines())


@pytest.fixture
def archive(tmp_path):
    return Path(shutil.copy(ICOS / "ICOSETC_XX-Abc_ARCHIVE_L2.zip", tmp_path))


def test_icos_archive(archive):
    (file,) = find_tower_files(archive.parent)["XX-Abc"]
    with zipfile.ZipFile(archive) as packed:
        lines = packed.read(L2).decode().splitlines()
    check_icos(read_fluxnet_daily(file), "2019-01-01", lines)


def test_icos_archive_unpacked_beside_itself(archive):
    """The table is in the folder and in the archive, and is read once."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(archive.parent)
    assert find_tower_files(archive.parent)["XX-Abc"] == [(archive.parent / L2, None)]


def test_icos_archive_beside_another_table_of_its_name(archive):
    shutil.copy(ICOS / L2, archive.parent)
    with pytest.raises(DataError, match=r"XX-Abc: found .*L2.zip/.* and .*, expected one file"):
        find_tower_files(archive.parent)


def test_site_table_of_icos():
    site = fluxnet_sites(ICOS).iloc[0]
    assert site[["site", "lat", "lon", "igbp"]].tolist() == ["XX-Abc", 50.0, 10.0, ""]


@pytest.mark.parametrize(
    "name",
    [
        "ICOSETC_XX-Abc_VARINFO_FLUXNET_DD_L2.csv",
        "ICOSETC_XX-Abc_FLUXNET_HH_L2.csv",
        "ICOSETC_XX-Abc_METEO_L2.csv",
    ],
)
def test_other_tables_of_icos_are_not_daily_records(name):
    assert FILE_NAME.match(name) is None


def test_archive_of_icos_without_its_daily_table(tmp_path):
    with zipfile.ZipFile(tmp_path / "ICOSETC_XX-Abc_ARCHIVE_L2.zip", "w") as archive:
        archive.writestr("ICOSETC_XX-Abc_FLUXNET_HH_L2.csv", "a")
    with pytest.raises(DataError, match=r"L2.zip: archive: found .*HH_L2.csv, expected a daily"):
        find_tower_files(tmp_path)


@pytest.mark.parametrize("name", [NAME, LATHUILE])
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda text: text.replace(",", ";"), "columns separated by ';' in '"),
        (lambda text: text.replace(",", ";").replace(".", ","), "columns separated by ';' in '"),
        (lambda text: text.replace(",", "\t"), r"columns separated by '\t' in '"),
        (lambda text: "sep=;\n" + text.replace(",", ";"), "a first line 'sep=;'"),
        (lambda text: text.encode("utf-16"), "text in UTF-16"),
    ],
)
def test_table_of_a_spreadsheet(tmp_path, name, change, found):
    text = fluxnet_csv() if name == NAME else lathuile_csv()
    with pytest.raises(DataError) as caught:
        read(tmp_path, change(text), name)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / name}: header: found {found}")
    expected = "expected columns separated by commas, and decimal points; save it again"
    assert expected in message
    assert len(caught.value.found) < 90
    assert "\0" not in message


def test_a_shown_header_is_short(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, fluxnet_csv().replace("TIMESTAMP", "DATE" * 50, 1))
    assert caught.value.found == f"no such column (columns {'DATE' * 10} ...)"


@pytest.mark.parametrize("name", [L2, "ICOSETC_XX-Abc_FLUXNET_DD_L2 (1).csv"])
def test_a_second_download_of_icos(name):
    assert FILE_NAME.match(name)["site"] == "XX-Abc"


@pytest.mark.parametrize("kind", ["FLUXNET_HH", "METEO"])
def test_other_tables_of_icos_name_the_right_one(tmp_path, kind):
    with pytest.raises(DataError, match=r"; get the daily table \(FLUXNET_DD\)"):
        read_fluxnet_daily(shutil.copy(ICOS / L2, tmp_path / f"ICOSETC_XX-Abc_{kind}_L2.csv"))
