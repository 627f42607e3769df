"""The small raw files are read, or all their faults told, before the long stages begin."""

import json
import os
import shutil
from pathlib import Path

import netCDF4
import pytest

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.world import SyntheticWorld, World
from fluxprod.inversions.settings import InversionSettings
from fluxprod.params import block, read_params
from fluxprod.stages import check_raw, synthesize
from fluxprod.synthetic.settings import EarthSettings
from fluxprod.towers.settings import TowerSettings

ROOT = Path(__file__).parents[2]
YEARS = {"resolution": 10.0, "first_year": 2002, "last_year": 2003}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Raw files of a synthetic Earth of two years."""
    folder = tmp_path_factory.mktemp("world")
    synthesize.main(
        reference=ROOT / "data" / "reference" / "earth",
        raw=folder / "raw",
        truth=folder / "truth",
        world=SyntheticWorld(**YEARS),
        params=EarthSettings(seed=6),
        compute=ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1),
    )
    return folder / "raw"


@pytest.fixture
def raw(world, tmp_path):
    for folder in ("modis", "era5"):
        assert (world / folder).is_dir()
    kept = shutil.ignore_patterns("modis", "era5")  # the stage reads neither
    shutil.copytree(world, tmp_path / "raw", copy_function=os.link, ignore=kept)
    return tmp_path / "raw"


def check(raw, *, years=YEARS, min_days=60, rivers=None):
    params = read_params(ROOT / "params.yaml")
    towers = block(params, TowerSettings).model_copy(update={"min_days": min_days, "n_folds": 5})
    inversions = block(params, InversionSettings)
    if rivers is not None:
        inversions = inversions.model_copy(update={"rivers": rivers})
    checked = raw.parent / "checked.json"
    check_raw.main(
        raw=raw, checked=checked, world=World(**years), towers=towers, inversions=inversions
    )
    return checked.read_bytes()


def rewritten(path, content):
    path.unlink()  # a hard link
    path.write_text(content)
    return path


def test_what_was_read_is_written_and_depends_on_no_file(raw):
    first = check(raw)
    assert json.loads(first) == {
        "years": [2002, 2003],
        "read": ["towers", "inversions", "rivers", "gfas", "fluxcom", "budget", "regions"],
    }
    sorted((raw / "lathuile").glob("*.synth.*"))[0].unlink()
    (raw / "budget" / "readme.txt").write_text("")
    assert check(raw) == first


def test_all_faults_are_told_at_once(raw):
    towers = sorted((raw / "fluxnet").glob("FLX_*DD*"))[:2]
    for path in towers:
        rewritten(path, "<html>log in</html>")
    rewritten(next((raw / "budget").iterdir()), "<html>log in</html>")
    next((raw / "rivers").iterdir()).unlink()
    fires = sorted((raw / "gfas").iterdir())[0]
    fires.rename(fires.with_name("emissions.nc"))
    year = sorted((raw / "fluxcom").iterdir())[0]
    shutil.copy(year, year.with_name("copy"))
    year.unlink()
    year.with_name("copy").rename(year)
    with netCDF4.Dataset(year, "a") as file:
        file["NEE"].units = "umol m-2 s-1"
    with pytest.raises(DataError) as caught:
        check(raw)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.faults) == 6
    for line, name in zip(lines, (*(path.name for path in towers), "rivers", "gfas")):
        assert name in line
    assert f"{year}: units of NEE: found 'umol m-2 s-1'" in lines[4]
    assert "found a web page (HTML)" in lines[5]
    assert not (raw.parent / "checked.json").exists()


def test_too_few_towers(raw):
    found = "found 0 sites with at least 731 good days in 2002 to 2003"
    with pytest.raises(DataError, match=found):
        check(raw, min_days=731)


def test_rivers_may_be_absent_if_the_inversions_are_adjusted(raw):
    next((raw / "rivers").iterdir()).unlink()
    assert check(raw, rivers="adjusted")
    with pytest.raises(DataError, match="rivers: river fluxes: found no such file"):
        check(raw, rivers="separate")


def test_years_that_the_files_do_not_cover(raw):
    with pytest.raises(DataError) as caught:
        check(raw, years=YEARS | {"last_year": 2004})
    folders = {Path(fault.source).name.split("_")[0] for fault in caught.value.faults}
    assert {"gfas", "fluxcom"} <= folders
