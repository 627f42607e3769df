import gzip

import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily, site_of

HEADER = (
    "TIMESTAMP,TA_F,TA_F_QC,SW_IN_POT,SW_IN_F,SW_IN_F_QC,P_F,NEE_VUT_REF,NEE_VUT_REF_QC,"
    "NEE_CUT_REF,NEE_CUT_REF_QC,GPP_NT_CUT_REF"
)
ROWS = [
    "20040228,1.5,1,200,90.5,1,0,-9999,-9999,-1.25,0.75,2.5",
    "20040229,2.5,0.5,201,91.5,1,3.2,-9999,-9999,0.5,0.25,-9999",
    "20040301,-9999,0,202,92.5,1,-9999,-9999,-9999,-9999,-9999,1.5",
]
NAME = "FLX_AA-Bcd_FLUXNET2015_FULLSET_DD_2004-2004_1-4.csv"


@pytest.fixture
def table(tmp_path):
    """Write a small file; ``change`` maps text in it to other text."""

    def write(name=NAME, **change):
        text = "\n".join([HEADER, *ROWS]) + "\n"
        for old, new in change.get("change", {}).items():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_constant_threshold_is_used_if_the_variable_one_is_empty(table):
    tower = read_fluxnet_daily(table())
    assert tower.attrs == {"site": "AA-Bcd", "nee_column": "NEE_CUT_REF"}
    np.testing.assert_array_equal(tower.NEE, [-1.25, 0.5, np.nan])
    np.testing.assert_array_equal(tower.NEE_QC, [0.75, 0.25, np.nan])
    np.testing.assert_array_equal(tower.GPP_NT, [2.5, np.nan, 1.5])
    np.testing.assert_array_equal(tower.TA, [1.5, 2.5, np.nan])
    np.testing.assert_array_equal(tower.P, [0, 3.2, np.nan])
    assert list(tower.time.dt.strftime("%F").values) == ["2004-02-28", "2004-02-29", "2004-03-01"]
    assert tower.sel(time="2004-02-29").NEE.size == 1


def test_one_day_with_variable_threshold_decides_for_the_file(table):
    tower = read_fluxnet_daily(table(change={"0,-9999,-9999,-1.25": "0,-3.5,1,-1.25"}))
    assert tower.attrs["nee_column"] == "NEE_VUT_REF"
    np.testing.assert_array_equal(tower.NEE, [-3.5, np.nan, np.nan])
    assert "GPP_NT" not in tower


def test_gzip_and_names_of_all_networks(table):
    plain = read_fluxnet_daily(table())
    path = table("ICOSETC_BE-Lcr_FLUXNET_FLUXMET_DD_2019-2024_v1.2_r1.csv")
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    tower = read_fluxnet_daily(packed)
    assert tower.attrs["site"] == "BE-Lcr"
    assert tower.drop_attrs().identical(plain.drop_attrs())
    assert site_of(path.with_name("AMF_US-Ha1_FLUXNET_FULLSET_DD_1991-2020_3-5.csv")) == "US-Ha1"
    assert site_of(path.with_name("FLX_FI-Ken_FLUXNET2015_SUBSET_DD_2018-2020_beta-3.csv.gz"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"SW_IN_F,": "SW_IN_X,"}, "SW_IN_F: found no such column"),
        ({"TIMESTAMP": "TIMESTAMP_START"}, "TIMESTAMP: found no such column"),
        ({"TA_F,TA_F_QC": "TA_F,TA_F"}, r"header: found \['TA_F'\] more than once"),
        ({"20040229": "20040228"}, "found 2004-02-28 after 2004-02-28"),
        ({"20040229": "20040227"}, "found 2004-02-27 after 2004-02-28"),
        ({"20040229": "20041329"}, "TIMESTAMP: found .*, expected dates YYYYMMDD"),
        ({"1.5,1,": "274.65,1,"}, "TA_F: found 274.65"),
        ({"-1.25,0.75": "-1.25,75"}, "NEE_CUT_REF_QC: found 75"),
        ({"-1.25,": "-6999,"}, "NEE_CUT_REF: found -6999"),
        ({"0.5,0.25,-9999": "0.5"}, "line 3: found 10 fields, expected 12"),
        ({"3.2": "rain"}, "row 3, column P_F: found 'rain', .* -9999 where missing"),
        ({"3.2": "3;2"}, "row 3, column P_F: found '3;2', .* -9999 where missing"),
        ({"3.2": '"3,2"'}, "row 3, column P_F: found '3,2', .* -9999 where missing"),
        ({"3.2": '"3.2'}, "line 3: found 7 fields, expected 12"),
    ],
)
def test_faults_are_named(table, change, message):
    path = table(change=change)
    with pytest.raises(DataError, match=message) as error:
        read_fluxnet_daily(path)
    assert str(path) in str(error.value)


def test_a_page_of_html_is_not_a_table(tmp_path):
    path = tmp_path / NAME
    path.write_text("<!DOCTYPE html>\n<html><body>Please log in, or register</body></html>\n")
    with pytest.raises(DataError, match="a web page"):
        read_fluxnet_daily(path)


def test_a_truncated_gzip_file_is_unreadable(table):
    path = table()
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes())[:60])
    with pytest.raises(DataError, match="unreadable"):
        read_fluxnet_daily(packed)


def test_radiation_as_energy_is_recognised(tmp_path):
    days = pd.date_range("2004-01-01", "2004-12-31")
    rows = [f"{day:%Y%m%d},1.5,1,17.5,9.5,1,0,1,1,-9999,-9999,-9999" for day in days]
    path = tmp_path / NAME
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    with pytest.raises(DataError, match=r"SW_IN_F: found a yearly maximum of 9.5.*MJ"):
        read_fluxnet_daily(path)


PARTITIONED = [(flux, way) for flux in ("GPP", "RECO") for way in ("NT", "DT")]


def test_every_real_file_equals_plain_pandas(realdata):
    columns = {"TA": "TA_F", "TA_QC": "TA_F_QC", "SW_IN": "SW_IN_F", "SW_IN_POT": "SW_IN_POT"}
    columns |= {"P": "P_F", "NEE": "NEE_VUT_REF", "NEE_QC": "NEE_VUT_REF_QC"}
    columns |= {"SW_IN_QC": "SW_IN_F_QC", "VPD": "VPD_F", "VPD_QC": "VPD_F_QC"}
    columns |= {f"{flux}_{way}": f"{flux}_{way}_VUT_REF" for flux, way in PARTITIONED}
    paths = sorted((realdata / "fluxnet").iterdir())
    assert len(paths) == 18
    for path in paths:
        tower = read_fluxnet_daily(path)
        plain = pd.read_csv(path, usecols=["TIMESTAMP", *columns.values()])
        plain = plain.mask(plain == -9999)
        assert set(tower.data_vars) == set(columns)
        assert tower.attrs["site"] == path.name.split("_")[1]
        stamps = tower.time.dt.strftime("%Y%m%d").astype(int)
        np.testing.assert_array_equal(stamps, plain["TIMESTAMP"])
        for name, column in columns.items():
            np.testing.assert_array_equal(tower[name], plain[column], err_msg=path.name)


def test_precipitation_may_be_missing_completely(realdata):
    path = next((realdata / "fluxnet").glob("FLX_GL-Dsk_*"))
    assert read_fluxnet_daily(path).P.isnull().all()
