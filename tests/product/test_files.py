import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.regions import ABBREVIATIONS
from fluxprod.time_axis import month_days, monthly_axis
from tests.fake_run import MEMBERS, TROPICAL_SHIFT, WORLD
from tests.product.conftest import make

PREFIX = "nee_fluxprod-v0.1.0_6deg"
MONTHLY = f"{PREFIX}_monthly_2001-2003.nc"
CHECKER = Path(sys.executable).with_name("compliance-checker")


def check(test, *paths, out):
    command = [sys.executable, str(CHECKER), "-t", test, "-c", "strict", "-f", "json_new"]
    done = subprocess.run(
        [*command, "-o", str(out), *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert out.exists(), done.stderr[-2000:]
    return [report[test] for report in json.loads(out.read_text()).values()]


def test_names(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "manifest.json",
        *(f"{PREFIX}_daily_{year}.nc" for year in WORLD.years),
        MONTHLY,
        f"{PREFIX}_regional-monthly_2001-2003.csv",
    ]


def test_cf_without_a_finding(folder, tmp_path):
    paths = [folder / MONTHLY, folder / f"{PREFIX}_daily_2001.nc"]
    reports = check("cf:1.11", *paths, out=tmp_path / "cf.json")
    assert len(reports) == len(paths)
    for report in reports:
        lists = ("high_priorities", "medium_priorities", "low_priorities")
        findings = [entry["msgs"] for name in lists for entry in report[name]]
        assert [messages for messages in findings if messages] == []


@pytest.mark.parametrize("model", ["ec", "ec_atm"])
def test_totals_of_the_monthly_file_are_those_that_were_planted(run, folder, model):
    name = {"ec": "nee_ec", "ec_atm": "nee"}[model]
    days = month_days(monthly_axis(WORLD.first_year, WORLD.last_year))
    with xr.open_dataset(folder / MONTHLY) as file:
        area = file.cell_area * file.land_fraction
        globe = 1e-15 * days * (file[name].astype(float) * area).sum(("lat", "lon"))
    planted = run.truth_total.sum(axis=0)
    planted = planted + 1e-15 * days * TROPICAL_SHIFT[model] * run.tropical_area
    np.testing.assert_allclose(globe, planted, atol=2e-5)


def test_regional_table_closes_and_agrees_with_the_file(folder):
    table = pd.read_csv(folder / f"{PREFIX}_regional-monthly_2001-2003.csv")
    assert set(table.region) == {*ABBREVIATIONS, "unassigned", "GLOBAL"}
    wide = table.pivot(index=["model", "month"], columns="region", values="nee_PgC_per_month")
    gap = wide.drop(columns="GLOBAL").sum(axis=1) - wide.GLOBAL
    assert gap.abs().max() < 1e-6 * wide.drop(columns="GLOBAL").abs().sum(axis=1).min()
    with xr.open_dataset(folder / MONTHLY) as file:
        area = (file.cell_area * file.land_fraction).where(file.region == 4)
        brazil = (
            1e-15 * (file.nee.astype(float) * area).sum(("lat", "lon")) * file.time.dt.days_in_month
        )
    np.testing.assert_allclose(wide.loc["EC-ATM"].BRA, brazil, atol=1e-9)


def test_daily_file_holds_the_store_within_its_bound(run, folder):
    with xr.open_zarr(run.folder / "ec.zarr", consolidated=False, chunks=None) as store:
        days = store.sel(time="2002").load()
    with xr.open_dataset(folder / f"{PREFIX}_daily_2002.nc") as file:
        flat = file.nee_ec.values.reshape(365, -1)[:, store.cell.values].T
        spread = file.nee_ec_spread.values.reshape(365, -1)[:, store.cell.values].T
        assert np.isfinite(file.nee).sum() == days.NEE_mean.size
        assert file.time.values[0] == np.datetime64("2002-01-01T12:00")
    np.testing.assert_allclose(flat, days.NEE_mean, atol=0.00101)
    np.testing.assert_allclose(spread, days.NEE_spread, atol=0.00101)


def test_what_a_user_must_know_stands_in_the_file(folder):
    with xr.open_dataset(folder / MONTHLY) as file:
        nee = file.nee.attrs
        assert nee["units"] == "g m-2 d-1"
        assert "standard_name" not in nee
        for words in ("Positive to the atmosphere", "Without emissions from fire", "river"):
            assert words in nee["comment"]
        assert f"{MEMBERS} members" in nee["comment"]
        assert file.attrs["license"].startswith("CC-BY-4.0")
        assert file.attrs["source_world"] == "synthetic"
        assert "not an estimate for the real Earth" in file.attrs["summary"]
        assert file.attrs["product_version"] == "0.1.0"
        meanings = file.region.attrs["flag_meanings"].split()
        assert dict(zip(file.region.attrs["flag_values"], meanings))[17] == "OCE"


def test_manifest_has_the_checksum_of_every_file(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert {entry["name"] for entry in manifest["files"]} == names
    for entry in manifest["files"]:
        content = (folder / entry["name"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["size"] == len(content)


def test_two_runs_give_the_same_bytes(run, folder, tmp_path):
    again = make(run, tmp_path / "elsewhere")
    first = (folder / "manifest.json").read_bytes()
    assert (again / "manifest.json").read_bytes() == first
