"""All stages in order on a tiny Earth with a known truth."""

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml

from fluxprod.core.regions import ABBREVIATIONS
from tests import damage
from tests.pipeline import ROOT, TINY, commands, lay_out, run_stage


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """Folder of a complete run."""
    folder = tmp_path_factory.mktemp("run")
    lay_out(folder, TINY)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in commands(folder).values():
            run_stage(command, patch)
    return folder


@pytest.fixture(scope="session")
def interim(run):
    return run / "data" / "interim" / "synthetic"


def test_every_output_of_every_stage_exists(run):
    for name, command in commands(run).items():
        for flag, value in zip(command[3::2], command[4::2]):
            if flag == "--checkpoints":
                assert not Path(run, value).exists(), f"{name} left its checkpoints"
            elif flag not in ("--source", "--constraint"):  # no paths
                assert Path(run, value).exists(), f"{name} {flag}"


def test_land_and_regions(interim):
    land = xr.open_dataset(interim / "geography.nc")
    total = land.land_area.sum().item()
    # ice-free land without Antarctica and Greenland: about 132e12 m2 (FAO, CIA Factbook)
    assert total == pytest.approx(132e12, rel=0.06)
    assert set(np.unique(land.cell_region)) - {-1} == set(range(18))


def test_drivers_have_no_gaps(interim):
    drivers = xr.open_zarr(interim / "drivers.zarr", consolidated=False)
    for name in drivers.data_vars:
        assert np.isfinite(drivers[name].values).all(), name
    sites = xr.open_dataset(interim / "sites.nc")
    assert np.isfinite(sites.x.values).all()


def test_sites_resemble_their_cells(interim):
    """The same functions made both, so mean air temperatures agree within tower noise."""
    sites = xr.open_dataset(interim / "sites.nc")
    climate = xr.open_zarr(interim / "climate.zarr", consolidated=False)
    tair = sites.x.sel(driver="Tair").groupby(sites.site_index).mean().values
    assert -25 < tair.min() < tair.max() < 35
    assert abs(tair.mean()) < 20
    assert climate.TA.dims == ("cell", "time")


def test_absent_inversions_are_left_out(interim):
    inversions = xr.open_dataset(interim / "inversions.nc")
    absent = np.isnan(inversions.NEE).all(("region", "time")).values
    assert not absent.all()
    first = inversions.NEE.sel(time="2001")
    assert np.isnan(first).all(("region", "time")).sum() == 1
    assert np.isfinite(first.mean("member")).all()


def test_ec_does_not_know_the_regions(interim):
    ec = xr.open_dataset(interim / "networks" / "ec.nc")
    ec_atm = xr.open_dataset(interim / "networks" / "ec_atm.nc")
    assert ec.sizes["member"] == ec_atm.sizes["member"] == TINY["towers"]["n_folds"]


def test_the_constraint_moves_the_sink_towards_the_inversions(run):
    metrics = json.loads((run / "data" / "evaluation" / "metrics.json").read_text())
    sinks = metrics["sink"]
    assert abs(sinks["ec_atm"] - sinks["truth"]) < abs(sinks["ec"] - sinks["truth"])


@pytest.mark.parametrize("method", ["anchored", "sampled", "exact"])
def test_a_bridge_that_conserves_mass_passes_both_checks(run, method, tmp_path, monkeypatch):
    """Run the stages that another bridge method affects, in a copy of the run."""
    shutil.copytree(run, tmp_path, ignore=shutil.ignore_patterns("raw", ".dvc"), dirs_exist_ok=True)
    (tmp_path / "data" / "raw").symlink_to(run / "data" / "raw")
    params = yaml.safe_load((run / "params.yaml").read_text())
    params["bridge"]["method"] = method
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    monkeypatch.chdir(run)
    stages = commands(run)
    monkeypatch.chdir(tmp_path)
    for name in (
        "bridge",
        "train@ec_atm",
        "regional_history",
        "forward@ec_atm",
        "product",
        "evaluate",
    ):
        run_stage(stages[name], monkeypatch)
    cube = Path("data", "interim", "synthetic", "fluxcom.nc")
    assert (tmp_path / cube).read_bytes() == (run / cube).read_bytes()  # so EC is not trained again
    metrics = json.loads((tmp_path / "data" / "evaluation" / "metrics.json").read_text())
    assert metrics["bridge"]["method"] == method
    assert [metrics["shift"][name] for name in ABBREVIATIONS] == pytest.approx([1.0] * 18, abs=1e-3)
    # 1e-3 of the total of each region is far above the rounding of monthly means in the product
    size = 1e-3 * sum(abs(total) for total in metrics["regional_sink"]["ec_atm"].values())
    gap = metrics["post_hoc"]["ec_atm"]["difference"]
    assert abs(gap) <= size if method != "anchored" else np.isfinite(gap)


def test_tables_have_the_rows_of_the_paper(run):
    table = pd.read_csv(run / "data" / "evaluation" / "tables" / "table2.csv")
    assert len(table) == 19


