"""EC on a benchmark: networks with different initial weights, whose mean is the estimate."""

import numpy as np

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError
from fluxprod.networks.model.device import chosen_device
from fluxprod.networks.model.member import Member
from fluxprod.networks.model.threads import limited_threads
from fluxprod.networks.settings import PLAIN, TrainingSettings
from fluxprod.networks.training.progress import TrainingProgress
from fluxprod.networks.training.training import Training, train_batched

BLOCK = 1_000_000  # rows that are estimated at once, for the sake of memory


def train_networks(
    x: np.ndarray,
    y: np.ndarray,
    site: np.ndarray,
    is_validation: np.ndarray,
    settings: TrainingSettings,
    n_members: int,
    compute: ComputeSettings,
) -> list[Member]:
    """Train networks on the same records, and show their progress.

    Parameters
    ----------
    x : ndarray, shape (record, input)
        Inputs in their units.
    y : ndarray, shape (record,)
        Flux, in the unit of the benchmark.
    site : ndarray, shape (record,)
        Site of each record.
    is_validation : ndarray of bool, shape (record,)
        Records that choose the best state of each network; it is trained on all others.
    settings : TrainingSettings
        Network, steps and learning rates.
    n_members : int
        Number of networks.
    compute : ComputeSettings
        Device and threads.

    Returns
    -------
    list of Member

    Raises
    ------
    DataError
        If a record has a gap, a network diverges, or the settings need drivers of fluxprod.
    """
    for name, wanted in {"form": PLAIN, "driver_noise": 0.0, "daily_noise": 0.0}.items():
        if (found := getattr(settings, name)) != wanted:
            expected = f"{wanted}, as a benchmark has its own features in place of our drivers"
            raise DataError(PARAMS_FILE, f"train.{name}", found, expected)
    device, numbers = chosen_device(compute.device), list(range(n_members))
    with (
        TrainingProgress("EC", numbers, settings.steps) as progress,
        limited_threads(compute.threads),
    ):
        trainings = (
            Training(
                *(x, y),
                training=~is_validation,
                validation=is_validation,
                settings=settings,
                fold=number,
                site=site,
                device=device,
                report=progress.show,
            )
            for number in numbers
        )
        on_cpu = device.type == "cpu"
        trained = map(Training.run, trainings) if on_cpu else train_batched(list(trainings))
        members = []
        for number, member in zip(numbers, trained, strict=True):
            members.append(member)
            progress.finish(number, member)
    return members


def mean_estimate(members: list[Member], x: np.ndarray) -> np.ndarray:
    """Mean of the estimates (record,) of all networks, in the unit of the flux."""
    parts = [
        np.mean([member.predict(x[start : start + BLOCK]) for member in members], axis=0)
        for start in range(0, len(x), BLOCK)
    ]
    return np.concatenate(parts)
