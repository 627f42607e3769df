"""EC on CarbonFluxBench: read its data set, train on its sites, score sites that EC never saw."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.benchmarks.daily_records import (
    days_with_features,
    inputs,
    later_days,
    usable_days,
)
from fluxprod.benchmarks.ensemble import mean_estimate, train_networks
from fluxprod.benchmarks.settings import BenchmarkSettings
from fluxprod.benchmarks.site_scores import scores_of_sites
from fluxprod.benchmarks.splits import held_out_sites
from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.networks.settings import TrainingSettings
from fluxprod.readers.benchmarks.carbonfluxbench import (
    BANDS,
    CLASSES,
    FLUXES,
    NEE,
    QC,
    read_feature_names,
    read_features,
    read_fluxes,
)
from fluxprod.writers.csv_table import write_table

MODEL = "EC"
FEATURE_SETS = ("minimal", "standard", "full")
FULL_QUALITY = 1.0  # share of measured half hours of the days of the test [1]
DECIMALS = 6


@dataclass(frozen=True)
class DailyBenchmark:
    """The days of the data set, with one set of features.

    Parameters
    ----------
    folder : Path
        Folder of the data set.
    days : DataFrame
        Days with fluxes, classes and features, with gaps in the features.
    features : list of str
        Columns of features.
    feature_set : str
        Name of the set.
    """

    folder: Path
    days: pd.DataFrame
    features: list[str]
    feature_set: str

    def parts(self, split: str, min_qc: float) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Days for training, for validation and for the test; sites of the test are in no other.

        Parameters
        ----------
        split : {"IGBP", "Koppen"}
            Classes of sites that are split.
        min_qc : float
            Smallest share of measured half hours of days that are not of the test [1].

        Returns
        -------
        training : DataFrame
            Earlier days of sites that EC may learn from.
        validation : DataFrame
            Later days of the same sites.
        test : DataFrame
            Days of the sites that are kept apart.

        Raises
        ------
        DataError
            If a class has too few sites, or a part has no day.
        """
        classes = self.days.groupby("site")[list(CLASSES)].first()
        try:
            of_test = self.days["site"].isin(held_out_sites(classes, split)).to_numpy()
        except ValueError as error:
            path = self.folder / FLUXES
            raise DataError(path, split, error, "enough sites of each class") from error
        learned = self.days[~of_test]
        later = later_days(learned)
        chosen = {
            "training": (learned[~later], min_qc),
            "validation": (learned[later], min_qc),
            "test": (self.days[of_test], FULL_QUALITY),
        }
        found = []
        for name, (days, quality) in chosen.items():
            usable = usable_days(days, list(BANDS), QC, quality) if len(days) else days
            if usable.empty:
                path = self.folder / FLUXES
                raise DataError(path, name, "no day with all features", "at least one day")
            found.append(usable)
        return found[0], found[1], found[2]


def read_daily_benchmark(folder: Path, feature_set: str) -> DailyBenchmark:
    """Read the data set with one set of features.

    Parameters
    ----------
    folder : Path
        Folder of the data set.
    feature_set : {"minimal", "standard", "full"}
        Features of ERA5-Land.

    Returns
    -------
    DailyBenchmark

    Raises
    ------
    DataError
        If the data set is not as documented.
    """
    names = read_feature_names(folder, feature_set)
    fluxes = read_fluxes(folder)
    days = days_with_features(fluxes, *read_features(folder, names))
    return DailyBenchmark(folder, days, [*BANDS, *names], feature_set)


def run_daily(
    data: DailyBenchmark,
    split: str,
    train: TrainingSettings,
    params: BenchmarkSettings,
    compute: ComputeSettings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Train EC on one split, and score it at the sites of the test.

    Parameters
    ----------
    data : DailyBenchmark
        The data set.
    split : {"IGBP", "Koppen"}
        Classes of sites that are split.
    train : TrainingSettings
        The network and its training.
    params : BenchmarkSettings
        Number of networks, and quality of the days they learn from.
    compute : ComputeSettings
        Device and threads.

    Returns
    -------
    scores : DataFrame
        One row for each site, with the columns of the authors' files and ``fs``.
    estimates : DataFrame
        ``date``, ``site``, ``y_true`` and ``y_pred`` [g C m-2 d-1].

    Raises
    ------
    DataError
        If a part has no day, or a network diverges.
    """
    training, validation, test = data.parts(split, params.min_qc)
    learned = pd.concat([training, validation], ignore_index=True)
    members = train_networks(
        inputs(learned, data.features),
        learned[NEE].to_numpy(),
        learned["site"].to_numpy(str),
        np.arange(len(learned)) >= len(training),
        *(train, params.n_members, compute),
    )
    days = test.assign(y_true=test[NEE], y_pred=mean_estimate(members, inputs(test, data.features)))
    scores = scores_of_sites(days).assign(
        target=NEE,
        model=MODEL,
        split_type=split,
        n_seeds=params.n_members,
        fs=data.feature_set,
    )
    return scores, days[["date", "site", "y_true", "y_pred"]]


def write_daily(scores: pd.DataFrame, estimates: pd.DataFrame, out: Path) -> Path:
    """Write scores as the authors do, and the estimates behind them.

    Parameters
    ----------
    scores, estimates : DataFrame
        As from `run_daily`.
    out : Path
        Folder for ``eval_results`` and ``predictions``.

    Returns
    -------
    Path
        File of the scores: ``eval_results/EC_{split}_{features}_ensemble.csv``.
    """
    first = scores.iloc[0]
    name = f"{MODEL}_{first['split_type']}_{first['fs']}"
    path = out / "eval_results" / f"{name}_ensemble.csv"
    as_text = estimates.assign(date=estimates["date"].dt.strftime("%Y-%m-%d"))
    for table, place in (
        (scores.drop(columns="fs"), path),
        (as_text, out / "predictions" / f"{name}.csv"),
    ):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_table(table.round(DECIMALS), place)
    return path
