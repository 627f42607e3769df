import hashlib
import json
import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cf_units import Unit

from fluxprod.core.errors import DataError
from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.time_axis import month_days, monthly_axis
from fluxprod.product.settings import ProductSettings
from fluxprod.readers.citation import read_citation
from fluxprod.stages import product
from fluxprod.stages.product import agreed
from tests.conftest import ROOT
from tests.fake_product import PARAMS, make
from tests.fake_run import MEMBERS, PROVENANCE, TROPICAL_SHIFT, WORLD

PREFIX = f"nee_fluxprod-v{PARAMS.version}_6deg"
MONTHLY = f"{PREFIX}_monthly_2001-2003.nc"
MEMBERS_FILE = f"{PREFIX}_monthly-members_2001-2003.nc"
DAILY = [f"{PREFIX}_daily_{year}.nc" for year in WORLD.years]
REGIONAL = [f"{PREFIX}_regional-{each}_2001-2003" for each in ("monthly", "annual")]
STORE = f"{PREFIX}_2001-2003.zarr"
PICTURES = [
    f"{PREFIX}_quicklook-{what}_2001-2003.png" for what in ("annual", "seasons", "spread", "series")
]
NETCDF = [*DAILY, MONTHLY, MEMBERS_FILE, *(f"{name}.nc" for name in REGIONAL)]
GROUPS = {
    "daily": DAILY,
    "monthly": [MONTHLY],
    "monthly-members": [MEMBERS_FILE],
    "regional-monthly": [f"{REGIONAL[0]}.nc"],
    "regional-annual": [f"{REGIONAL[1]}.nc"],
}
CHECKER = Path(sys.executable).with_name("compliance-checker")
# CF has no standard name for NEE, its spread and members, nor for the share of ice-free land
SOURCES = ("nee", "nee_ec", "inversions")
NAMELESS = {f"{name}{what}" for name in SOURCES for what in ("", "_spread", "_members")}
NAMELESS |= {"land_fraction"}
# surface fluxes have no vertical axis, regional totals no latitude and longitude either
AXES = ("vertical", "lat", "lon")
# the checker expects times at the ends of the period; here they are midpoints of their bounds
ENDS = "time_coverage_extents_match Date time mismatch"
NO_HEIGHT = "Global Attributes geospatial_bounds_vertical_crs not present"


