import numpy as np
import pandas as pd
import pytest
import torch

from fluxprod.core.variables import DRIVERS
from fluxprod.networks.forward import forward_block, weights_with_scaling
from fluxprod.networks.model.cell_drivers import stored_cell_drivers
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.mlp import initial_weights, layer_sizes, predict
from fluxprod.networks.model.scaling import Scaling
from tests.networks import tiny_world

CPU = torch.device("cpu")


def _member(seed):
    rng = np.random.default_rng(seed)
    weights = initial_weights(layer_sizes(10, 32, 3), rng)
    scaling = Scaling(rng.normal(size=10), rng.uniform(0.5, 2.0, 10), -1.0, 3.0)
    return Member(weights, scaling, 1, [])


MEMBERS = [_member(seed) for seed in range(3)]


def _run(members=MEMBERS, chunk=4096, store=None):
    store = tiny_world.driver_store() if store is None else store
    drivers = stored_cell_drivers(store, DRIVERS)
    return forward_block(drivers, members, tiny_world.TIME, chunk=chunk, device=CPU)


def _expected():
    """Member by member and cell by cell, (member, cell, day)."""
    store = tiny_world.driver_store()
    days = torch.arange(len(tiny_world.TIME))
    x = stored_cell_drivers(store, DRIVERS).on_device(CPU).rows(days).numpy()
    return np.stack([member.predict(x).reshape(6, -1) for member in MEMBERS])


def test_mean_spread_and_months_of_all_members():
    nee, expected = _run(), _expected()
    np.testing.assert_allclose(nee.mean, expected.mean(axis=0), atol=1e-4)
    np.testing.assert_allclose(nee.spread, expected.std(axis=0, ddof=1), atol=1e-4)
    by_month = pd.DataFrame(expected.reshape(-1, len(tiny_world.TIME)).T, tiny_world.TIME)
    monthly = by_month.resample("MS").mean().to_numpy().T.reshape(3, 6, -1)
    np.testing.assert_allclose(nee.month, monthly, atol=1e-4)


@pytest.mark.parametrize("chunk", [100, 1096, 5000])
def test_chunks_equal_the_whole(chunk):
    for part, whole in zip(_run(chunk=chunk), _run(chunk=10**6), strict=True):
        np.testing.assert_allclose(part, whole, atol=1e-5)


def test_a_missing_driver_gives_missing_nee_on_its_days_alone():
    store = tiny_world.driver_store()
    store.Tair[2, 40] = np.nan  # 10 February 2003
    gap, whole = _run(store=store), _run()
    assert np.argwhere(np.isnan(gap.mean)).tolist() == [[2, 40]]
    assert np.argwhere(np.isnan(gap.month[0])).tolist() == [[2, 1]]
    np.testing.assert_array_equal(np.delete(gap.mean, 40, 1), np.delete(whole.mean, 40, 1))


def test_one_member_has_no_spread():
    assert np.isnan(_run(MEMBERS[:1]).spread).all()


def test_absorbed_scaling_is_the_same_network():
    x = np.random.default_rng(9).normal(size=(50, 10)).astype(np.float32)
    direct = predict(torch.from_numpy(x), weights_with_scaling(MEMBERS[0], CPU))
    np.testing.assert_allclose(direct, MEMBERS[0].predict(x), atol=1e-4)
