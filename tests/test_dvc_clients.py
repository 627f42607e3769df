"""Downloading the product of a tag with dvc, from a folder outside the repository."""

import shutil

import dvc.api
import numpy as np
import pytest
import xarray as xr
import yaml

from tests.conftest import ROOT
from tests.programs import caller

NAME = "nee_fluxprod-v{}_2deg"
YEARS = "2001-2008"


def product(folder, version):
    """Write a NetCDF file, a zarr store, a table and a manifest that carry their version."""
    folder.mkdir(parents=True)
    name = NAME.format(version)
    values = np.arange(6.0, dtype=np.float32).reshape(2, 3) + float(version[2])
    fields = xr.Dataset({"nee": (("lat", "lon"), values)}, attrs={"product_version": version})
    fields.to_netcdf(folder / f"{name}_monthly_{YEARS}.nc")
    fields.to_zarr(folder / f"{name}_{YEARS}.zarr", group="monthly", consolidated=False)
    (folder / f"{name}_regional-annual_{YEARS}.csv").write_text("year,region\n")
    (folder / "manifest.json").write_text(f'{{"version": "{version}"}}\n')


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    return caller(tmp_path_factory.mktemp("home"))


def released(call, root, made, version):
    """Release a version as the recipe does: run the stage, commit, tag."""
    shutil.rmtree(made, ignore_errors=True)
    product(made, version)
    call(root, "dvc", "repro")
    call(root, "git", "add", "-A")
    call(root, "git", "commit", "-m", f"Release {version}")
    call(root, "git", "tag", "-a", f"v{version}", "-m", f"Release {version}")


@pytest.fixture(scope="module")
def repository(call, tmp_path_factory):
    """A clone of a repository with two releases, whose files are only in its DVC remote."""
    folder = tmp_path_factory.mktemp("operator")
    root, made = folder / "repository", folder / "made"
    root.mkdir()
    stage = {"cmd": f"cp -r {made} data/product", "deps": [str(made)], "outs": ["data/product"]}
    (root / "dvc.yaml").write_text(yaml.safe_dump({"stages": {"product": stage}}))
    (root / ".gitignore").write_text("/data/product/\n")
    (root / "data").mkdir()
    call(root, "git", "init", "--initial-branch", "main")
    call(root, "dvc", "init")
    call(root, "dvc", "remote", "add", "-d", "store", folder / "remote")
    released(call, root, made, "0.1.0")
    released(call, root, made, "0.2.0")
    call(root, "dvc", "push", "--all-tags")
    call(folder, "git", "clone", "repository", "clone")
    shutil.rmtree(root)  # a user has only the URL of the clone
    return folder / "clone"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An empty folder outside any repository."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_layout_is_that_of_this_repository():
    stage = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]["product"]
    assert stage["outs"] == ["data/product"]
    assert "/data/product/" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0"])
def test_get_the_whole_product_at_a_tag(call, repository, elsewhere, version):
    call(elsewhere, "dvc", "get", repository, "data/product", "--rev", f"v{version}")
    with xr.open_dataset(elsewhere / f"product/{NAME.format(version)}_monthly_{YEARS}.nc") as got:
        assert got.product_version == version
        assert got.nee[0, 0] == float(version[2])
    store = elsewhere / f"product/{NAME.format(version)}_{YEARS}.zarr"
    with xr.open_zarr(store, group="monthly", consolidated=False) as got:
        assert got.product_version == version
    assert len(list((elsewhere / "product").iterdir())) == 4


def test_get_one_file(call, repository, elsewhere):
    name = f"{NAME.format('0.1.0')}_monthly_{YEARS}.nc"
    call(elsewhere, "dvc", "get", repository, f"data/product/{name}", "--rev", "v0.1.0")
    assert [path.name for path in elsewhere.iterdir()] == [name]
    with xr.open_dataset(name) as got:
        assert got.product_version == "0.1.0"


def test_import_records_its_origin_and_can_be_updated(call, repository, elsewhere):
    call(elsewhere, "git", "init")
    call(elsewhere, "dvc", "init")
    call(elsewhere, "dvc", "import", repository, "data/product", "--rev", "v0.1.0")
    source = yaml.safe_load((elsewhere / "product.dvc").read_text())["deps"][0]["repo"]
    assert source["url"] == str(repository)
    assert source["rev"] == "v0.1.0"
    assert source["rev_lock"] == call(repository, "git", "rev-parse", "v0.1.0^{commit}").strip()
    assert '"0.1.0"' in (elsewhere / "product" / "manifest.json").read_text()
    call(elsewhere, "dvc", "update", "product.dvc", "--rev", "v0.2.0")
    assert '"0.2.0"' in (elsewhere / "product" / "manifest.json").read_text()


def test_api(repository, elsewhere):
    """Read a file into memory, and open the zarr store, whose chunks are fetched one by one."""
    where = {"repo": str(repository), "rev": "v0.1.0"}
    with dvc.api.open("data/product/manifest.json", **where) as file:
        assert '"0.1.0"' in file.read()
    name = f"data/product/{NAME.format('0.1.0')}_monthly_{YEARS}.nc"
    with xr.open_dataset(dvc.api.read(name, mode="rb", **where)) as got:
        assert got.product_version == "0.1.0"
        assert got.nee[1, 2] == 6.0
    files = dvc.api.DVCFileSystem(str(repository), rev="v0.1.0")
    store = f"data/product/{NAME.format('0.1.0')}_{YEARS}.zarr"
    with xr.open_zarr(files.get_mapper(f"{store}/monthly"), consolidated=False) as got:
        assert got.product_version == "0.1.0"
        assert got.nee[1, 2] == 6.0
    assert list(elsewhere.iterdir()) == []
