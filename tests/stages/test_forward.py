"""The forward run of five blocks writes the same bytes wherever it runs and however it ends."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import yaml
from dvc.repo import Repo

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.atomic_output import remove
from fluxprod.core.errors import DataError
from fluxprod.core.variables import DRIVERS
from fluxprod.core.world import World
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.mlp import initial_weights, layer_sizes
from fluxprod.networks.model.networks_dataset import networks_dataset
from fluxprod.networks.model.scaling import Scaling
from fluxprod.networks.settings import ForwardSettings
from fluxprod.stages import forward
from fluxprod.writers.nee_store import CELLS, block_files
from fluxprod.writers.unfinished import unfinished
from tests.conftest import ROOT
from tests.dask_processes import contents, run_and_lose_a_worker
from tests.networks import tiny_world

N_CELLS = 4 * CELLS + 60
STARTS = [0, CELLS, 2 * CELLS, 3 * CELLS, 4 * CELLS]
WORLD = World(resolution=10.0, first_year=2003, last_year=2005)
PARAMS = ForwardSettings(block=4096)
PATIENCE = 120.0  # s, enough for a busy machine
KILLED = """
import os, signal, sys
from pathlib import Path
from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.world import World
from fluxprod.networks.settings import ForwardSettings
from fluxprod.stages import forward
mark = forward.mark_whole
def mark_or_die(place, part, files):
    if part == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)
    mark(place, part, files)
forward.mark_whole = mark_or_die
forward.main(
    networks=Path("networks.nc"), drivers=Path("drivers.zarr"), nee=Path("out/nee.zarr"),
    world=World(resolution=10.0, first_year=2003, last_year=2005),
    params=ForwardSettings(block=4096),
    compute=ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1),
)
"""


def _networks(seed):
    rng = np.random.default_rng(seed)
    members = [
        Member(
            initial_weights(layer_sizes(len(DRIVERS), width=8, depth=3), rng),
            Scaling(rng.normal(size=len(DRIVERS)), rng.uniform(0.5, 2.0, len(DRIVERS)), -1.0, 3.0),
            best_step=1,
            history=[],
        )
        for _ in range(3)
    ]
    return networks_dataset(members, [0, 1, 2], DRIVERS, seed)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Folder of inputs, where every sixth cell is the same except for its temperature."""
    folder = tmp_path_factory.mktemp("world")
    store = tiny_world.driver_store()
    store = store.isel(cell=np.arange(N_CELLS) % 6).assign_coords(cell=np.arange(N_CELLS))
    store["Tair"] = store.Tair + np.linspace(-1.0, 1.0, N_CELLS)[:, None]
    store.to_zarr(folder / "drivers.zarr", zarr_format=3, consolidated=False)
    _networks(1).to_netcdf(folder / "networks.nc")
    return folder


@pytest.fixture(scope="module")
def undisturbed(world):
    """Bytes of every file of an undisturbed run."""
    return contents(_forward(world, world / "undisturbed.zarr"))


@pytest.fixture
def here(world, tmp_path):
    """The same inputs in a folder of this test."""
    for name in ("drivers.zarr", "networks.nc"):
        (tmp_path / name).symlink_to(world / name)
    return tmp_path


def _forward(folder, nee, *, processes=1, params=PARAMS):
    forward.main(
        networks=folder / "networks.nc",
        drivers=folder / "drivers.zarr",
        nee=nee,
        world=WORLD,
        params=params,
        compute=ComputeSettings(scheduler="local", device="cpu", threads=1, processes=processes),
    )
    return nee


def _place(nee):
    """Find the store of an interrupted run."""
    (place,) = nee.parent.glob(f".{nee.name}.unfinished/*/{nee.name}")
    return place


@pytest.fixture
def made(monkeypatch):
    """First cells of the blocks, in the order in which they are computed."""
    starts = []
    original = forward.write_nee_block

    def write(place, start, *fluxes):
        starts.append(start)
        original(place, start, *fluxes)

    monkeypatch.setattr(forward, "write_nee_block", write)
    return starts


def _interrupt(folder, nee, monkeypatch, *, at):
    """Run until a block is to be written, and interrupt the run there."""
    original = forward.write_nee_block

    def write(place, start, *fluxes):
        if start == at:
            raise KeyboardInterrupt
        original(place, start, *fluxes)

    with monkeypatch.context() as patch:
        patch.setattr(forward, "write_nee_block", write)
        with pytest.raises(KeyboardInterrupt):
            _forward(folder, nee)
    assert not nee.exists()


def test_two_threads_write_the_same_bytes(here, undisturbed):
    assert contents(_forward(here, here / "nee.zarr", processes=2)) == undisturbed
    assert len([name for name in undisturbed if name.startswith("NEE_mean/c/")]) == 5


def test_networks_are_read_by_one_thread(tmp_path, monkeypatch):
    """Two threads at once crash the NetCDF library."""
    reading, most = 0, 0
    pause = threading.Event()

    def inputs(networks, drivers):
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        pause.wait(0.2)  # time for the other thread to arrive
        reading -= 1
        return networks, drivers

    monkeypatch.setattr(forward, "inputs", inputs)
    run = forward.ForwardRun(tmp_path / "n.nc", tmp_path / "d.zarr", tmp_path, 1, "cpu", "x")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(forward._inputs_of, [run, run]))
    assert found == [(run.networks, run.drivers)] * 2
    assert most == 1


