import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from fluxprod.cli.main import app


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return invoke


def test_doctor_names_versions_and_device(run):
    result = run("doctor")
    assert result.exit_code == 0
    for word in ("torch", "device", "threads", "free disk", "free memory", "GiB"):
        assert word in result.stdout


def test_raw_check_equals_counts_with_plain_pandas(run, realdata):
    result = run("raw", "check", realdata / "fluxnet", "--json")
    assert result.exit_code == 0
    records = {record["path"]: record for record in json.loads(result.stdout)}
    paths = sorted((realdata / "fluxnet").iterdir())
    assert list(records) == [path.name for path in paths]
    for path in paths:
        table = pd.read_csv(path, na_values=-9999)
        ref = "VUT" if table["NEE_VUT_REF"].notna().any() else "CUT"
        nee, quality = table[f"NEE_{ref}_REF"], table[f"NEE_{ref}_REF_QC"]
        valid = nee[quality >= 0.75].dropna()
        record = records[path.name]
        assert record["kind"] == "fluxnet"
        assert record["site"] == path.name[4:10]
        assert record["first_date"].replace("-", "") == str(table["TIMESTAMP"].iloc[0])
        assert record["last_date"].replace("-", "") == str(table["TIMESTAMP"].iloc[-1])
        assert record["days"] == len(table)
        assert record["valid_nee_days"] == len(valid), path.name
        assert record["mean_nee"] == pytest.approx(valid.mean(), abs=1e-6)
        assert record["source"] == f"NEE_{ref}_REF"


def test_minimal_quality_is_an_option(run, realdata):
    path = next((realdata / "fluxnet").glob("FLX_GL-Dsk_*"))
    (record,) = json.loads(run("raw", "check", path, "--json", "--min-qc", "1").stdout)
    table = pd.read_csv(path, na_values=-9999)
    assert record["valid_nee_days"] == (table["NEE_VUT_REF_QC"] == 1).sum()
    assert record["problems"] == ["P missing on 366 of 366 days"]


def test_table_for_people(run, realdata):
    path = next((realdata / "fluxnet").glob("FLX_US-Wi7_*"))
    result = run("raw", "check", path)
    for word in ("US-Wi7", "2005-01-01", "2005-12-31", "365", "166", "1 files, 0 unreadable"):
        assert word in result.stdout


def test_an_unreadable_file_gives_status_1(run, tmp_path):
    (tmp_path / "MOD13C1.A2001001.061.hdf").write_text("no")
    result = run("raw", "check", tmp_path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)[0]["readable"] is False


def test_names_with_brackets_are_shown_whole(run, tmp_path):
    folder = tmp_path / "a[bold]["
    folder.mkdir()
    (folder / "b].txt").write_text("")
    result = run("raw", "check", tmp_path)
    assert result.exit_code == 0
    assert "a[bold][/b].txt" in result.stdout


def test_a_quality_in_percent_is_refused(run, tmp_path):
    assert run("raw", "check", tmp_path, "--min-qc", "75").exit_code == 2


def test_no_folder_gives_one_line(run, tmp_path):
    result = run("raw", "check", tmp_path / "absent")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "found nothing" in result.stderr


def test_pin_writes_the_manifest(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data" / "raw" / "observed" / "era5"
    folder.mkdir(parents=True)
    (folder / "a.nc").write_bytes(b"abc")
    (tmp_path / "params.yaml").write_text("source: observed\n")
    result = run("raw", "pin")
    assert result.exit_code == 0, result.output
    manifest = json.loads((tmp_path / "data/raw/observed.pins.json").read_text())
    assert manifest["params"] == {}
    assert manifest["files"]["era5/a.nc"]["size"] == 3
    assert manifest["files"]["era5/a.nc"]["sha256"].startswith("ba7816bf")  # FIPS 180-2
