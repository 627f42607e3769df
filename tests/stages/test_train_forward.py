"""Training of both models, twice, and the forward run, from files to files."""

import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.variables import ANOMALY_DRIVERS, DRIVERS
from fluxprod.core.world import World
from fluxprod.networks.settings import ForwardSettings, TrainingSettings
from fluxprod.stages import forward, regional_history, train
from tests.networks import tiny_world

PARAMS = TrainingSettings(
    width=8,
    depth=3,
    learning_rate=0.01,
    final_learning_rate=0.01,
    variance_rate=0.01,
    variance_start=0.0,
    batch=100,
    steps=20,
    validate_every=10,
    day_stride=7,
    held_out_stride=1,
    n_regions=0,
    n_months=0,
    n_held_out_years=1,
    norm=3,
    annual_term=False,
    seed=7,
)
WORLD = World(resolution=10.0, first_year=2003, last_year=2005)
TWELVE = (*DRIVERS, *ANOMALY_DRIVERS)
COMPUTE = ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return _trained(tmp_path_factory.mktemp("interim"), DRIVERS)


@pytest.fixture(scope="module")
def with_anomalies(tmp_path_factory):
    return _trained(tmp_path_factory.mktemp("anomalies"), TWELVE)


def _trained(folder, names):
    """Write the inputs of both stages with these drivers, and train EC-ATM."""
    tiny_world.site_records(names=names).to_netcdf(folder / "sites.nc")
    store = tiny_world.driver_store(names=names)
    store.to_zarr(folder / "drivers.zarr", zarr_format=3, consolidated=False)
    tiny_world.bridge().to_netcdf(folder / "bridge.nc")
    tiny_world.inversions(-0.1).to_netcdf(folder / "inversions.nc")
    _train(folder, "ec_atm")
    return folder


