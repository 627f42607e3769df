"""Planted faults, each found by the command itself."""

import hashlib
import json
import re
import shutil
import zlib

import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr

PREFIX = "nee_fluxprod-v0.1.0_6deg"
MONTHLY = f"{PREFIX}_monthly_2001-2003.nc"
MEMBERS = f"{PREFIX}_monthly-members_2001-2003.nc"
DAILY = f"{PREFIX}_daily_2001.nc"
TABLE = f"{PREFIX}_regional-monthly_2001-2003.csv"
REGIONAL = f"{PREFIX}_regional-monthly_2001-2003.nc"
ANNUAL = f"{PREFIX}_regional-annual_2001-2003.nc"
STORE = f"{PREFIX}_2001-2003.zarr"


@pytest.fixture
def some(published, tmp_path):
    """Copy some files and the manifest into a folder."""

    def copy(*names):
        for name in ("manifest.json", *names):
            source = published / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
        return tmp_path

    return copy


def lines(result):
    """Status and text of each file by its name."""
    found = {}
    for line in result.stdout.splitlines():
        if file := re.match(r"(ok|WRONG|absent) +(\S+) +[0-9.,]+ \w+ +(.*)", line):
            found[file[2]] = file[1], file[3]
    return found


def wrong(run, folder):
    """Run it on a part of the product; what is wrong, by file."""
    result = run("verify", "--partial", folder)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    found = {name: text for name, (status, text) in lines(result).items() if status == "WRONG"}
    assert result.exit_code == bool(found)
    return found


