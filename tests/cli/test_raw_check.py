import json
import shutil
from dataclasses import fields

import netCDF4
import numpy as np
import pandas as pd
import pytest
import yaml

from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.inventory.record import RawRecord
from fluxprod.inventory.status import SourceStatus


def test_raw_check_equals_counts_with_plain_pandas(run, realdata):
    result = run("raw", "check", realdata / "fluxnet", "--json")
    assert result.exit_code == 0
    records = {record["path"]: record for record in json.loads(result.stdout)["files"]}
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
    result = run("raw", "check", path, "--json", "--min-qc", "1")
    (record,) = json.loads(result.stdout)["files"]
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
    assert json.loads(result.stdout)["files"][0]["readable"] is False


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


def test_an_empty_folder_is_not_all_right(run, tmp_path):
    result = run("raw", "check", tmp_path)
    assert result.exit_code == 1
    assert f"no file in {tmp_path}" in result.stdout.replace("\n", "")


def sources(result):
    return {source["key"]: source for source in json.loads(result.stdout)["sources"]}


def test_a_run_can_start_when_all_is_there(run, observed):
    result = run("raw", "check", "--json")
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert (content["schema"], content["world"], content["ready"]) == (1, "observed", True)
    found = sources(result)
    assert {name: source["status"] for name, source in found.items()} == dict.fromkeys(
        (dataset.key for dataset in RAW_LIST), "present"
    )
    assert found["era5"]["years"] == [2002, 2003]
    assert [found[key]["problems"] for key in found] == [[]] * len(found)
    assert set(found["era5"]) == {field.name for field in fields(SourceStatus)}
    assert set(content["files"][0]) == {field.name for field in fields(RawRecord)}
    people = run("raw", "check", "--quick")
    assert people.exit_code == 0
    assert "a run can start; next: fluxprod raw pin --source observed" in people.stdout


def test_what_is_missing_is_named(run, observed):
    (observed / "era5" / "total_precipitation_stream-oper_daily-sum_2003.nc").unlink()
    next((observed / "modis").rglob("MOD13C1.A2002033.*")).unlink()
    for path in (observed / "modis").rglob("MOD11C2.*"):
        path.unlink()
    shutil.rmtree(observed / "regions")
    shutil.rmtree(observed / "fluxcom")
    (observed / "fluxcom").mkdir()
    for path in (observed / "lathuile").rglob("*"):
        path.unlink()
    result = run("raw", "check", "--quick", "--json")
    assert result.exit_code == 1
    found = sources(result)
    status = {name: source["status"] for name, source in found.items()}
    assert {name for name in status if status[name] not in ("present", "not needed")} == {
        "era5", "MOD13C1", "MOD11C2", "regions", "fluxcom",
    }  # fmt: skip
    assert status["lathuile"] == "not needed"
    assert (status["era5"], found["era5"]["missing_years"]) == ("incomplete", [2003])
    assert "P" in found["era5"]["problems"][0]
    assert (status["MOD13C1"], found["MOD13C1"]["years"]) == ("incomplete", [2003])
    assert "2002033" in found["MOD13C1"]["problems"][0]
    for name in ("MOD11C2", "fluxcom", "regions"):
        assert status[name] == "missing"


def replaced(path, content):
    """Other bytes at a path, not in the file that hard links share."""
    path.unlink()
    path.write_bytes(content)