def check(test, *paths, out):
    command = [sys.executable, str(CHECKER), "-t", test, "-c", "strict", "-f", "json_new"]
    done = subprocess.run(
        [*command, "-o", str(out), *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert out.exists(), done.stderr[-2000:]
    lists = ("high_priorities", "medium_priorities", "low_priorities")
    return {
        Path(path).name: [
            f"{entry['name']} {message}"
            for name in lists
            for entry in report[test][name]
            for message in entry["msgs"]
        ]
        for path, report in json.loads(out.read_text()).items()
    }


def test_names(folder):
    tables = [f"{name}.{ending}" for name in REGIONAL for ending in ("csv", "nc")]
    described = {"manifest.json", "datacite.json"}
    names = {*described, *DAILY, MONTHLY, MEMBERS_FILE, *tables, *PICTURES, STORE}
    assert {path.name for path in folder.iterdir()} == names


def test_cf_checks_pass(folder, tmp_path):
    found = check("cf:1.11", *(folder / name for name in NETCDF), out=tmp_path / "cf.json")
    assert found == {name: [] for name in NETCDF}


def test_acdd_checks_pass_except_where_cf_rules_them_out(folder, tmp_path):
    nameless = {
        f'variable "{name}" missing the following attributes: standard_name' for name in NAMELESS
    }
    found = check("acdd:1.3", *(folder / name for name in NETCDF), out=tmp_path / "acdd.json")
    assert set(found) == set(NETCDF)
    for name, messages in found.items():
        axes = AXES if "regional" in name else AXES[:1]
        axisless = tuple(f"geospatial_{axis}_extents_match Could not find" for axis in axes)
        rest = [message for message in messages if message not in nameless]
        forced = (*axisless, ENDS, NO_HEIGHT)
        assert [message for message in rest if not message.startswith(forced)] == []


@pytest.mark.parametrize("name", NETCDF)
def test_udunits_parses_every_unit(folder, name):
    with netCDF4.Dataset(folder / name) as file:
        units = {key: var.units for key, var in file.variables.items() if "units" in var.ncattrs()}
    assert {"nee", "nee_ec"} <= set(units)
    # units of time contain a date and need a calendar
    assert all(not Unit(text, calendar="standard").is_unknown() for text in units.values())
    expected = Unit("Pg") if "regional" in name else Unit("1e-3 kg m-2 day-1")
    assert Unit(units["nee"]) == expected


@pytest.mark.parametrize("model", ["ec", "ec_atm"])
def test_totals_of_the_monthly_file_are_the_planted_ones(run, folder, model):
    name = {"ec": "nee_ec", "ec_atm": "nee"}[model]
    days = month_days(monthly_axis(WORLD.first_year, WORLD.last_year))
    with xr.open_dataset(folder / MONTHLY) as file:
        area = file.cell_area * file.land_fraction
        globe = 1e-15 * days * (file[name].astype(float) * area).sum(("lat", "lon"))
    planted = run.truth_total.sum(axis=0)
    planted = planted + 1e-15 * days * TROPICAL_SHIFT[model] * run.tropical_area
    np.testing.assert_allclose(globe, planted, atol=1e-5)


def test_the_regional_table_closes_and_agrees_with_the_file(folder):
    table = pd.read_csv(folder / f"{REGIONAL[0]}.csv")
    assert set(table.region) == {*ABBREVIATIONS, "unassigned", "GLOBAL"}
    wide = table.pivot(index=["model", "month"], columns="region", values="nee_PgC_per_month")
    gap = wide.drop(columns="GLOBAL").sum(axis=1) - wide.GLOBAL
    assert (gap.abs() < 1e-6 * wide.drop(columns="GLOBAL").abs().sum(axis=1)).all()
    with xr.open_dataset(folder / MONTHLY) as file:
        area = (file.cell_area * file.land_fraction).where(file.region == 4)
        brazil = (
            1e-15 * (file.nee.astype(float) * area).sum(("lat", "lon")) * file.time.dt.days_in_month
        )
    np.testing.assert_allclose(wide.loc["EC-ATM"].BRA, brazil, atol=1e-9)


@pytest.mark.parametrize(("name", "period"), list(zip(REGIONAL, ("month", "year"))))
def test_regional_netcdf_equals_the_table(folder, name, period):
    table = pd.read_csv(folder / f"{name}.csv").rename(columns=lambda c: c.split("_")[0])
    sources = {"nee": "EC-ATM", "nee_ec": "EC", "inversions": "inversions"}
    with xr.open_dataset(folder / f"{name}.nc") as file:
        names = file.region_name.astype(str).values.tolist()
        assert names == [*ABBREVIATIONS, "unassigned", "GLOBAL"]
        for source, model in sources.items():
            rows = table[table.model == model]
            for column, suffix in (("nee", ""), ("spread", "_spread"), ("members", "_members")):
                wide = rows.pivot(index=period, columns="region", values=column)
                expected = wide[names]
                np.testing.assert_array_equal(file[f"{source}{suffix}"], expected)


def test_the_daily_file_equals_the_store_within_rounding(run, folder):
    with xr.open_zarr(run.folder / "ec.zarr", consolidated=False, chunks=None) as store:
        days = store.sel(time="2002").load()
    with xr.open_dataset(folder / DAILY[1]) as file:
        flat = file.nee_ec.values.reshape(365, -1)[:, store.cell.values].T
        spread = file.nee_ec_spread.values.reshape(365, -1)[:, store.cell.values].T
        assert np.isfinite(file.nee).sum() == days.NEE_mean.size
        assert file.time.values[0] == np.datetime64("2002-01-01T12:00")
    np.testing.assert_allclose(flat, days.NEE_mean, atol=2**-14 + 1e-6)
    np.testing.assert_allclose(spread, days.NEE_spread, atol=2**-10 + 1e-6)


def test_members_have_the_mean_and_spread_of_the_monthly_file(folder):
    with (
        xr.open_dataset(folder / MEMBERS_FILE) as members,
        xr.open_dataset(folder / MONTHLY) as file,
    ):
        assert members.nee.dims == ("time", "realization", "lat", "lon")
        assert members.sizes["realization"] == MEMBERS == int(file.nee_members)
        for name in ("nee", "nee_ec"):
            each = members[name].astype(float)
            np.testing.assert_allclose(each.mean("realization"), file[name], atol=2**-14)
            spread = each.std("realization", ddof=1)
            np.testing.assert_allclose(spread, file[f"{name}_spread"], atol=2**-12)


@pytest.mark.parametrize("group", list(GROUPS))
def test_the_store_has_the_content_of_the_files(folder, group):
    files = [xr.open_dataset(folder / name) for name in GROUPS[group]]
    kept = {"data_vars": "minimal", "coords": "minimal", "compat": "override", "join": "override"}
    expected = xr.concat(files, "time", combine_attrs="override", **kept) if files[1:] else files[0]
    with xr.open_zarr(folder / STORE, group=group, consolidated=True) as stored:
        assert set(expected.variables) - set(stored.variables) <= {"region_name"}
        for name in stored.variables:
            xr.testing.assert_equal(
                stored[name].load(), expected[name].drop_vars("region_name", errors="ignore")
            )
            if str(name) not in ("time", "time_bnds"):
                assert stored[name].attrs.keys() == expected[name].attrs.keys()
        for key in ("license", "product_version", "comment", "provenance_code_sha256"):
            assert stored.attrs[key] == files[0].attrs[key]
    for file in files:
        file.close()


def test_the_store_is_sharded_and_opens_without_listing(folder):
    for group in GROUPS:
        metadata = json.loads((folder / STORE / group / "zarr.json").read_text())
        assert {"nee", "nee_ec"} <= set(metadata["consolidated_metadata"]["metadata"])
    root = json.loads((folder / STORE / "zarr.json").read_text())
    assert "daily/nee" in root["consolidated_metadata"]["metadata"]
    shards = list((folder / STORE / "daily" / "nee" / "c").rglob("*"))
    assert sum(path.is_file() for path in shards) == 3  # three years, 366 days each


def test_the_file_states_what_a_user_must_know(folder):
    with xr.open_dataset(folder / MONTHLY) as file:
        nee = file.nee.attrs
        assert nee["units"] == "g m-2 d-1"
        assert "standard_name" not in nee
        for words in ("Positive to the atmosphere", "Without emissions from fire", "river"):
            assert words in nee["comment"]
        assert nee["ancillary_variables"] == "nee_spread nee_members days"
        assert file.attrs["license"].startswith("CC-BY-4.0")
        assert file.attrs["source_world"] == "synthetic"
        assert "not an estimate for the real Earth" in file.attrs["summary"]
        assert file.attrs["product_version"] == PARAMS.version
        assert file.attrs["gfas_coverage"] == "2003/2003"
        meanings = file.region.attrs["flag_meanings"].split()
        assert dict(zip(file.region.attrs["flag_values"], meanings))[17] == "OCE"
        assert file.days.values[1] == 28


def test_a_synthetic_product_cannot_be_mistaken_for_observations(folder):
    """Everything that is cited or registered says that the Earth is synthetic."""
    title = "fluxprod net ecosystem exchange (synthetic Earth)"
    registered = json.loads((folder / "datacite.json").read_text())
    assert registered["titles"] == [{"title": title}]
    assert json.loads((folder / "manifest.json").read_text())["title"] == title
    with xr.open_dataset(folder / MONTHLY) as file:
        assert f"{title}, version {PARAMS.version}" in file.attrs["citation"]
    with xr.open_zarr(folder / STORE) as root:
        assert root.attrs["title"] == title
        assert root.attrs["license"].startswith("CC-BY-4.0")


@pytest.mark.parametrize("name", NETCDF)
def test_every_file_states_its_provenance(folder, name):
    with xr.open_dataset(folder / name) as file:
        assert json.loads(file.attrs["provenance_params"]) == PROVENANCE["params"]
        raw = dict(pair.split() for pair in file.attrs["provenance_raw_sha256"].split("; "))
        assert raw == {"era5": "e" * 64, "modis": "d" * 64}
        assert file.attrs["provenance_code_sha256"] == "c" * 64


def test_manifest_says_what_was_unusual_about_the_inputs_and_what_was_accepted(folder):
    inputs = json.loads((folder / "manifest.json").read_text())["plausibility"]
    assert inputs["tests"] == 2
    assert [(each["outcome"], each["test"], each["subject"]) for each in inputs["noted"]] == [
        ("accepted", "towers.position", "BB-Two"),
        ("warn", "climate.rain", "land"),
    ]
    assert inputs["noted"][1]["found"] == "4.5 mm d-1"


def test_manifest_has_the_checksum_of_every_file(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert {entry["name"] for entry in manifest["files"]} == names
    for entry in manifest["files"]:
        parts = entry.get("parts", {"": entry})
        for part, of_part in parts.items():
            content = (folder / entry["name"] / part).read_bytes()
            assert of_part["sha256"] == hashlib.sha256(content).hexdigest()
            assert of_part["size"] == len(content)


def test_the_checksum_of_a_store_can_be_reproduced_with_sha256sum(folder):
    listing = "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs sha256sum | sha256sum"
    done = subprocess.run(
        listing, shell=True, cwd=folder / STORE, capture_output=True, text=True, check=True
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    (entry,) = (entry for entry in manifest["files"] if entry["name"] == STORE)
    assert done.stdout.split()[0] == entry["sha256"]


def test_two_runs_give_the_same_bytes(run, folder, tmp_path):
    again = make(run, tmp_path / "elsewhere")
    first = (folder / "manifest.json").read_bytes()
    assert (again / "manifest.json").read_bytes() == first


def test_versions_that_disagree_are_reported():
    path = ROOT / "CITATION.cff"
    with pytest.raises(DataError, match=r"version: found .*, expected product.version 9.9.9"):
        agreed(
            read_citation(path), path, "synthetic", ProductSettings(version="9.9.9", funding="none")
        )


def test_progress_counts_every_step(run, tmp_path, monkeypatch):
    def counted(steps, description, total, **_):
        found = list(steps)
        assert len(found) == total
        return found

    monkeypatch.setattr(product, "track", counted)
    make(run, tmp_path / "product")
