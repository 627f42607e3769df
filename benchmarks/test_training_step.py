"""A training step at the size of the paper, compared with straightforward code.

There are ten drivers, three hidden layers of 32 neurons, 10,000 site-days, and 300 contributing
cells of 11 regions on the 365 days of a year. One network of EC and one of EC-ATM are timed, and
each counts ten times. Steps are complete: draw, forward and backward pass, losses and Adam.
"""

import time

import numpy as np
import pytest
import torch

from fluxprod.networks.constraint.regional_operator import Contributions, month_weights
from fluxprod.networks.constraint.regional_term import RegionalSource, Year
from fluxprod.networks.loss import atmospheric_loss, monthly_losses, regional_losses, total_loss
from fluxprod.networks.model.cell_drivers import CellDrivers
from fluxprod.networks.model.mlp import layer_sizes
from fluxprod.networks.model.scaling import fit_scaling
from fluxprod.networks.settings import ConstraintSettings, TrainingSettings
from fluxprod.networks.training.site_term import SiteTerm, site_sample
from fluxprod.networks.training.state import TrainingState

CPU = torch.device("cpu")
N_REGIONS, N_CELLS, N_DAYS, BATCH = 11, 300, 365, 10_000
N_YEARS = 17  # in memory; a step draws one
MEMBERS = 10  # of EC and of EC-ATM each
SIZES = layer_sizes(10, width=32, depth=3)
# times less CPU than the naive way; the target of 4 is reached here, where compilation in the same
# process slows the naive way by a tenth; against the naive way alone it is 3.5 to 4.0
SPEED_UP = 3.5
SHARE_OF_PEAK = 0.25  # of the rate of a single matrix product of a chunk
ROUNDS = 5
RECIPE = TrainingSettings(batch=BATCH)
MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
MONTH = np.repeat(np.arange(12), MONTH_DAYS)
PACES = ("daily",) * 2 + ("seasonal",) * 4 + ("static",) * 4  # as the ten drivers
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def sites():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2 * BATCH, SIZES[0]))
    return x, x[:, 0] - x[:, 3].clip(0)


