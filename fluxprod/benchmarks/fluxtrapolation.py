"""EC on FLUXtrapolation: read its hours, train where they are measured, score hours kept apart."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.benchmarks.ensemble import mean_estimate, train_networks
from fluxprod.benchmarks.extrapolations import (
    TEST,
    TIME_SPLIT,
    TRAINING,
    VALIDATION,
    environments,
    part_of_hours,
)
from fluxprod.benchmarks.scale_scores import NAMES, scores_of_scales
from fluxprod.benchmarks.settings import BenchmarkSettings
from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.networks.settings import TrainingSettings
from fluxprod.readers.benchmarks.fluxtrapolation import (
    FLUXES,
    NEE,
    QC,
    SITES,
    read_sites_of_time_split,
)
from fluxprod.writers.csv_table import write_table

MODEL = "ec"  # the leaderboard wants small letters
STRATEGY = "mean"  # the validation by which the authors' own models are chosen by default
DECIMALS = 6


@dataclass(frozen=True)
class HourlyBenchmark:
    """The hours of the data set.

    Parameters
    ----------
    folder : Path
        Folder of the data set.
    hours : DataFrame
        Hours of all sites, as from `read_hours`.
    covariates : list of str
        Columns of the covariates.
    """

    folder: Path
    hours: pd.DataFrame
    covariates: list[str]

    def parts(self, setting: str) -> dict[str, np.ndarray]:
        """Rows of each part: measured hours of training and validation, all hours of the test.

        Parameters
        ----------
        setting : str
            One of ``extrapolations.SETTINGS``.

        Returns
        -------
        dict of str to ndarray of int

        Raises
        ------
        DataError
            If a part has no hour, or the table of the sites of the split by time is missing.
        """
        of_time = read_sites_of_time_split(self.folder) if setting == TIME_SPLIT else []
        part = part_of_hours(self.hours, setting, of_time)
        measured = (self.hours[QC] & self.hours[list(FLUXES)].notna().all(axis=1)).to_numpy()
        rows = {
            TRAINING: np.flatnonzero((part == TRAINING) & measured),
            VALIDATION: np.flatnonzero((part == VALIDATION) & measured),
            TEST: np.flatnonzero(part == TEST),
        }
        for name, found in rows.items():
            if not len(found):
                expected = f"at least one hour for {name}"
                raise DataError(self.folder / SITES, setting, f"no hour for {name}", expected)
        return rows

    def inputs(self, rows: np.ndarray) -> np.ndarray:
        """Covariates (row, covariate) of some hours, float32."""
        return np.asarray(self.hours[self.covariates].iloc[rows], np.float32)


def run_hourly(
    data: HourlyBenchmark,
    setting: str,
    train: TrainingSettings,
    params: BenchmarkSettings,
    compute: ComputeSettings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Train EC in one setting, and score it at all time scales.

    Parameters
    ----------
    data : HourlyBenchmark
        The data set.
    setting : str
        One of ``extrapolations.SETTINGS``.
    train : TrainingSettings
        The network and its training.
    params : BenchmarkSettings
        Number of networks, and of the hours they learn from.
    compute : ComputeSettings
        Device and threads.

    Returns
    -------
    scores : DataFrame
        One row for each site (or site and year) and time scale, with the columns of the
        leaderboard.
    estimates : DataFrame
        ``y_true``, ``y_pred`` [umol m-2 s-1], ``env``, ``site_id`` and ``time``.

    Raises
    ------
    DataError
        If a part has no hour, or a network diverges.
    """
    rows = data.parts(setting)
    rng = np.random.default_rng(train.seed)
    learned = [_some(rows[name], params.max_hours, rng) for name in (TRAINING, VALIDATION)]
    both = np.concatenate(learned)
    members = train_networks(
        data.inputs(both),
        data.hours[NEE].to_numpy()[both],
        data.hours["site_id"].to_numpy(str)[both],
        np.arange(len(both)) >= len(learned[0]),
        *(train, params.n_members, compute),
    )
    test = data.hours.iloc[rows[TEST]]
    estimates = pd.DataFrame(
        {
            "y_true": test[NEE].to_numpy(),
            "y_pred": mean_estimate(members, data.inputs(rows[TEST])),
            "env": environments(test, setting),
            "site_id": test["site_id"].to_numpy(str),
            "time": test["time"].to_numpy(),
        }
    )
    scores = scores_of_scales(estimates).assign(target=NEE, setting=setting, model=MODEL)
    first = ["target", "setting", "model", "scale", "env", "n_samples"]
    return scores[[*first, *NAMES]], estimates


def _some(rows: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    """At most so many rows, drawn at random and in their order."""
    return rows if len(rows) <= most else np.sort(rng.choice(rows, most, replace=False))


def write_hourly(scores: pd.DataFrame, estimates: pd.DataFrame, out: Path) -> Path:
    """Write scores and estimates under the authors' names.

    Parameters
    ----------
    scores, estimates : DataFrame
        As from `run_hourly`.
    out : Path
        Folder for ``metrics`` and ``models``.

    Returns
    -------
    Path
        File of the scores: ``metrics/{setting}_NEE_ec_val_mean.csv``.
    """
    name = f"{scores['setting'].iloc[0]}_{NEE}_{MODEL}_val_{STRATEGY}"
    path = out / "metrics" / f"{name}.csv"
    as_text = estimates.assign(time=estimates["time"].dt.strftime("%Y-%m-%d %H:%M:%S"))
    for table, place in ((scores, path), (as_text, out / "models" / f"{name}_predictions.csv")):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_table(table.round(DECIMALS), place)
    return path
