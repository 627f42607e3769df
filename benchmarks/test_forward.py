"""The forward run of all members over a block of cells, compared with straightforward code.

All ways compute the daily mean and spread and the monthly means of 10 members, from daily, seasonal
and static drivers. ``ns`` is the time per cell, day and network.
"""

import time

import numpy as np
import pandas as pd
import pytest
import torch

from fluxprod.core.time_axis import calendar_day, daily_axis
from fluxprod.networks.forward import forward_block, statistics
from fluxprod.networks.model.cell_drivers import CellDrivers
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.mlp import initial_weights, layer_sizes
from fluxprod.networks.model.scaling import Scaling

CPU = torch.device("cpu")
TIME = daily_axis(2001, 2017)  # 6,209 days
N_CELLS, N_MEMBERS, CHUNK = 64, 10, 16384
SIZES = layer_sizes(10, width=32, depth=3)
PACES = ("daily",) * 2 + ("seasonal",) * 4 + ("static",) * 4  # as the ten drivers
OVER_PIXELS = 1.6  # times less CPU; 2 would be better, but matrix products alone take 50 of 65 ns
OVER_BLOCKS = 1.25
ROUNDS = 5
pytestmark = pytest.mark.usefixtures("one_thread")


def block_of_cells():
    rng = np.random.default_rng(1)
    shapes = {"daily": (N_CELLS, len(TIME)), "seasonal": (N_CELLS, 366), "static": (N_CELLS,)}
    values = tuple(rng.normal(size=shapes[pace]).astype(np.float32) for pace in PACES)
    return CellDrivers(values, PACES, calendar_day(pd.DatetimeIndex(TIME)) - 1)


def some_members():
    """Members with different scalings, as every fold has different training sites."""
    rng = np.random.default_rng(2)
    return [
        Member(
            initial_weights(SIZES, rng),
            Scaling(rng.normal(size=10), rng.uniform(0.5, 2.0, 10), -1.0, 3.0),
            best_step=1,
            history=[],
        )
        for _ in range(N_MEMBERS)
    ]


def sequential(member):
    """The same network, made of layers of torch.nn."""
    layers = []
    for weight, bias in zip(member.weights[::2], member.weights[1::2]):
        linear = torch.nn.Linear(*weight.shape)
        linear.weight.data, linear.bias.data = torch.from_numpy(weight.T), torch.from_numpy(bias)
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def all_drivers(drivers):
    """All drivers in their units as one array, shape (cell, day, driver)."""
    rows = drivers.on_device(CPU).rows(torch.arange(len(TIME)))
    return rows.view(N_CELLS, len(TIME), -1).numpy()


@torch.no_grad()
def nee_of(member, network, x):
    scaled = torch.from_numpy(member.scaling.scaled(x))
    return network(scaled)[..., 0] * member.scaling.y_std + member.scaling.y_mean


def whole_blocks(drivers, members):
    """One call per network for all cells."""
    x = all_drivers(drivers)
    nee = [nee_of(member, sequential(member), x) for member in members]
    return statistics(torch.stack(nee), TIME)


def pixel_by_pixel(drivers, members):
    """Assemble the drivers of each cell and call every network on them."""
    networks, nee = [sequential(member) for member in members], []
    for cell in range(N_CELLS):
        x = drivers_of_one_cell(drivers, cell)
        calls = zip(members, networks)
        nee.append(torch.stack([nee_of(member, network, x) for member, network in calls]))
    return statistics(torch.stack(nee, 1), TIME)


def drivers_of_one_cell(drivers, cell):
    """Drivers of one cell, each at its own pace, shape (day, driver)."""
    season, days = drivers.season, np.zeros(len(TIME), int)
    at = {"daily": slice(None), "seasonal": season, "static": days}
    series = [np.atleast_1d(values[cell]) for values in drivers.values]
    return np.stack([one[at[pace]] for one, pace in zip(series, drivers.paces)], axis=-1)


def ours(drivers, members):
    return forward_block(drivers, members, TIME, chunk=CHUNK, device=CPU)


def cpu_of(function, *arguments):
    """CPU seconds of one call."""
    start = time.process_time()
    function(*arguments)
    return time.process_time() - start


@pytest.mark.benchmark(group="forward run", timer=time.process_time)
def test_forward_block(benchmark):
    world = block_of_cells(), some_members()
    ways = {"ours": ours, "whole blocks": whole_blocks, "pixel by pixel": pixel_by_pixel}
    for other in (whole_blocks, pixel_by_pixel):
        for fluxes, same in zip(ours(*world), other(*world), strict=True):
            np.testing.assert_allclose(fluxes, same, atol=1e-4)
    spent = {way: [] for way in ways}
    for _ in range(ROUNDS):  # interleaved, as the machine may be shared
        for way, function in ways.items():
            spent[way].append(cpu_of(function, *world))
    numbers = N_CELLS * len(TIME) * N_MEMBERS
    ns = {way: round(min(times) / numbers * 1e9, 1) for way, times in spent.items()}
    benchmark.extra_info |= {"ns": ns}
    benchmark.pedantic(ours, world, rounds=ROUNDS)
    assert ns["pixel by pixel"] >= OVER_PIXELS * ns["ours"]
    assert ns["whole blocks"] >= OVER_BLOCKS * ns["ours"]
