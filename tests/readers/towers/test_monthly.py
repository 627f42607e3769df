import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.monthly import read_towers_monthly

LINES = """\
site,igbp,lat,lon,year,month,nee,ta,precip,sw_in,h,ndwi,snow_percent,fpar,lst_day,lst_night,vpd
XX-Bbb,GRA,51.5,7.25,2004,2,-1.5,3.5,2.25,61.0,9,0.1,40,0.3,279.5,271.0,2.0
XX-Bbb,GRA,51.5,7.25,2004,1,0.5,-2.5,1.75,33.0,9,,80,0.2,272.5,268.0,1.5
XX-Aaa,EBF,-3.0,-55.0,2003,12,-0.25,26.5,8.5,182.0,9,0.3,0,0.8,303.0,296.0,7.25
"""


@pytest.fixture
def table(tmp_path):
    def write(old="", new=""):
        assert old in LINES
        path = tmp_path / "towers.csv"
        path.write_text(LINES.replace(old, new) if old else LINES)
        return path

    return write


def test_values_names_and_order(table):
    read = read_towers_monthly(table())
    assert list(read.site) == ["XX-Aaa", "XX-Bbb", "XX-Bbb"]
    assert list(read.month) == [*pd.to_datetime(["2003-12-01", "2004-01-01", "2004-02-01"])]
    first = read.iloc[0]
    assert (first.NEE, first.TA, first.P, first.SW_IN) == (-0.25, 26.5, 8.5, 182.0)
    assert (first.FPAR, first.LST_DAY, first.LST_NIGHT, first.SNOW) == (0.8, 303.0, 296.0, 0.0)
    assert first.VPD == 7.25
    assert np.isnan(read.NDWI[1])
    assert "h" not in read


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("lst_night", "night", "lst_night: found no such column"),
        (
            "303.0",
            "29.85",
            "lst_day: found 29.85, the first of 1 out of range, expected 150 to 360 K",
        ),
        (
            "-2.5",
            "270.65",
            "ta: found 270.65, the first of 1 out of range, expected -95 to 60 degC",
        ),
        ("-0.25", "-9999", "nee: found -9999"),
        ("296.0,7.25", "296.0,725", "vpd: found 725, the first of 1 out of range, expected 0 to"),
        ("2004,1,", "2004,2,", "XX-Bbb: found 2004-02 twice"),
        ("2004,1,", "2004,13,", "year, month: found 2004, 13 in row 3"),
        ("GRA,51.5,7.25,2004,1", "GRA,51.5,7.5,2004,1", "XX-Bbb: found two positions or biomes"),
        ("XX-Aaa,EBF", "XX-Aaa,", "igbp: found no value in row 4"),
        ("26.5", "warm", "file: found unreadable"),
    ],
)
def test_a_fault_is_named(table, old, new, words):
    with pytest.raises(DataError, match=words):
        read_towers_monthly(table(old, new))


def test_radiation_in_megajoules_is_refused(tmp_path):
    path = tmp_path / "towers.csv"
    megajoules = LINES.replace("182.0", "15.7").replace("61.0", "5.3").replace("33.0", "2.9")
    path.write_text(megajoules)
    with pytest.raises(DataError, match="sw_in: found at most 15.7, expected W m-2"):
        read_towers_monthly(path)


def test_real_table(realdata):
    path = realdata / "towers_monthly" / "towers_monthly.csv"
    read, plain = read_towers_monthly(path), pd.read_csv(path)
    assert (len(read), read.site.nunique()) == (4577, 63)  # its INDEX.md
    assert read.NEE.mean() == pytest.approx(plain.nee.mean())
    assert read.SNOW.sum() == pytest.approx(plain.snow_percent.sum())