def test_what_is_broken_is_named(run, observed):
    day = "2002-05-03"
    temperature = observed / "era5" / "2m_temperature_stream-oper_daily-mean_2002.nc"
    replaced(temperature, temperature.read_bytes())
    with netCDF4.Dataset(temperature, "r+") as file:
        file["t2m"][122] = np.ma.masked  # 31 + 28 + 31 + 30 + 3 days
    composite = next((observed / "modis").rglob("MOD11C2.A2002009.*"))
    replaced(composite, composite.read_bytes()[:9000])
    shutil.copy(
        next((observed / "modis").rglob("MCD43C4.A2003001.*")),
        observed / "modis" / "MCD43C4.A2003001.006.2020000000000.hdf",
    )
    replaced(next((observed / "budget").iterdir()), b"<html>log in</html>")
    inversions = next((observed / "inversions").iterdir())
    replaced(inversions, inversions.read_bytes()[:-5000])
    rivers = next((observed / "rivers").iterdir())
    rivers.unlink()
    rivers.symlink_to("moved.nc")
    (observed / "gfas" / "cams_co2fire_2004.nc").mkdir()
    tower = next((observed / "fluxnet").glob("*FULLSET*"))
    replaced(tower, b"<!DOCTYPE html>\n<html></html>\n")
    result = run("raw", "check", "--json")
    assert result.exit_code == 1
    found = sources(result)
    problems = {name: " ".join(source["problems"]) for name, source in found.items()}
    assert f"{temperature.name} {day}" in problems["era5"]
    assert composite.name in problems["MOD11C2"]
    assert "2003001 more than once" in problems["MCD43C4"]
    assert inversions.name in problems["inversions"]
    assert tower.name in problems["fluxnet"]
    files = {record["path"]: record for record in json.loads(result.stdout)["files"]}
    assert "which does not exist" in files[f"rivers/{rivers.name}"]["problems"][0]
    assert files["gfas/cams_co2fire_2004.nc"]["problems"] == ["a folder with the name of a file"]
    assert files[f"era5/{temperature.name}"]["empty_steps"] == [day]
    for name in ("era5", "MOD11C2", "MCD43C4", "budget", "inversions", "rivers", "fluxnet"):
        assert found[name]["status"] in ("faulty", "incomplete", "missing"), name
    for record in files.values():
        assert all("\n" not in problem for problem in record["problems"])


def test_a_world_that_is_not_in_the_parameters(run, observed):
    result = run("raw", "check", "--source", "mars")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1


def test_the_list_for_people(run):
    result = run("raw", "list")
    assert result.exit_code == 0
    for dataset in RAW_LIST:
        assert dataset.key in result.stdout


def upper_case(path):
    stem, dot, ending = path.name.partition(".csv") if ".csv" in path.name else (path.stem, "", "")
    name = stem + (dot + ending).upper() if dot else stem + path.suffix.upper()
    path.rename(path.with_name(name))


def test_extensions_in_upper_case_are_read(run, observed):
    for path in [path for path in observed.rglob("*") if path.is_file()]:
        upper_case(path)
    assert {path.suffix for path in observed.rglob("*") if path.is_file()} >= {
        ".NC", ".CSV", ".HDF", ".XLSX",
    }  # fmt: skip
    result = run("raw", "check", "--json")
    assert result.exit_code == 0, result.output
    assert {record["left_alone"] for record in json.loads(result.stdout)["files"]} == {None}


PLANTED = {  # a file that a run needs, by data set
    "fluxnet": "fluxnet/FLX_*_DD_*-*",
    "lathuile": "lathuile/*.synth.*",
    "era5": "era5/*",
    "MOD13C1": "modis/**/MOD13C1.*",
    "MCD12C1": "modis/**/MCD12C1.*",
    "inversions": "inversions/*",
    "rivers": "rivers/*",
    "gfas": "gfas/*",
    "fluxcom": "fluxcom/*",
    "budget": "budget/*",
    "regions": "regions/*",
}


def test_web_pages_in_place_of_files(run, observed):
    paths = [sorted(observed.glob(pattern))[0] for pattern in PLANTED.values()]
    for path in paths:
        path.unlink()  # a hard link
        path.write_text("<html><title>Login</title></html>")
    result = run("raw", "check", "--quick")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    for path in paths:
        (line,) = [line for line in lines if line.startswith(f"{path.relative_to(observed)}: ")]
        assert line.endswith("; log in and get it again")
    assert lines[-1] == f"a run cannot start because of {', '.join(PLANTED)}"