def test_a_lost_dask_worker_changes_no_byte(cluster, here, undisturbed):
    blocks = {
        "worlds": {"synthetic": {"resolution": 10.0, "first_year": 2003, "last_year": 2005}},
        "forward": {"block": PARAMS.block},
        "bridge": {"n_cv_folds": 2},
    }
    flags = {"networks": "networks.nc", "drivers": "drivers.zarr", "nee": "nee.zarr"}
    files = {flag: here / name for flag, name in flags.items()}
    run_and_lose_a_worker(cluster, here, "forward", blocks, **files)
    assert contents(here / "nee.zarr") == undisturbed
    assert not list(here.glob(".nee*"))


def _process(folder, *words):
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_a_killed_run_resumes_and_writes_the_same_bytes(here, undisturbed, made, capsys):
    nee = here / "out" / "nee.zarr"
    done = _process(
        here, "-c", KILLED, str(2 * CELLS)
    )  # after the block is written, before it is marked
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not nee.exists()
    _forward(here, nee)
    assert made == STARTS[2:]
    assert "forward: resuming; 2 of 5 blocks are complete" in capsys.readouterr().err
    assert contents(nee) == undisturbed
    assert list(nee.parent.iterdir()) == [nee]


def test_damaged_blocks_are_computed_again(here, undisturbed, made, monkeypatch):
    nee = here / "nee.zarr"
    _interrupt(here, nee, monkeypatch, at=STARTS[4])
    made.clear()
    place = _place(nee)
    half = block_files(place, STARTS[1])[0]
    half.write_bytes(half.read_bytes()[:500])
    block_files(place, STARTS[2])[2].unlink()
    half.with_name("0.1f.partial").write_bytes(b"what zarr was writing")
    _forward(here, nee)
    assert made == [STARTS[1], STARTS[2], STARTS[4]]
    assert contents(nee) == undisturbed


def test_a_damaged_empty_store_is_created_again(here, undisturbed, made, monkeypatch):
    nee = here / "nee.zarr"
    _interrupt(here, nee, monkeypatch, at=STARTS[3])
    made.clear()
    (_place(nee) / "land_area" / "c" / "0").unlink()  # would be read as missing areas
    _forward(here, nee)
    assert made == STARTS
    assert contents(nee) == undisturbed


@pytest.mark.parametrize("what", ["networks", "drivers", "params"])
def test_a_run_with_other_inputs_starts_afresh(here, undisturbed, made, monkeypatch, what):
    nee = here / "nee.zarr"
    _interrupt(here, nee, monkeypatch, at=STARTS[3])
    made.clear()
    if what == "networks":
        (here / "networks.nc").unlink()
        _networks(2).to_netcdf(here / "networks.nc")
    elif what == "drivers":
        (here / "drivers.zarr").unlink()
        store = tiny_world.driver_store(seed=5)
        store.to_zarr(here / "drivers.zarr", zarr_format=3, consolidated=False)
    _forward(here, nee, params=ForwardSettings(block=8192) if what == "params" else PARAMS)
    assert made == (STARTS[:1] if what == "drivers" else STARTS)
    same = contents(nee)["NEE_mean/c/0/0"] == undisturbed["NEE_mean/c/0/0"]
    assert same == (what == "params")
    assert list(here.glob(".nee*")) == []


def test_a_complete_run_is_repeated_on_request(here, made, undisturbed):
    nee = here / "nee.zarr"
    for _ in range(2):
        _forward(here, nee)
        remove(nee)  # as DVC does before a stage
    assert made == 2 * STARTS


def test_a_second_run_at_the_same_output_is_refused(here, made, monkeypatch):
    nee = here / "nee.zarr"
    _interrupt(here, nee, monkeypatch, at=STARTS[1])
    made.clear()
    other = unfinished(nee, _place(nee).parent.name)
    other.__enter__()
    with pytest.raises(DataError, match=r"nee.zarr.unfinished: lock: found another run"):
        _forward(here, nee)
    assert made == []


def test_a_block_that_changes_during_the_run_is_reported(here, monkeypatch):
    """A Dask worker of a killed run could change it."""
    original = forward.write_nee_block

    def write(place, start, *fluxes):
        original(place, start, *fluxes)
        if start == STARTS[3]:
            block_files(place, STARTS[0])[0].unlink()

    nee = here / "nee.zarr"
    with monkeypatch.context() as patch:
        patch.setattr(forward, "write_nee_block", write)
        with pytest.raises(DataError, match="cell: found 1 blocks that changed .*; run again"):
            _forward(here, nee)
    assert not nee.exists()


def test_an_impossible_flux_ends_the_run_and_leaves_no_output(here):
    networks = _networks(1)
    networks["nee_mean"] = networks.nee_mean + 500.0
    (here / "networks.nc").unlink()
    networks.to_netcdf(here / "networks.nc")
    with pytest.raises(DataError, match="NEE_mean: found values .* outside -60 to 60"):
        _forward(here, here / "nee.zarr")
    assert not (here / "nee.zarr").exists()


def test_dvc_removes_the_output_before_a_stage_but_not_its_neighbours(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = "ls -A nee > seen.txt; mkdir -p nee/ec.zarr; touch nee/ec.zarr/zarr.json"
    stages = {"forward": {"cmd": command, "outs": ["nee/ec.zarr"]}}
    (tmp_path / "dvc.yaml").write_text(yaml.safe_dump({"stages": stages}))
    with Repo.init(no_scm=True) as repo:
        repo.reproduce()
        (tmp_path / "nee" / ".ec.zarr.unfinished").mkdir()
        repo.reproduce(force=True)
    assert (tmp_path / "seen.txt").read_text().split() == [".ec.zarr.unfinished"]
