"""Compare EC with other regressions at real towers that none of them trained on.

This is not a stage of the pipeline. The tables may be any in the formats of docs/real-towers.md.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from rich.console import Console
from rich.progress import track

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.core.variables import DRIVER_SETS
from fluxprod.drivers.daily_towers import WEATHER, real_tower_records
from fluxprod.drivers.settings import DriverSettings
from fluxprod.evaluation.figures.real_towers import figure_real_towers
from fluxprod.evaluation.sites.quantiles import skill_over_sites
from fluxprod.evaluation.study.baselines import boostings, forests, nested_regressions, ridges
from fluxprod.evaluation.study.real_towers import (
    DECIMALS,
    choice_table,
    gathered_predictions,
    headline_table,
    prediction_table,
    run_name,
    skill_table,
)
from fluxprod.experiments.settings import RealTowersSettings, TowerModel
from fluxprod.networks.inner_folds.nested import Search, nested_networks
from fluxprod.networks.inner_folds.records import SiteRecords
from fluxprod.networks.settings import PLAIN, TrainingSettings
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.monthly import read_towers_monthly
from fluxprod.readers.towers.reanalysis import read_reanalysis
from fluxprod.readers.towers.sites import find_tower_files
from fluxprod.stages._run import run
from fluxprod.towers.folds import folds_by_site
from fluxprod.towers.nested_folds import nested_folds
from fluxprod.towers.screening import screened
from fluxprod.towers.settings import TowerSettings
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.figure_file import write_picture


def main(
    *,
    towers: Path,
    daily: str = "",
    out: Path,
    drivers: DriverSettings,
    split: TowerSettings,
    train: TrainingSettings,
    params: RealTowersSettings,
    compute: ComputeSettings,
) -> None:
    table = read_towers_monthly(towers)
    days = {}
    if daily:
        days = daily_records(Path(daily), set(table["site"]), split, params.weather)
    records = real_tower_records(table, drivers, days)
    fold, inner = _folds(towers, records, split, params.n_inner_folds)
    judged = _judged(records)
    folds = np.flatnonzero((inner[:, judged] < 0).any(axis=1))  # there may be folds without days
    inner = inner[folds]
    _check_choice(towers, inner[:, judged])
    scored = records.isel(record=judged)
    n_sites, kind = len(np.unique(scored.site_index)), "days" if days else "months"
    print(f"real_towers: {judged.sum()} {kind} of {n_sites} sites are scored")
    runs: dict[str, dict[int, np.ndarray]] = {}
    chosen = {}
    for name, seed, parts, of_folds in _models(records, inner, judged, train, params, compute):
        shown = track(parts, description=f"{name} {seed}", total=len(inner))
        values, chosen[run_name(name, seed)] = gathered_predictions(shown, of_folds)
        runs.setdefault(name, {})[seed] = values
        write_table(choice_table(chosen, folds), out / "choices.csv")
        write_table(prediction_table(scored, fold, runs), out / "predictions.csv")
    skill = skill_table(scored, fold, runs)
    write_table(skill.round(DECIMALS), out / "site_skill.csv")
    write_table(skill_over_sites(skill).round(DECIMALS), out / "site_skill_quantiles.csv")
    with Console(stderr=True).status("real_towers: draws of the sites"):
        headlines = headline_table(skill, runs, params.seeds[0], params.n_bootstrap)
    write_table(headlines, out / "scores.csv")
    write_picture(figure_real_towers(skill, runs), out / "site_skill.png")
    print(headlines.to_string(index=False))


def daily_records(
    folder: Path, sites: set[str], split: TowerSettings, weather: str
) -> dict[str, xr.Dataset]:
    """Read and screen the daily records of the sites that have satellite values.

    Returns
    -------
    dict of Dataset, dims (time)
        ``NEE`` and the weather of `WEATHER` by site; with ``reanalysis``, the days where the table
        has it take their weather from there.

    Raises
    ------
    DataError
        If the folder has none of the sites, or a file is damaged.
    """
    records = {}
    found = {site: files for site, files in find_tower_files(folder).items() if site in sites}
    if not found:
        raise DataError(folder, "site", "no site of the monthly table", "at least one", "get both")
    for site, files in track(found.items(), description="daily records"):
        tower, _ = screened(read_fluxnet_daily(files[0]), split)
        if weather == "reanalysis":
            modelled = read_reanalysis(files[0])
            tower = tower.assign({name: modelled[name].fillna(tower[name]) for name in modelled})
        records[site] = tower[[name for name in ("NEE", *WEATHER) if name in tower]]
    return records


def _judged(records: xr.Dataset) -> np.ndarray:
    """Which records are scored: the days, or the months if there are no days."""
    daily: np.ndarray = records.daily.values[records.site_index.values]
    return daily if daily.any() else ~daily


def _folds(
    towers: Path, records: xr.Dataset, split: TowerSettings, n_inner: int
) -> tuple[np.ndarray, np.ndarray]:
    """Assign each site to a fold, and each record to an inner fold for every scored fold."""
    where = (records.lat.values, records.lon.values)
    igbp, near = records.igbp.values, split.neighbour_distance
    try:
        fold = folds_by_site(*where, split.n_folds, neighbour_distance=near, igbp=igbp)
        inner = nested_folds(*where, igbp, fold, n_inner, neighbour_distance=near)
    except ValueError as error:
        raise DataError(
            towers, "site", error, "more sites", "lower towers.n_folds or real_towers.n_inner_folds"
        ) from error
    return fold, inner[:, records.site_index.values]


def _check_choice(towers: Path, inner: np.ndarray) -> None:
    """Refuse folds for which nothing can be chosen, as only one inner fold has scored records."""
    kinds = [len(np.unique(of_fold[of_fold >= 0])) for of_fold in inner]
    if not kinds or min(kinds) < 2:
        found = "a fold whose other sites fill fewer than two inner folds"
        action = "get more sites, or lower towers.n_folds or real_towers.n_inner_folds"
        raise DataError(towers, "site", found, "more sites", action)


def _models(
    records: xr.Dataset,
    inner: np.ndarray,
    judged: np.ndarray,
    train: TrainingSettings,
    params: RealTowersSettings,
    compute: ComputeSettings,
) -> Iterator[tuple[str, int, Iterator[tuple[np.ndarray, Any]], np.ndarray]]:
    """Prepare the estimates and choices of each scored fold, by model and seed.

    The last item tells, for each fold, which of the judged records it scores.
    """
    for seed in params.seeds:
        for name, model in params.models.items():
            used = np.ones(len(judged), bool) if model.monthly_sites else judged
            networks = nested_networks(
                _records_of(records, judged, DRIVER_SETS[model.drivers]).rows(used),
                inner[:, used],
                _search(model, train, params, seed),
                threads=compute.threads,
                processes=compute.processes,
            )
            yield name, seed, _of_judged(networks, inner[:, used], judged[used]), inner[:, judged]
    found = _records_of(records, judged, DRIVER_SETS["daily"]).rows(judged)
    for seed in params.seeds:
        for name, candidates in _regressions(params, seed, compute).items():
            yield (
                name,
                seed,
                nested_regressions(found.x, found.y, inner[:, judged], candidates),
                inner[:, judged],
            )


def _of_judged(
    parts: Iterator[tuple[np.ndarray, Any]], inner: np.ndarray, judged: np.ndarray
) -> Iterator[tuple[np.ndarray, Any]]:
    """Drop the estimates of records that only train."""
    for (estimate, choice), of_fold in zip(parts, inner, strict=True):
        yield estimate[judged[of_fold < 0]], choice


def _records_of(records: xr.Dataset, judged: np.ndarray, drivers: tuple[str, ...]) -> SiteRecords:
    return SiteRecords(
        records.x.sel(driver=list(drivers)).values,
        records.NEE.values,
        records.site_index.values,
        records.days.values,
        judged,
        drivers,
    )


def _search(
    model: TowerModel, train: TrainingSettings, params: RealTowersSettings, seed: int
) -> Search:
    """Prepare the search of a network, whose number of steps the inner folds choose."""
    settings = train.changed(
        drivers=model.drivers,
        form=PLAIN,  # unless an option names another, whatever form the pipeline trains
        final_learning_rate=None,
        variance_rate=None,
        batch=params.batch,
        steps=params.steps,
        validate_every=params.validate_every,
        seed=seed,
    )
    return Search(settings, model.options, model.n_members)


def _regressions(
    params: RealTowersSettings, seed: int, compute: ComputeSettings
) -> Mapping[str, Mapping[float, Any]]:
    """Candidates of each regression; only the forest depends on the seed."""
    leaves = params.leaf_sizes
    forest = forests(leaves, n_trees=params.n_trees, seed=seed, processes=compute.processes)
    if seed != params.seeds[0]:
        return {"forest": forest}
    return {
        "ridge": ridges(params.alphas),
        "forest": forest,
        "boosting": boostings(leaves, n_rounds=params.n_rounds, seed=seed),
    }


if __name__ == "__main__":
    run(main)