def sealed(folder, *names):
    """Put the sums of changed files into the manifest: now only contents tell."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        if entry["name"] in names:
            content = (folder / entry["name"]).read_bytes()
            entry |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_an_intact_product(run, published):
    result = run("verify", published)
    assert result.exit_code == 0, result.stdout
    names = [
        entry["name"] for entry in json.loads((published / "manifest.json").read_text())["files"]
    ]
    assert list(lines(result)) == names
    assert {status for status, _ in lines(result).values()} == {"ok"}
    assert "not checked" not in result.stdout
    assert (
        f"0.1.0 (synthetic) in {published}: {len(names)} files right"
        in result.stdout.splitlines()[-1]
    )
    assert len(result.stdout.splitlines()) == len(names) + 1


def test_every_fault_of_bytes_in_one_run(run, published, some):
    folder = some(*(path.name for path in published.iterdir() if path.name != "manifest.json"))
    flip = [MONTHLY, TABLE, REGIONAL, f"{STORE}/monthly/nee/c/0/0/0"]
    for name in flip:
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
    (folder / MEMBERS).unlink()
    (folder / STORE / "regional-annual" / "nee" / "c" / "0" / "0").unlink()
    (folder / DAILY).write_bytes((folder / DAILY).read_bytes()[:-100])
    (folder / "notes.txt").write_text("mine")
    manifest = json.loads((folder / "manifest.json").read_text())
    stale = next(entry for entry in manifest["files"] if entry["name"] == ANNUAL)
    stale["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    result = run("verify", folder)
    assert result.exit_code == 1
    found = {name: text for name, (status, text) in lines(result).items() if status == "WRONG"}
    expected = {
        MONTHLY: r"SHA-256: found \w{12}..., manifest \w{12}...",
        TABLE: r"SHA-256: found",
        REGIONAL: r"SHA-256: found",
        MEMBERS: r"absent$",
        DAILY: r"size: found \d+ bytes, manifest \d+; file: found unreadable .*; download it again",
        ANNUAL: r"SHA-256: found \w{12}..., manifest 000000000000...",
        STORE: r"absent: regional-annual/nee/c/0/0; changed: monthly/nee/c/0/0/0 \(SHA-256: found",
        "notes.txt": r"not in the manifest$",
    }
    assert found.keys() == expected.keys()
    for name, text in expected.items():
        assert re.match(text, found[name]), found[name]
    assert "8 WRONG" in result.stdout.splitlines()[-1]


def test_one_fault_is_enough(run, some):
    folder = some(TABLE)
    content = (folder / TABLE).read_text()
    (folder / TABLE).write_text(content.replace("USA", "usa", 1))
    assert wrong(run, folder).keys() == {TABLE}


def test_a_part_of_the_product(run, some):
    folder = some(ANNUAL)
    assert wrong(run, folder) == {}
    result = run("verify", "--partial", folder)
    assert lines(result)[MONTHLY] == ("absent", "")
    assert lines(result)[ANNUAL][1].endswith(
        "(not checked: totals of the grid (no sound monthly file); "
        "spread of members (no sound members' file))"
    )
    absent = len(lines(result)) - 1
    assert f"1 files right, {absent} absent and not checked" in result.stdout.splitlines()[-1]
    assert run("verify", folder).exit_code == 1


def test_json(run, some):
    folder = some(ANNUAL)
    result = run("verify", "--json", "--partial", folder)
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["schema"], report["ok"], report["partial"]) == (1, True, True)
    assert (report["version"], report["world"]) == ("0.1.0", "synthetic")
    files = {file["name"]: file for file in report["files"]}
    assert files[ANNUAL]["status"] == "ok"
    assert "CF-1.11" in files[ANNUAL]["checked"]
    assert files[MONTHLY]["status"] == "absent"
    (folder / ANNUAL).write_bytes(b"")
    result = run("verify", "--json", "--partial", folder)
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["ok"] is False
    faults = next(file for file in report["files"] if file["name"] == ANNUAL)["faults"]
    assert faults[0].startswith("size: found 0 bytes")


def test_no_manifest_and_one_that_is_none(run, tmp_path):
    result = run("verify", tmp_path)
    assert result.exit_code == 1
    assert "manifest.json: file: found nothing" in result.stderr
    (tmp_path / "manifest.json").write_text("{}")
    result = run("verify", tmp_path)
    assert result.exit_code == 1
    assert "manifest: found KeyError: 'files'" in result.stderr


def flux(name, change):
    def edit(file):
        values = file[name][:]
        change(values)
        file[name][:] = values

    return edit


def attribute(variable, name, value):
    return lambda file: (file[variable] if variable else file).setncattr(name, value)


def one_cell(values):
    """Change one month of one cell by 30 g m-2 d-1."""
    values[tuple(np.argwhere(~values.mask)[0])] += 30.0


def too_much(values):
    values[tuple(np.argwhere(~values.mask)[0])] = -61.0


def hole(values):
    values[tuple(np.argwhere(~values.mask)[0])] = np.ma.masked


def island(values):
    values[tuple(np.argwhere(values.mask)[0])] = 1.0


def negative(values):
    values[...] = -abs(values)


EDITS = {
    "range": (flux("nee", too_much), r"nee: range -61 to [0-9.]+, expected -60 to 60 g m-2 d-1"),
    "spread": (flux("nee_ec_spread", negative), r"nee_ec_spread: range -[0-9.]+ to -[0-9.]+, exp"),
    "missing land": (flux("nee", hole), r"nee: 1 values missing where land_fraction > 0"),
    "sea": (flux("nee_ec", island), r"nee_ec: 1 values present where land_fraction is 0"),
    "units": (
        attribute("nee", "units", "kg m-2 s-1"),
        r"nee: units 'kg m-2 s-1', expected 'g m-2 d-1'",
    ),
    "gC": (attribute("nee", "units", "gC m-2 d-1"), r"CF §3.1 Units: .*gC m-2 d-1"),
    "sign": (
        attribute("nee", "comment", "Positive downwards."),
        r"nee: its comment does not say that positive is to the atmosphere",
    ),
    "standard name": (
        attribute(
            "nee",
            "standard_name",
            "surface_downward_mass_flux_of_carbon_dioxide_expressed_as_carbon",
        ),
        r"nee: standard_name '.*', CF has none for NEE",
    ),
    "world": (attribute(None, "source_world", "observed"), r"source_world: found 'observed'"),
    "version": (attribute(None, "product_version", "9"), r"product_version: found '9'"),
    "area": (
        flux("cell_area", lambda values: values.__imul__(1.001)),
        r"cell_area: sums to 1.001 of the Earth's surface",
    ),
    "time": (
        flux("time_bnds", lambda values: values.__iadd__(1.0)),
        r"time: 36 missing, first 2001-01-01, 36 outside the period",
    ),
}


def spoil(folder, name, edit):
    """Edit a NetCDF file and seal it again."""
    with netCDF4.Dataset(folder / name, "a") as file:
        edit(file)
    sealed(folder, name)


@pytest.mark.parametrize("fault", EDITS)
def test_contents_that_checksums_do_not_tell(run, some, fault):
    edit, text = EDITS[fault]
    folder = some(MONTHLY)
    spoil(folder, MONTHLY, edit)
    found = wrong(run, folder)
    assert found.keys() == {MONTHLY}
    assert re.search(text, found[MONTHLY]), found[MONTHLY]
    assert "SHA-256" not in found[MONTHLY]


def test_a_gap_in_time(run, some):
    folder = some(MONTHLY)
    with xr.load_dataset(folder / MONTHLY) as monthly:
        monthly.drop_isel(time=5).to_netcdf(folder / MONTHLY)
    sealed(folder, MONTHLY)
    assert "time: 1 missing, first 2001-06-01" in wrong(run, folder)[MONTHLY]


@pytest.mark.parametrize(
    ("other", "text"),
    [
        (TABLE, r"nee: 2 of 720 values differ, most found .*, against the monthly file"),
        (REGIONAL, r"nee: 2 of 720 values differ, most found .*, against the monthly file"),
        (ANNUAL, r"nee: 2 of 60 values differ, most found .*, against the monthly file"),
        (MEMBERS, r"nee: mean of the members is off nee of the monthly file by up to 30 g m-2 d-1"),
        (DAILY, r"nee: global total: 1 of 12 values differ, .*, against the monthly file"),
        (STORE, r"monthly 2001-2003: nee: 1 values differ from the NetCDF file"),
    ],
)
def test_one_cell_of_one_month_is_found_in_the_other_file(run, some, other, text):
    folder = some(MONTHLY, other)
    spoil(folder, MONTHLY, flux("nee", one_cell))
    found = wrong(run, folder)
    assert found.keys() == {other}
    assert re.match(text, found[other]), found[other]


def test_spread_of_regions_beside_members(run, some):
    folder = some(MONTHLY, MEMBERS, ANNUAL)
    spoil(folder, ANNUAL, flux("nee_spread", lambda values: values.__imul__(1.01)))
    text = r"nee_spread: \d+ of 60 values differ, .*, against the members' file"
    assert re.match(text, wrong(run, folder)[ANNUAL])


def test_regions_that_miss_the_globe(run, some):
    folder = some(REGIONAL)
    spoil(folder, REGIONAL, flux("inversions", lambda values: values[3].__iadd__(0.01)))
    text = "inversions: regions and unassigned miss GLOBAL by up to 0.18 Pg in 1 of 36 periods"
    assert text in wrong(run, folder)[REGIONAL]


def test_a_figure_of_the_table_is_not_that_of_netcdf(run, some):
    folder = some(TABLE, REGIONAL)
    table = pd.read_csv(folder / TABLE)
    table.loc[table.region == "USA", "spread_PgC_per_month"] += 1e-6
    table.to_csv(folder / TABLE, index=False)
    sealed(folder, TABLE)
    found = wrong(run, folder)
    assert found.keys() == {TABLE}
    assert re.match(r"nee_spread: 36 of 720 values differ, .*, against the NetCDF", found[TABLE])


def test_chunks_that_cannot_be_read(run, some):
    """Bytes changed inside a compressed chunk: the manifest is right, reading fails."""
    folder = some(MONTHLY)
    path = folder / MONTHLY
    with netCDF4.Dataset(path) as file:
        field = file["nee"][:12, :, :].filled(9.96921e36)
    chunk = zlib.compress(_shuffled(field), 4)
    content = bytearray(path.read_bytes())
    where = content.index(chunk[:50])
    content[where + 20 : where + 40] = bytes(20)
    path.write_bytes(content)
    sealed(folder, MONTHLY)
    assert re.search(r"nee: values: found unreadable \(", wrong(run, folder)[MONTHLY])


def _shuffled(field):
    """As HDF5's shuffle filter: the first bytes of all values, then the second ones."""
    return np.frombuffer(field.astype("<f4").tobytes(), np.uint8).reshape(-1, 4).T.tobytes()


