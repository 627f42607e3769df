import numpy as np
import pandas as pd
import pytest

from fluxprod.inventory.needs import RunNeeds
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.sites import compare_towers
from fluxprod.inventory.status import SourceStatus
from fluxprod.synthetic.native.fluxnet import write_fluxnet_daily

NAMES = ["TA_F", "TA_F_QC", "SW_IN_POT", "SW_IN_F", "SW_IN_F_QC", "P_F", "NEE_VUT_REF"]
SITES = ("AA-Bcd", "AA-Efg")
NEEDS = RunNeeds(
    years=range(2004, 2007),
    outages=(),
    members=(),
    inversion_variable="",
    rivers=True,
    min_sites=2,
    min_days=100,
    min_qc=0.75,
)


@pytest.fixture
def root(tmp_path):
    days = pd.date_range("2004-01-01", periods=4)
    table = pd.DataFrame(dict.fromkeys([*NAMES, "NEE_VUT_REF_QC"], np.ones(4)), index=days)
    for site in SITES:
        write_fluxnet_daily(tmp_path / "fluxnet", site, table)
    (tmp_path / "lathuile").mkdir()
    rows = [
        f"{site},{k},{variable},{value}"
        for k, site in enumerate(SITES)
        for variable, value in (("LOCATION_LAT", 1), ("LOCATION_LONG", 2), ("IGBP", "EBF"))
    ]
    text = "\n".join(["SITE_ID,GROUP_ID,VARIABLE,DATAVALUE", *rows]) + "\n"
    (tmp_path / "fluxnet" / "FLX_AA-Flx_BIF_DD_2020.csv").write_text(text)
    return tmp_path


def records(days=150):
    return [
        RawRecord(
            *(site, "fluxnet", site, None, "2004-01-01", "2005-12-31"),
            valid_nee_days_by_year={"2003": 500, "2004": 50, "2005": days - 50},
        )
        for site in SITES
    ]


def compared(root, found, key="fluxnet"):
    status = SourceStatus(key, key, files=len(found))
    compare_towers(status, root, found, NEEDS)
    return status


def test_enough_towers(root):
    status = compared(root, records())
    assert (status.status, status.years, status.missing_years) == ("present", [2004, 2005], [])
    assert compared(root, [], "lathuile").status == "not needed"


def test_too_few_good_towers(root):
    status = compared(root, records(days=99))
    assert status.status == "incomplete"
    assert status.problems == [
        "found 0 sites with 100 good days of NEE in 2004 to 2006, expected at least 2"
    ]


def test_no_tower(root):
    for path in (root / "fluxnet").iterdir():
        path.unlink()
    assert compared(root, []).status == "missing"


def test_a_tower_that_no_table_knows(root):
    table = root / "fluxnet" / "FLX_AA-Flx_BIF_DD_2020.csv"
    table.write_text(table.read_text().replace("AA-Efg", "AA-Xyz"))
    status = compared(root, records())
    assert status.status == "faulty"
    assert "found AA-Efg: no entry in the site table, expected" in status.problems[0]


def test_a_tower_twice(root):
    first = next((root / "fluxnet").glob("*AA-Bcd*"))
    first.with_name(first.name.replace("FULLSET", "SUBSET")).write_text(first.read_text())
    status = compared(root, records())
    assert status.status == "faulty"
    assert "AA-Bcd" in status.problems[0]