def test_what_a_run_does_not_need_does_not_stop_it(run, observed):
    for name in (
        "modis/MOD13A2.A2002001.h18v09.061.2020.hdf",
        "modis/MOD13C2.A2002001.061.2020.hdf",
        "modis/MOD13C1.A1999001.061.2020.hdf",
        "gfas/notes.csv",
        "era5/page.pdf",
        "regions/ne_50m_admin_0_countries.zip",
        "fluxcom/NEE_2001_050_monthly.nc",
        "sums.md5",
    ):
        (observed / name).write_text("<html>Login</html>" if "C2" in name else "anything")
    (observed / "era5" / "old").mkdir()
    (observed / "gfas" / "old").mkdir()
    fires = next((observed / "gfas").glob("*.nc"))
    shutil.copy(fires, observed / "gfas" / "old" / fires.name)
    shutil.copy(fires, observed / "gfas" / "emissions.nc")
    shutil.copy(fires, observed / "rivers" / "emissions.nc")
    result = run("raw", "check")
    assert result.exit_code == 0, result.output
    for text in (
        "modis/MOD13A2.A2002001.h18v09.061.2020.hdf: left alone: a file of MOD13A2, which is not",
        "modis/MOD13C2.A2002001.061.2020.hdf: left alone: not needed, because a run reads other",
        "sums.md5: left alone: nothing that is read",
        f"gfas/old/{fires.name}: left alone: in a subfolder, where files of gfas are not looked",
        "gfas/emissions.nc: left alone: a file of gfas without its name, *co2fire*.nc or",
        "rivers/emissions.nc: left alone: a file of gfas, which is not looked for in rivers",
    ):
        assert text in result.stdout, text


def test_towers_of_other_years_do_not_count(run, observed):
    params = yaml.safe_load((observed.parents[2] / "params.yaml").read_text())
    params["worlds"]["observed"] |= {"first_year": 1990, "last_year": 1991}
    (observed.parents[2] / "params.yaml").write_text(yaml.safe_dump(params))
    result = run("raw", "check", "--quick", "--json")
    status = sources(result)["fluxnet"]
    assert status["status"] == "incomplete"
    assert status["problems"][0].startswith(
        "found 0 sites with 60 good days of NEE in 1990 to 1991"
    )
    towers = [file for file in json.loads(result.stdout)["files"] if file["kind"] == "fluxnet"]
    assert {(file["readable"], file["left_alone"]) for file in towers} == {
        (True, "no data from 1990 to 1991")
    }


def test_the_column_missing_names_variables(run, observed):
    (observed / "era5" / "total_precipitation_stream-oper_daily-sum_2003.nc").unlink()
    shutil.rmtree(observed / "regions")
    result = run("raw", "check", "--quick")
    rows = [line.split() for line in result.stdout.splitlines()]
    (era5,) = [row for row in rows if row[:1] == ["era5"]]
    (regions,) = [row for row in rows if row[:2] == ["regions", "regions"]]
    assert era5[2:] == ["incomplete", "7", "2002", "P", "2003"]
    assert regions[2:] == ["missing", "0", "regions", "2002-2003"]


def test_an_unreadable_cell_is_named_by_row_and_column(run, observed):
    path = sorted((observed / "fluxnet").glob("FLX_*_DD_*-*"))[0]
    text = path.read_text().splitlines()
    cells = text[3].split(",")
    cells[text[0].split(",").index("TA_F")] = "warm"
    path.unlink()
    path.write_text("\n".join([*text[:3], ",".join(cells), *text[4:]]) + "\n")
    result = run("raw", "check", "--quick")
    assert result.exit_code == 1
    start = f"fluxnet/{path.name}: "
    (line,) = [line for line in result.stdout.splitlines() if line.startswith(start)]
    for text in ("TA_F", "warm", "4", "-9999"):
        assert text in line.removeprefix(start)


def test_a_second_check_reads_nothing_that_has_not_changed(run, observed, monkeypatch):
    first = run("raw", "check", "--json")
    assert (observed.parent / ".checked.sqlite").is_file()

    def refuse(*arguments, **options):
        raise AssertionError("read again")

    monkeypatch.setattr("fluxprod.inventory.raw_files.raw_records", refuse)
    monkeypatch.setattr("fluxprod.inventory.raw_files.compare_dataset", refuse)
    assert run("raw", "check", "--json").stdout == first.stdout
    monkeypatch.undo()
    monkeypatch.chdir(observed.parents[2])
    (observed / "budget" / "readme.txt").write_text("new")
    again = json.loads(run("raw", "check", "--json").stdout)
    assert again["ready"]
    assert len(again["files"]) == len(json.loads(first.stdout)["files"]) + 1
