import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.verify.values.regional_table import region_faults, table_fields

YEARS = range(2001, 2004)


@pytest.fixture
def table(published):
    (path,) = published.glob("*_regional-annual_*.csv")
    return pd.read_csv(path)


def test_lines_become_fields(table):
    fields = table_fields(table.sample(frac=1.0, random_state=1), "regional-annual", YEARS)
    assert fields.sizes == {"time": 3, "region": 20}
    line = table[(table.year == 2002) & (table.region == "BRA") & (table.model == "EC")]
    assert fields.nee_ec[1, 4] == line["nee_PgC_per_year"].item()
    assert fields.nee_ec_spread[1, 4] == line["spread_PgC_per_year"].item()
    line = table[(table.year == 2001) & (table.region == "GLOBAL") & (table.model == "inversions")]
    assert fields.inversions_members[0, 19] == line["members"].item() == 4  # one begins in 2002


@pytest.mark.parametrize(
    ("spoiled", "fault"),
    [
        (lambda t: t.drop(columns="members"), "columns: found year, region, model, nee_PgC_per_"),
        (lambda t: t.drop(index=5), "lines: found 1 missing, repeated or unknown"),
        (lambda t: pd.concat([t, t.iloc[:2]]), "lines: found 2 missing, repeated or unknown"),
        (lambda t: t.assign(year=t.year + 1), "lines: found 120 missing, repeated or unknown"),
        (lambda t: t.replace({"region": {"BRA": "XXX"}}), "lines: found 18 missing"),
        (lambda t: t.assign(members="four"), "members: found values of type str, expected numbers"),
    ],
)
def test_lines_that_are_not_each_once(table, spoiled, fault):
    with pytest.raises(DataError, match=fault):
        table_fields(spoiled(table), "regional-annual", YEARS)


def test_rows_of_netcdf(product):
    regional = product["regional-monthly"]
    assert region_faults(regional) == []
    turned = regional.isel(region=slice(None, None, -1))
    assert region_faults(turned) == [
        "region_number: not 0 to 17, -1 and 18",
        "region_name: not USA to OCE, unassigned, GLOBAL",
    ]
    assert region_faults(regional.drop_vars("region_name")) == [
        "region_name: not USA to OCE, unassigned, GLOBAL"
    ]


def test_names_that_are_no_text(product):
    regional = product["regional-annual"].drop_vars("region_name")
    names = np.array([b"\xff"] * 20)
    assert region_faults(regional.assign(region_name=("region", names))) == [
        "region_name: not USA to OCE, unassigned, GLOBAL"
    ]