def _train(folder, name, constraint="inversions"):
    train.main(
        sites=folder / "sites.nc",
        drivers=folder / "drivers.zarr",
        bridge=folder / "bridge.nc",
        inversions=folder / "inversions.nc",
        constraint=constraint,
        networks=folder / f"{name}.nc",
        history=folder / f"{name}_history.csv",
        predictions=folder / f"{name}_sites.nc",
        trail=folder / f"{name}_trail.nc",
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
        params=ForwardSettings(block=512),
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
    _train(folder, "again")
    for end in (".nc", "_history.csv", "_sites.nc"):
        one, other = (folder / f"{name}{end}" for name in ("ec_atm", "again"))
        assert one.read_bytes() == other.read_bytes(), end


def test_ec_trains_on_the_same_path_without_a_constraint(folder):
    _train(folder, "ec", "none")
    assert list(pd.read_csv(folder / "ec_history.csv")) == [
        "fold", "step", "l_EC", "s_EC", "val_l_EC",
    ]  # fmt: skip


def test_forward_store_holds_members_months_and_cells(folder):
    with xr.open_zarr(_forward(folder, "nee"), consolidated=False, chunks=None) as nee:
        assert nee.NEE_mean.dims == ("cell", "time")
        assert dict(nee.NEE_month.sizes) == {"member": 2, "cell": 6, "month": 36}
        # the mean over members of a month is the month of the mean over members
        monthly = nee.NEE_mean.resample(time="MS").mean().values
        np.testing.assert_allclose(nee.NEE_month.mean("member"), monthly, atol=8e-5)
        assert nee.cell.values.tolist() == [0, 10, 20, 30, 40, 50]
    assert not list(folder.glob(".*partial*"))


def test_two_forward_runs_write_the_same_bytes(folder):
    one, other = _forward(folder, "one"), _forward(folder, "other")
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files
    for name in files:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_anomalies_are_two_more_inputs_of_the_networks(with_anomalies, tmp_path):
    with xr.open_dataset(with_anomalies / "ec_atm.nc") as networks:
        assert networks.driver.values.tolist() == [*DRIVERS, "Tair_ANOM", "WAI2_ANOM"]
        assert networks.weight_1.shape == (2, 12, PARAMS.width)
    warmer = tiny_world.driver_store(names=TWELVE)
    warmer["Tair_ANOM"] += 1.0
    warmer.to_zarr(tmp_path / "drivers.zarr", zarr_format=3, consolidated=False)
    shutil.copy(with_anomalies / "ec_atm.nc", tmp_path)
    stores = [_forward(folder, "nee") for folder in (with_anomalies, tmp_path)]
    before, after = (xr.open_zarr(nee, consolidated=False).NEE_month.values for nee in stores)
    assert (np.abs(after - before) > 1e-3).any()


def test_forward_refuses_networks_whose_drivers_the_store_lacks(folder, with_anomalies, tmp_path):
    shutil.copy(with_anomalies / "ec_atm.nc", tmp_path)
    (tmp_path / "drivers.zarr").symlink_to(folder / "drivers.zarr")
    with pytest.raises(DataError, match=r"ec_atm.nc: driver: found .*Tair_ANOM.* train again"):
        _forward(tmp_path, "nee")
    assert not list(tmp_path.glob("*nee*"))


@pytest.mark.parametrize("order", [slice(None, 10), slice(None, None, -1)])
def test_training_refuses_towers_with_other_drivers_than_cells(with_anomalies, tmp_path, order):
    records = tiny_world.site_records(names=TWELVE)
    records.isel(driver=order).to_netcdf(tmp_path / "sites.nc")
    (tmp_path / "drivers.zarr").symlink_to(with_anomalies / "drivers.zarr")
    with pytest.raises(DataError, match=r"sites.nc: driver: found .* as for cells; run dvc repro"):
        _train(tmp_path, "ec", "none")


def _regional_history(folder, name):
    history = folder / f"{name}_regional_history.csv"
    regional_history.main(
        trail=folder / f"{name}_trail.nc",
        drivers=folder / "drivers.zarr",
        bridge=folder / "bridge.nc",
        inversions=folder / "inversions.nc",
        history=history,
        world=WORLD,
        params=PARAMS,
        compute=COMPUTE,
    )
    return pd.read_csv(history)


def test_the_regional_history_of_a_constrained_model_is_that_of_its_training(folder):
    seen = pd.read_csv(folder / "ec_atm_history.csv")
    afterwards = _regional_history(folder, "ec_atm")
    regional = ["val_l_ATM", "val_l_BRA", "val_l_EU", "val_NEE_BRA", "val_NEE_EU"]
    assert list(afterwards) == ["fold", "step", *regional]
    pd.testing.assert_frame_equal(afterwards, seen[list(afterwards)], rtol=1e-5)


def test_ec_has_a_regional_history_that_its_training_did_not_see(folder):
    _train(folder, "ec", "none")
    history = _regional_history(folder, "ec")
    assert not [name for name in pd.read_csv(folder / "ec_history.csv") if "BRA" in name]
    assert np.isfinite(history).all(axis=None)
    assert history.val_NEE_BRA.nunique() == len(history)


def test_a_bridge_without_cells_gives_no_regional_history(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "run")
    empty = tiny_world.bridge().isel(contribution=slice(0))
    empty.to_netcdf(tmp_path / "run" / "bridge.nc")
    with pytest.raises(DataError, match="bridge: contribution: found no cell in any region"):
        _regional_history(tmp_path / "run", "ec_atm")


def test_an_empty_bridge_trains_no_ec_under_another_name(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "run")
    tiny_world.bridge().isel(contribution=slice(0)).to_netcdf(tmp_path / "run" / "bridge.nc")
    with pytest.raises(DataError, match="bridge: contribution: found no cell in any region"):
        _train(tmp_path / "run", "none_at_all")
    assert not list((tmp_path / "run").glob("none_at_all*"))


def test_an_unknown_constraint_is_named(folder):
    with pytest.raises(DataError, match="--constraint: found regions, expected inversions or none"):
        _train(folder, "odd", "regions")


def test_networks_of_other_drivers_have_no_regional_history(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "run")
    path = tmp_path / "run" / "ec_atm_trail.nc"
    trail = xr.load_dataset(path)
    trail.assign_coords(driver=trail.driver.values[::-1]).to_netcdf(path)
    with pytest.raises(DataError, match="ec_atm_trail.nc: driver: found"):
        _regional_history(tmp_path / "run", "ec_atm")