def regional_source(n_cells=N_CELLS, stride=1):
    """The same cells at every step, with an equal number in each region."""
    rng = np.random.default_rng(2)
    n_days = N_DAYS * N_YEARS
    shapes = {"daily": (n_cells, n_days), "seasonal": (n_cells, 366), "static": (n_cells,)}
    drivers = CellDrivers(
        tuple(rng.normal(size=shapes[pace]).astype(np.float32) for pace in PACES),
        PACES,
        np.arange(n_days) % N_DAYS,
    )
    theta = np.zeros((N_REGIONS, n_cells))
    theta[np.arange(n_cells) * N_REGIONS // n_cells, np.arange(n_cells)] = 0.03
    inversions = rng.normal(0.0, 0.1, (5, N_REGIONS, 12))
    years = tuple(
        Year(year * N_DAYS + np.arange(N_DAYS), MONTH, MONTH_DAYS.astype(float), inversions)
        for year in range(N_YEARS)
    )
    area, names = rng.uniform(0.5, 2.0, N_REGIONS) * 1e13, tuple(map(str, range(N_REGIONS)))
    operator = Contributions(theta, np.zeros(N_REGIONS))
    return RegionalSource(
        names, area, drivers, operator, years, years[:1], ConstraintSettings(day_stride=stride)
    )


def training_state(sites, source=None):
    x, y = sites
    scaling = fit_scaling(x, y)
    sample = site_sample(x, y, scaling, CPU)
    terms = [SiteTerm(sample, sample, BATCH)]
    if source:
        terms.append(source.on_device(CPU).scaled(scaling))
    return TrainingState(terms, scaling, RECIPE, 0, CPU)


class PlainStep:
    """A torch.nn.Sequential network with torch.optim.Adam, trained as EC or EC-ATM."""

    def __init__(self, sites, source=None):
        layers = []
        for inputs, outputs in zip(SIZES[:-1], SIZES[1:]):
            layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
        self.network = torch.nn.Sequential(*layers[:-1])
        self.log_variance = torch.zeros(2 if source else 1, requires_grad=True)
        parameters = [*self.network.parameters(), self.log_variance]
        self.adam = torch.optim.Adam(parameters, RECIPE.learning_rate)
        self.x, self.y = (torch.from_numpy(values.astype(np.float32)) for values in sites)
        self.source = source
        if source:
            self._load_regions(source)

    def _load_regions(self, source):
        """Assemble all drivers of all days once, as one array (cell, day, driver)."""
        days = torch.arange(N_DAYS * N_YEARS)
        rows = source.drivers.on_device(CPU).rows(days)
        self.drivers = rows.view(-1, len(days), SIZES[0])
        self.theta = torch.from_numpy(source.operator.theta.astype(np.float32))
        self.weights = torch.from_numpy(month_weights(MONTH, MONTH_DAYS).astype(np.float32))
        self.inversions = torch.from_numpy(source.training[0].inversions.astype(np.float32))
        self.area = torch.from_numpy(source.land_area.astype(np.float32))

    def nee(self, cells, year):
        """NEE on the days of one year, shape (cell, day)."""
        x = self.drivers[cells, year * N_DAYS : (year + 1) * N_DAYS]
        return self.network(x.reshape(-1, SIZES[0])).view(-1, N_DAYS)

    def advance(self):
        x, y = self.batch()
        terms = [(self.network(x)[:, 0] - y).square().mean()]
        if self.source:
            totals = self.totals(int(torch.randint(N_YEARS, ())))
            loss, present = monthly_losses(totals, self.inversions, self.source.norm)
            terms.append(atmospheric_loss(regional_losses(loss, present), present, self.area))
        self.adam.zero_grad()
        total_loss(torch.stack(terms), self.log_variance).backward()
        self.adam.step()


class ArraysInMemory(PlainStep):
    """Draw by index; treat all regions in one call of the network and one product."""

    def batch(self):
        index = torch.randint(len(self.x), (BATCH,))
        return self.x[index], self.y[index]

    def totals(self, year):
        return self.theta @ self.nee(slice(None), year) @ self.weights


class Naive(PlainStep):
    """Use a DataLoader for the sites, and loop over regions and months in Python."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        data = torch.utils.data.TensorDataset(self.x, self.y)
        self.loader = torch.utils.data.DataLoader(data, BATCH, shuffle=True)
        self.epoch = iter(self.loader)

    def batch(self):
        batch = next(self.epoch, None)
        if batch is None:
            self.epoch = iter(self.loader)
            batch = next(self.epoch)
        return batch

    def totals(self, year):
        return torch.stack([self.region(theta, year) for theta in self.theta])

    def region(self, theta, year):
        inside = theta > 0
        daily = (theta[inside, None] * self.nee(inside, year)).sum(0)
        return torch.stack([daily[month > 0].mean() * month.sum() for month in self.weights.T])


def cpu_of(function):
    """CPU seconds of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


def useful_flop(rows):
    """Operations of a step: a backward pass counts as two forward, less gradients of drivers."""
    products = [inputs * outputs for inputs, outputs in zip(SIZES[:-1], SIZES[1:])]
    return 2 * rows * (3 * sum(products) - products[0])


def product_rate():
    """Floating-point operations per second in the product of a chunk and the weights of a layer."""
    a, b, c = torch.randn(4096, 32), torch.randn(32, 32), torch.empty(4096, 32)
    return 100 * 2 * a.numel() * 32 / cpu_of(lambda: [torch.mm(a, b, out=c) for _ in range(100)])


def alternatives(sites):
    """For each way, complete steps of one network of EC and one of EC-ATM."""
    source = regional_source()
    ours = [training_state(sites), training_state(sites, source)]
    plain = {way: [way(sites), way(sites, source)] for way in (ArraysInMemory, Naive)}
    return {
        "ours": [lambda state=state: state.advance(1) for state in ours],
        "arrays in memory": [step.advance for step in plain[ArraysInMemory]],
        "naive": [step.advance for step in plain[Naive]],
    }


def test_all_ways_give_the_same_totals(sites):
    torch.manual_seed(0)
    arrays, naive = (way(sites, regional_source()) for way in (ArraysInMemory, Naive))
    naive.network.load_state_dict(arrays.network.state_dict())
    torch.testing.assert_close(naive.totals(1), arrays.totals(1))


@pytest.mark.benchmark(group="training step", timer=time.process_time)
def test_a_step_of_all_networks(benchmark, sites):
    ways = alternatives(sites)
    spent = {way: [] for way in ways}
    rate = 0.0
    for _ in range(ROUNDS):  # interleaved, as the machine may be shared
        rate = max(rate, product_rate())
        for way, steps in ways.items():
            spent[way].append([cpu_of(step) for step in steps])
    ms = {way: MEMBERS * 1e3 * np.min(times, axis=0) for way, times in spent.items()}
    ours = ms["ours"]
    rows = np.array([BATCH, BATCH + N_CELLS * N_DAYS])
    reached = MEMBERS * useful_flop(rows.sum()) / ours.sum() * 1e3
    benchmark.extra_info |= {
        "ms_of_ec_and_ec_atm": {way: np.round(values, 1).tolist() for way, values in ms.items()},
        "naive_over_ours": round(ms["naive"].sum() / ours.sum(), 2),
        "arrays_over_ours": round(ms["arrays in memory"].sum() / ours.sum(), 2),
        "useful_gflop_per_s": round(reached / 1e9, 1),
        "product_gflop_per_s": round(rate / 1e9, 1),
    }
    benchmark.pedantic(ways["ours"][1], rounds=ROUNDS)
    assert ms["naive"].sum() >= SPEED_UP * ours.sum()
    assert reached >= SHARE_OF_PEAK * rate


@pytest.mark.benchmark(group="EC-ATM steps of other footprints", timer=time.process_time)
@pytest.mark.parametrize("n_cells", [300, 720, 4135])
def test_step_of_every_seventh_day(benchmark, sites, n_cells):
    state = training_state(sites, regional_source(n_cells, stride=7))
    benchmark.pedantic(state.advance, (1,), rounds=ROUNDS, warmup_rounds=1)