def test_with_anomalies_the_networks_have_twelve_drivers(run, tmp_path, monkeypatch):
    """The same Earth with two more drivers, made from the same inputs of the drivers stage."""
    lay_out(tmp_path, {**TINY, "drivers": {"anomalies": True}})
    there = tmp_path / "data" / "interim" / "synthetic"
    there.mkdir(parents=True)
    for name in "climate.zarr", "vegetation.zarr", "geography.nc", "towers.nc":
        (there / name).symlink_to(run / "data" / "interim" / "synthetic" / name)
    monkeypatch.chdir(tmp_path)
    for name in "drivers", "train@ec", "forward@ec":
        run_stage(commands(tmp_path)[name], monkeypatch)
    networks = xr.open_dataset(there / "networks" / "ec.nc")
    assert networks.driver.values.tolist()[-2:] == ["Tair_ANOM", "WAI2_ANOM"]
    nee = xr.open_zarr(there / "nee" / "ec.zarr", consolidated=False)
    assert np.isfinite(nee.NEE_month.values).all()


def test_a_stage_run_again_gives_the_same_bytes(run, monkeypatch):
    """Repeat some stages in a folder that already contains their inputs."""
    monkeypatch.chdir(run)
    for name in "geography", "bridge", "train@ec":
        command = commands(run)[name]
        outs = [Path(run, value) for value in command[4::2]]
        outs = [path for path in outs if path.suffix in {".nc", ".csv"} and path.is_file()]
        before = {path: path.read_bytes() for path in outs}
        run_stage(command, monkeypatch)
        for path, content in before.items():
            assert path.read_bytes() == content, f"{name}: {path.name}"


# limits on the processor features that numpy, BLAS, torch, numba and the C library use
NO_AVX512 = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Haswell",
    "ATEN_CPU_CAPABILITY": "avx2",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX512CD",
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "+avx2,+fma",
}
NO_AVX2 = {
    "NPY_DISABLE_CPU_FEATURES": f"X86_V3 {NO_AVX512['NPY_DISABLE_CPU_FEATURES']}",
    "OPENBLAS_CORETYPE": "Nehalem",
    "ATEN_CPU_CAPABILITY": "default",
    "GLIBC_TUNABLES": f"{NO_AVX512['GLIBC_TUNABLES']},-AVX2,-FMA,-AVX",
    "NUMBA_CPU_NAME": "generic",
}
FEATURES = """
import numpy, threadpoolctl, torch
from numba.core.registry import cpu_target
numpy.show_config()
print(*(pool.get("architecture") for pool in threadpoolctl.threadpool_info()))
print(torch.backends.cpu.get_cpu_capability(), cpu_target.target_context.codegen().magic_tuple())
"""
RAW_TO_BRIDGE = ("bridge", "drivers", "inversions")
x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="switches of x86 processors")


def python(folder: Path, switches: dict[str, str], *arguments: str) -> str:
    """Run Python with processor features switched off and return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env={**os.environ, **switches}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@x86
@pytest.mark.parametrize(
    ("switches", "off", "kernels", "torch"),
    [
        (NO_AVX512, ["X86_V4", "AVX512_ICL"], "Haswell", "AVX2"),
        (NO_AVX2, ["X86_V3", "X86_V4", "AVX512_ICL"], "Nehalem", "DEFAULT"),
    ],
)
def test_the_switches_work(tmp_path, switches, off, kernels, torch):
    printed = python(tmp_path, switches, "-c", FEATURES)
    found, missing = printed.split("SIMD Extensions")[1].split("not found:")
    assert not set(off) & set(found.split())
    assert set(off) < set(missing.split())
    *_, pools, ours = printed.splitlines()
    assert kernels in pools
    assert "SkylakeX" not in pools
    assert torch in ours
    assert "avx512" not in ours


@x86
@pytest.mark.parametrize(
    ("switches", "stages"),
    [(NO_AVX512, RAW_TO_BRIDGE), (NO_AVX2, (*RAW_TO_BRIDGE, "forward@ec_atm"))],
    ids=["no AVX-512", "no AVX2"],
)
def test_other_processors_give_the_same(run, tmp_path, switches, stages):
    """Inputs of the networks have the same bytes, and fluxes are nearly the same."""
    python(ROOT, switches, "-m", "tests.pipeline", str(tmp_path), *stages)
    made = [path.relative_to(tmp_path) for path in files_of(tmp_path / "data")]
    fluxes = [path for path in made if {"networks", "nee"} & set(path.parts)]
    assert len(made) - len(fluxes) > 600
    for path in set(made) - set(fluxes):
        equal = (run / path).read_bytes() == (tmp_path / path).read_bytes()
        assert equal, path  # without the bytes, whose comparison in words would take minutes
    for path in {Path(*path.parts[:5]) for path in fluxes if "nee" in path.parts}:
        stores = [xr.open_zarr(folder / path, consolidated=False) for folder in (run, tmp_path)]
        here, there = (store.NEE_month.values for store in stores)
        assert np.sqrt(np.mean((here - there) ** 2)) < 0.005 * here.std()


def files_of(folder: Path) -> list[Path]:
    """Files made by stages, without caches of hashes, which depend on file times."""
    found = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in found if not path.name.endswith(".hashes.sqlite")]


def test_damage_between_stages_is_refused_or_harmless(run, tmp_path):
    """Of each kind of file; ``python -m tests.damage`` damages all outputs, and more often."""
    names = {"climate.zarr", "ec.zarr", "inversions.nc", "era5.json", "plausibility.csv"}
    folder = tmp_path / "run"
    shutil.copytree(run, folder, symlinks=True)
    found = list(damage.damages(folder, 2 * len(names), 5, names))
    assert {each.output.name for each, _ in found} == names
    assert {outcome for _, outcome in found} <= damage.FINE, found
    assert damage.NOTICED in {outcome for _, outcome in found}
