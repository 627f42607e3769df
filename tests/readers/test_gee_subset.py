import csv
import math

import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.gee_subset import read_site_fpar

HEADER = "id,longitude,latitude,date,Fpar,FparLai_QC,product\n"
ROW = "a,8.4,47.5,2010-01-01,{},{},MODIS/006/MCD15A3H\n"


def test_real_subset_against_the_csv_module(realdata):
    path = realdata / "modis" / "CH-Lae_MCD15A3H_gee_subset.csv"
    got = read_site_fpar(path)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(got) == len(rows)
    n_good = 0
    for row in rows:
        bits = format(int(row["FparLai_QC"]), "08b")
        good = bits[7] == "0" and bits[5] == "0" and bits[3:5] != "01" and int(row["Fpar"]) <= 100
        value = got[row["date"]]
        assert math.isclose(value, int(row["Fpar"]) / 100, abs_tol=1e-6) if good else value != value
        n_good += good
    assert 0.1 < n_good / len(rows) < 0.9


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html>\n<body>\n", "found no column"),
        (HEADER + ROW.format(300, 0), "Fpar: found other than 0 to 255"),
        (HEADER + ROW.format("a lot", 0), "Fpar: found other than 0 to 255"),
        (HEADER + ROW.format(50, -1), "FparLai_QC: found other than 0 to 255"),
        (HEADER + ROW.format(50, 0) * 2, "2010-01-01 twice"),
        (HEADER + ROW.format(50, 0).replace("MCD15A3H", "MOD13Q1"), r"\['MOD13Q1'\]"),
        (HEADER + ROW.format(50, 0).replace("2010-01-01", "1.1.2010"), "expected YYYY-MM-DD"),
        ("", "unreadable"),
    ],
)
def test_faults_are_named(tmp_path, text, message):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        read_site_fpar(path)
