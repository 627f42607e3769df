import numpy as np
import pytest
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.networks.as_dataset import as_dataset, members_of
from fluxprod.networks.recipe import Recipe
from fluxprod.networks.training import train_member

NAMES = ["Tair", "WAI2", "NDVI"]
X = np.random.default_rng(0).normal(size=(60, 3))


@pytest.fixture(scope="module")
def members():
    held_out = np.arange(60) < 20
    recipe = Recipe(width=5, depth=2, steps=4, validate_every=2)
    return [
        train_member(
            X, X[:, 0], training=~held_out, validation=held_out, recipe=recipe, fold=fold
        )
        for fold in (0, 3)
    ]  # fmt: skip


def test_round_trip_through_a_file(members, tmp_path):
    as_dataset(members, [0, 3], NAMES, seed=1).to_netcdf(tmp_path / "networks.nc")
    with xr.open_dataset(tmp_path / "networks.nc") as stored:
        loaded = members_of(stored, NAMES, "networks.nc")
    for member, again in zip(members, loaded, strict=True):
        np.testing.assert_array_equal(member.predict(X), again.predict(X))
        assert member.best_step == again.best_step


def test_the_formula_in_the_docstring_needs_no_code_of_ours(members):
    d = as_dataset(members, [0, 3], NAMES, seed=1).sel(member=3)
    layer = (X - d.driver_mean.values) / d.driver_std.values
    for k in (1, 2):
        layer = np.maximum(layer @ d[f"weight_{k}"].values + d[f"bias_{k}"].values, 0.0)
    nee = d.nee_mean.item() + d.nee_std.item() * (layer @ d.weight_3.values + d.bias_3.values)
    np.testing.assert_allclose(nee[:, 0], members[1].predict(X), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("drivers", [NAMES[::-1], NAMES[:2], [*NAMES[:2], "EVI"]])
def test_other_drivers_or_another_order_are_refused(members, drivers):
    stored = as_dataset(members, [0, 3], NAMES, seed=1)
    with pytest.raises(DataError, match="networks.nc: driver: found"):
        members_of(stored, drivers, "networks.nc")


def test_a_lost_scaling_is_refused(members):
    stored = as_dataset(members, [0, 3], NAMES, seed=1)
    stored.driver_std[0, 1] = np.nan
    with pytest.raises(ValueError, match="scaling"):
        members_of(stored, NAMES, "networks.nc")