def test_groups_of_the_store(run, some):
    """A store whose parts are as listed, but of which a group was left out."""
    folder = some(STORE)
    root = folder / STORE / "zarr.json"
    metadata = json.loads(root.read_text())
    known = metadata["consolidated_metadata"]["metadata"]
    for name in [name for name in known if name.split("/")[0] == "daily"]:
        del known[name]
    root.write_text(json.dumps(metadata))
    found = wrong(run, folder)
    assert re.search(r"changed: zarr\.json .*; daily: file: found unreadable", found[STORE])


def test_metadata_for_datacite(run, some):
    folder = some(TABLE)
    (folder / "datacite.json").write_text('{"version": "0.2.0"}')
    manifest = json.loads((folder / "manifest.json").read_text())
    others = [entry for entry in manifest["files"] if entry["name"] != "datacite.json"]
    manifest["files"] = [*others, manifest["files"][0] | {"name": "datacite.json"}]
    manifest["files"][-1].pop("parts", None)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    sealed(folder, "datacite.json")
    assert wrong(run, folder) == {"datacite.json": "version: found '0.2.0', expected '0.1.0'"}


def test_help_teaches_by_examples(run):
    result = run("verify", "--help")
    assert "fluxprod verify data/product" in result.stdout.partition("For example")[2]
