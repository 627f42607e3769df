"""From files to files: both models, twice, then the forward run."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.params import Compute, Forward, Train, World
from fluxprod.stages import forward, train
from tests.conftest import ROOT
from tests.networks import tiny_world

PARAMS = Train(
    width=8,
    depth=3,
    learning_rate=0.01,
    batch=100,
    steps=20,
    validate_every=10,
    day_stride=7,
    n_held_out_years=1,
    norm=3,
    seed=7,
)
WORLD = World(resolution=10.0, first_year=2003, last_year=2005)
COMPUTE = Compute(scheduler="local", device="cpu", threads=1, processes=1)
NONE = ROOT / "data/reference/unconstrained"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("interim")
    tiny_world.site_records().to_netcdf(folder / "sites.nc")
    tiny_world.driver_store().to_zarr(folder / "drivers.zarr", zarr_format=3, consolidated=False)
    tiny_world.bridge().to_netcdf(folder / "bridge.nc")
    tiny_world.inversions(-0.1).to_netcdf(folder / "inversions.nc")
    _train(folder, "ec_atm", folder)
    return folder


def _train(folder, name, constraint):
    train.main(
        sites=folder / "sites.nc",
        drivers=folder / "drivers.zarr",
        bridge=constraint / "bridge.nc",
        inversions=constraint / "inversions.nc",
        networks=folder / f"{name}.nc",
        history=folder / f"{name}_history.csv",
        predictions=folder / f"{name}_sites.nc",
        checkpoints=folder / "checkpoints" / name,
        world=WORLD,
        params=PARAMS,
        compute=COMPUTE,
    )


def _forward(folder, name):
    store = folder / f"{name}.zarr"
    forward.main(
        networks=folder / "ec_atm.nc",
        drivers=folder / "drivers.zarr",
        nee=store,
        world=WORLD,
        params=Forward(block=512),
        compute=COMPUTE,
    )
    return store


def test_training_writes_history_weights_and_predictions(folder):
    history = pd.read_csv(folder / "ec_atm_history.csv")
    assert history.step.tolist() == [10, 20, 10, 20]
    assert {"fold", "l_EC", "l_ATM", "s_EC", "s_ATM", "val_l_EC", "val_l_ATM"} <= set(history)
    assert {"val_l_BRA", "val_NEE_BRA", "val_l_EU", "val_NEE_EU"} <= set(history)
    with xr.open_dataset(folder / "ec_atm_sites.nc") as predictions:
        assert predictions.sizes["record"] == tiny_world.site_records().sizes["record"]
        assert bool(predictions.NEE_hat.notnull().all())


def test_two_trainings_write_the_same_bytes(folder):
    _train(folder, "again", folder)
    for end in (".nc", "_history.csv", "_sites.nc"):
        one, other = (folder / f"{name}{end}" for name in ("ec_atm", "again"))
        assert one.read_bytes() == other.read_bytes(), end


def test_ec_trains_on_the_same_path_without_a_constraint(folder):
    _train(folder, "ec", NONE)
    assert list(pd.read_csv(folder / "ec_history.csv")) == [
        "fold", "step", "l_EC", "s_EC", "val_l_EC",
    ]  # fmt: skip


def test_forward_store_holds_members_months_and_cells(folder):
    with xr.open_zarr(_forward(folder, "nee"), consolidated=False, chunks=None) as nee:
        assert nee.NEE_mean.dims == ("cell", "time")
        assert dict(nee.NEE_month.sizes) == {"member": 2, "cell": 6, "month": 36}
        # the mean over members of a month is the month of the mean over members
        monthly = nee.NEE_mean.resample(time="MS").mean().values
        np.testing.assert_allclose(nee.NEE_month.mean("member"), monthly, atol=2e-3)
        assert nee.cell.values.tolist() == [0, 10, 20, 30, 40, 50]
    assert not list(folder.glob(".*partial*"))


def test_two_forward_runs_write_the_same_bytes(folder):
    one, other = _forward(folder, "one"), _forward(folder, "other")
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files
    for name in files:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
