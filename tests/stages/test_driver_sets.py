"""Networks take the drivers of their set, whatever else the files hold."""

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.core.variables import DRIVER_SETS, DRIVERS, driver_names, drivers_in
from fluxprod.networks.settings import ForwardSettings
from fluxprod.stages import forward, regional_history, train
from tests.dask_processes import contents
from tests.networks import tiny_world
from tests.stages.test_train_forward import COMPUTE, PARAMS, WORLD

ALL = driver_names(anomalies=False, deficit=True)
OUTPUTS = (".nc", "_history.csv", "_sites.nc", "_trail.nc")


def write_inputs(folder, names):
    """Drivers of the same values under whatever others there are."""
    folder.mkdir()
    records, store = tiny_world.site_records(names=ALL), tiny_world.driver_store(names=ALL)
    records.sel(driver=list(names)).to_netcdf(folder / "sites.nc")
    others = [name for name in ALL if name not in names]
    store.drop_vars(others).to_zarr(folder / "drivers.zarr", zarr_format=3, consolidated=False)
    tiny_world.bridge().to_netcdf(folder / "bridge.nc")
    tiny_world.inversions(-0.1).to_netcdf(folder / "inversions.nc")
    return folder


def trained(folder, chosen, **options):
    train.main(
        sites=folder / "sites.nc",
        drivers=folder / "drivers.zarr",
        bridge=folder / "bridge.nc",
        inversions=folder / "inversions.nc",
        constraint="inversions",
        networks=folder / "ec_atm.nc",
        history=folder / "ec_atm_history.csv",
        predictions=folder / "ec_atm_sites.nc",
        trail=folder / "ec_atm_trail.nc",
        checkpoints=folder / "checkpoints",
        world=WORLD,
        params=PARAMS.changed(drivers=chosen, **options),
        compute=COMPUTE,
    )
    return folder


def run_forward(folder):
    forward.main(
        networks=folder / "ec_atm.nc",
        drivers=folder / "drivers.zarr",
        nee=folder / "nee.zarr",
        world=WORLD,
        params=ForwardSettings(block=512),
        compute=COMPUTE,
    )
    return folder / "nee.zarr"


FORMS = {
    "plain": {},
    "light use, with all options": {
        "form": "light_use", "site_balance": 0.5, "linear_beyond": 2.0, "driver_noise": 0.5,
        "daily_noise": 0.1, "weight_decay": 0.1,
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=FORMS.values(), ids=FORMS)
def daily(tmp_path_factory, request):
    folder = write_inputs(tmp_path_factory.mktemp("sets") / "daily", ALL)
    return trained(folder, "daily", **request.param)


def test_table_a2_gives_the_bytes_of_files_that_hold_nothing_else(tmp_path):
    among_others = trained(write_inputs(tmp_path / "all", ALL), "table_a2")
    alone = trained(write_inputs(tmp_path / "ten", DRIVERS), "table_a2")
    for end in OUTPUTS:
        one, other = (folder / f"ec_atm{end}" for folder in (among_others, alone))
        assert one.read_bytes() == other.read_bytes(), end
    assert contents(run_forward(among_others)) == contents(run_forward(alone))


def test_the_daily_set_is_trained_and_run(daily):
    names = drivers_in(DRIVER_SETS["daily"])
    with xr.open_dataset(daily / "ec_atm.nc") as networks:
        assert networks.driver.values.tolist() == names
        assert networks.weight_1.shape == (2, len(names), PARAMS.width)
    with xr.open_zarr(run_forward(daily), consolidated=False) as nee:
        assert np.isfinite(nee.NEE_month.values).all()


def test_the_regional_history_takes_the_drivers_of_its_networks(daily):
    history = daily / "regional.csv"
    regional_history.main(
        trail=daily / "ec_atm_trail.nc",
        drivers=daily / "drivers.zarr",
        bridge=daily / "bridge.nc",
        inversions=daily / "inversions.nc",
        history=history,
        world=WORLD,
        params=PARAMS,  # whose set is table_a2
        compute=COMPUTE,
    )
    assert "val_l_ATM" in history.read_text()


def test_drivers_outside_the_set_are_never_read(tmp_path):
    """Their values are damaged, which reading notices."""
    folder = write_inputs(tmp_path / "damaged", ALL)
    for name in set(ALL) - set(DRIVERS):
        for chunk in (folder / "drivers.zarr" / name / "c").rglob("*"):
            if chunk.is_file():
                chunk.write_bytes(b"damaged")
    run_forward(trained(folder, "table_a2"))
    with pytest.raises(DataError, match="unreadable values"):
        trained(folder, "daily")


def test_a_set_that_needs_the_deficit_says_how_to_get_it(tmp_path):
    names = driver_names(anomalies=False, deficit=False)
    folder = write_inputs(tmp_path / "dry", names)
    with pytest.raises(DataError) as raised:
        trained(folder, "daily")
    assert str(raised.value).count("\n") == 0
    for part in ("drivers.zarr", "VPD", "2m_dewpoint_temperature", "train.drivers", "table_a2"):
        assert part in str(raised.value)
    assert not list(folder.glob("ec_atm*"))
    trained(folder, "table_a2")  # needs none


def test_a_store_of_an_earlier_version_is_made_again(tmp_path):
    folder = write_inputs(tmp_path / "old", DRIVERS)
    with pytest.raises(DataError, match=r"SW_IN.*set daily.*run dvc repro"):
        trained(folder, "daily")
