import hashlib

import numpy as np
import pandas as pd
import pytest

from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.native.fluxnet import write_bif, write_fluxnet_daily
from fluxprod.synthetic.native.lathuile import (
    COLUMNS,
    write_lathuile_year,
    write_site_metadata,
)

SITES = pd.DataFrame(
    {
        "site": ["BR-Sa1", "GL-Dsk"],
        "lat": [-2.85667, 69.2534],
        "lon": [-54.95889, -53.5141],
        "igbp": ["EBF", "OSH"],
        "utc_offset": [-4.0, -3.5],
        "elevation": [88.0, np.nan],
    }
)


def test_fluxnet_name_decimals_and_missing(tmp_path):
    table = pd.DataFrame(
        {
            "TA_F": [1.23456, np.nan],
            "NEE_VUT_REF": [-2.1234567, -1e-9],
            "NEE_VUT_REF_QC": [1.0 / 3.0, 1.0],
        },
        index=pd.DatetimeIndex(["2003-12-31", "2004-01-01"]),
    )
    path = write_fluxnet_daily(tmp_path, "BR-Sa1", table)
    assert path.name == "FLX_BR-Sa1_FLUXNET2015_FULLSET_DD_2003-2004_1-4.csv"
    assert path.read_bytes() == (
        b"TIMESTAMP,TA_F,NEE_VUT_REF,NEE_VUT_REF_QC\n"
        b"20031231,1.235,-2.12346,0.333333\n"
        b"20040101,-9999,0.00000,1.000000\n"
    )


def test_fluxnet_days_must_follow_one_another(tmp_path):
    days = pd.DatetimeIndex(["2003-01-01", "2003-01-03"])
    with pytest.raises(ValueError, match="BR-Sa1: days are missing"):
        write_fluxnet_daily(tmp_path, "BR-Sa1", pd.DataFrame({"TA_F": [1.0, 2.0]}, index=days))


def test_bif_uses_the_groups_of_the_real_one(tmp_path, realdata):
    path = tmp_path / "FLX_AA-Flx_BIF_DD_20221122.csv"
    write_bif(path, SITES)
    ours = pd.read_csv(path)
    real = pd.read_csv(
        realdata / "sites" / "FLX_AA-Flx_BIF_LATEST.csv", sep=";", encoding="latin-1"
    )
    assert list(ours.columns) == list(real.columns)
    pair = ["VARIABLE_GROUP", "VARIABLE"]
    assert set(ours[pair].itertuples(index=False, name=None)) <= set(
        real[pair].itertuples(index=False, name=None)
    )
    value = ours.set_index(["SITE_ID", "VARIABLE"]).DATAVALUE
    assert value["BR-Sa1", "LOCATION_LAT"] == "-2.8567"
    assert value["GL-Dsk", "IGBP"] == "OSH"
    assert value["GL-Dsk", "UTC_OFFSET"] == "-3.5"
    assert ours.groupby("GROUP_ID").VARIABLE_GROUP.nunique().eq(1).all()


def test_lathuile_header_is_verbatim():
    # hash of the header line in the description of the collection
    digest = hashlib.sha256(",".join(COLUMNS).encode()).hexdigest()
    assert len(COLUMNS) == 124
    assert digest == "bb7d6b87f39ef3ae718db274bc7d2ed88e14def06eec96ad4520ea3b62d68cb7"


def test_lathuile_file(tmp_path):
    days = daily_axis(2004, 2004)
    table = pd.DataFrame({"NEE_f": np.full(366, -1.5), "Rg_f": np.nan}, index=days)
    path = write_lathuile_year(tmp_path, "BR-Sa1", 2004, table)
    assert path.name == "BR-Sa1.2004.synth.daily.allvars.csv"
    content = path.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == 367
    read = pd.read_csv(path)
    assert read.DoY.tolist() == list(range(1, 367))
    assert read.NEE_f.eq(-1.5).all()
    assert read.drop(columns=["Year", "DoY", "NEE_f"]).eq(-9999).all(axis=None)


def test_lathuile_unknown_column_and_other_year(tmp_path):
    days = daily_axis(2004, 2004)
    with pytest.raises(ValueError, match=r"not columns of La Thuile: \['NEE'\]"):
        write_lathuile_year(tmp_path, "BR-Sa1", 2004, pd.DataFrame({"NEE": 1.0}, index=days))
    with pytest.raises(ValueError, match="some days are not in 2003"):
        write_lathuile_year(tmp_path, "BR-Sa1", 2003, pd.DataFrame({"NEE_f": 1.0}, index=days))


def test_site_metadata(tmp_path):
    write_site_metadata(tmp_path / "Site_metadata.csv", SITES)
    read = pd.read_csv(tmp_path / "Site_metadata.csv", index_col="SiteCode", encoding="latin-1")
    assert read.loc["BR-Sa1"].to_dict() == {
        "SiteLatitude": -2.85667,
        "SiteLongitude": -54.95889,
        "SiteElevation": 88.0,
        "IGBP_vegetation_short": "EBF",
    }
    assert np.isnan(read.loc["GL-Dsk", "SiteElevation"])
