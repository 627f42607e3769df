"""Calibration of the spread on some Earths, and its coverage on others."""

from typing import NamedTuple

import pandas as pd

from fluxprod.evaluation.run.spread_coverage import inflation
from fluxprod.evaluation.run.totals import GLOBAL
from fluxprod.evaluation.tables.coverage import ALL, DECIMALS, coverage_table

TOTALS = "totals"  # annual totals of regions and of the globe
CELLS = "cells"  # annual NEE of cells
CALIBRATE, REPORT = "calibrate", "report"
POOLED = "all"  # all Earths of one use pooled


class Calibrated(NamedTuple):
    """Tables of a calibration, each with ``source`` and ``target`` (totals or cells).

    Attributes
    ----------
    factors : DataFrame
        ``factor``, the inflation of the spread from the 68 % interval on the calibration Earths
        [1]; ``factor_95``, the one that the 95 % interval alone would require [1]; ``n``, the
        number of errors pooled; ``bias_share`` on the evaluation Earths [1] (see `bias_share`;
        missing for cells).
    earths : DataFrame
        Rows ALL and GLOBAL of `coverage_table` by ``use`` and ``seed``; seed ``all`` pools the
        Earths of that use.
    regions : DataFrame
        `coverage_table` of all evaluation Earths pooled.
    """

    factors: pd.DataFrame
    earths: pd.DataFrame
    regions: pd.DataFrame


def calibrated(errors: pd.DataFrame, calibrate: list[int], report: list[int]) -> Calibrated:
    """Compute the factors on the calibration Earths, and the coverage with them on all Earths.

    One factor per model and target is computed from the errors of all regions (or cells), years and
    calibration Earths pooled; the globe is not used.

    Parameters
    ----------
    errors : DataFrame
        Errors of `total_errors` and `cell_errors`, with ``seed``, ``source`` and ``target``.
    calibrate, report : list of int
        Seeds of the calibration and the evaluation Earths.

    Returns
    -------
    Calibrated
        Factors and coverage.
    """
    factors, earths, regions = [], [], []
    for (source, target), group in errors.groupby(["source", "target"], sort=False):
        about = {"source": str(source), "target": str(target)}
        of_use = {
            use: group[group.seed.isin(seeds)]
            for use, seeds in ((CALIBRATE, calibrate), (REPORT, report))
        }
        found = _factors(of_use[CALIBRATE])
        factors.append(about | found | {"bias_share": _bias_share(about["target"], of_use[REPORT])})
        earths += [_by_earth(use, own, found["factor"], about) for use, own in of_use.items()]
        regions.append(coverage_table(of_use[REPORT], found["factor"]).assign(**about))
    return Calibrated(
        pd.DataFrame(factors).round(DECIMALS),
        pd.concat(earths, ignore_index=True),
        pd.concat(regions, ignore_index=True),
    )


def _factors(errors: pd.DataFrame) -> dict:
    inside = errors[errors.region != GLOBAL]
    factor, factor_95 = (inflation(inside.z, level, inside.weight) for level in (68, 95))
    return {"factor": factor, "factor_95": factor_95, "n": int(inside.z.notna().sum())}


def _by_earth(use: str, errors: pd.DataFrame, factor: float, about: dict[str, str]) -> pd.DataFrame:
    parts = {POOLED: errors} | {str(seed): own for seed, own in errors.groupby("seed", sort=False)}
    tables = [coverage_table(own, factor).assign(use=use, seed=seed) for seed, own in parts.items()]
    rows = pd.concat(tables, ignore_index=True)
    return rows[rows.region.isin([ALL, GLOBAL])].assign(**about)


def _bias_share(target: str, errors: pd.DataFrame) -> float:
    return bias_share(errors[errors.region != GLOBAL]) if target == TOTALS else float("nan")


def bias_share(errors: pd.DataFrame) -> float:
    """Share of the mean squared error that is due to the mean error over the years [1].

    Parameters
    ----------
    errors : DataFrame
        ``seed``, ``region`` and ``error``. Squares are averaged over seeds and regions.
    """
    by_place = errors.groupby(["seed", "region"]).error
    return float((by_place.mean() ** 2).sum() / by_place.agg(lambda e: (e**2).mean()).sum())
