import numpy as np
import pytest
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.networks.model.networks_dataset import members_of, networks_dataset
from fluxprod.networks.settings import TrainingSettings
from fluxprod.networks.training.training import Training

NAMES = ["Tair", "WAI2", "NDVI"]
X = np.random.default_rng(0).normal(size=(60, 3))


@pytest.fixture(scope="module")
def members():
    held_out = np.arange(60) < 20
    settings = TrainingSettings(width=5, depth=2, steps=4, validate_every=2)
    return [
        Training(
            X, X[:, 0], training=~held_out, validation=held_out, settings=settings, fold=fold
        ).run()
        for fold in (0, 3)
    ]  # fmt: skip


def test_round_trip_through_a_file(members, tmp_path):
    networks_dataset(members, [0, 3], NAMES, seed=1).to_netcdf(tmp_path / "networks.nc")
    with xr.open_dataset(tmp_path / "networks.nc") as stored:
        loaded = members_of(stored, NAMES, "networks.nc")
    for member, again in zip(members, loaded, strict=True):
        np.testing.assert_array_equal(member.predict(X), again.predict(X))
        assert member.best_step == again.best_step


def test_the_formula_in_the_docstring_needs_no_code_of_ours(members):
    d = networks_dataset(members, [0, 3], NAMES, seed=1).sel(member=3)
    layer = (X - d.driver_mean.values) / d.driver_std.values
    for k in (1, 2):
        layer = np.maximum(layer @ d[f"weight_{k}"].values + d[f"bias_{k}"].values, 0.0)
    nee = d.nee_mean.item() + d.nee_std.item() * (layer @ d.weight_3.values + d.bias_3.values)
    np.testing.assert_allclose(nee[:, 0], members[1].predict(X), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("drivers", [NAMES[::-1], NAMES[:2], [*NAMES[:2], "EVI"]])
def test_other_drivers_or_another_order_are_refused(members, drivers):
    stored = networks_dataset(members, [0, 3], NAMES, seed=1)
    with pytest.raises(DataError, match="networks.nc: driver: found"):
        members_of(stored, drivers, "networks.nc")


def _with(name, change):
    """The dataset with one variable changed."""
    return lambda stored: stored.assign({name: change(stored[name])})


def _holed(variable):
    values = variable.values.copy()
    values.flat[-1] = np.nan
    return variable.copy(data=values)


FAULTS = {
    "bias_2: found no such variable, expected float32 ('member', ": lambda s: s.drop_vars("bias_2"),
    "nee_mean: found no such variable": lambda s: s.drop_vars("nee_mean"),
    "member: found no such variable": lambda s: s.drop_vars("member"),
    "code: found an unknown variable, expected ": lambda s: s.assign(code=("member", [b"x", b"y"])),
    "bias_4: found an unknown variable": lambda s: s.rename(weight_3="weight_4", bias_3="bias_4"),
    "weight_2: found dimensions ('member', 'layer_2', 'layer_1')": _with(
        "weight_2", lambda w: w.transpose("member", "layer_2", "layer_1")
    ),
    "weight_1: found dimensions ('member', 'driver', 'other')": _with(
        "weight_1", lambda w: w.rename(layer_1="other")
    ),
    "layer_3: found 2 outputs, expected 1": lambda s: s.isel(layer_3=[0, 0]),
    "layer_1: found length 0": lambda s: s.isel(layer_1=slice(0)),
    "member: found length 0": lambda s: s.isel(member=slice(0)),
    "weight_1: found float64, expected float32": _with("weight_1", lambda w: w.astype(float)),
    "bias_1: found object, expected float32": _with("bias_1", lambda b: b.astype(object)),
    "best_step: found float64, expected int32": _with("best_step", lambda b: b.astype(float)),
    "member: found object, expected int32": lambda s: s.assign_coords(
        member=np.array(["a", "b"], object)
    ),
    "weight_3: found 1 non-finite values": _with("weight_3", _holed),
    "driver_std: found 1 non-finite values": _with("driver_std", _holed),
    "nee_std: found 0.0, expected positive values": _with("nee_std", lambda s: 0 * s),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_anything_but_networks_is_refused(members, fault):
    stored = networks_dataset(members, [0, 3], NAMES, seed=1)
    with pytest.raises(DataError) as refusal:
        members_of(FAULTS[fault](stored), NAMES, "networks.nc")
    assert str(refusal.value).startswith(f"networks.nc: {fault}")
    assert str(refusal.value).endswith("; remove it and train again")
