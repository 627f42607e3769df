"""A spread calibrated on some Earths, and what it is worth on others."""

from typing import NamedTuple

import pandas as pd

from fluxprod.evaluation.run.spread_coverage import inflation
from fluxprod.evaluation.run.totals import GLOBAL
from fluxprod.evaluation.tables.coverage import ALL, DECIMALS, coverage_table

TOTALS = "totals"  # annual totals of regions and of the globe
CELLS = "cells"  # annual NEE of cells
CALIBRATE, REPORT = "calibrate", "report"
POOLED = "all"  # Earths of a use taken together


class Calibrated(NamedTuple):
    """Tables of a calibration, each with ``source`` and ``target`` (totals or cells).

    Attributes
    ----------
    factors : DataFrame
        ``factor``, of the spread, from the interval of 68 % on the Earths that calibrate;
        ``factor_95``, what the interval of 95 % alone would take; ``n``, errors taken together;
        and of the Earths that report, ``bias_share`` [1] (see `bias_share`; missing for cells).
    earths : DataFrame
        Rows ALL and GLOBAL of `coverage_table` by ``use`` and ``seed``; seed ``all`` is the Earths
        of that use taken together.
    regions : DataFrame
        `coverage_table` of all Earths that report.
    """

    factors: pd.DataFrame
    earths: pd.DataFrame
    regions: pd.DataFrame


def calibrated(errors: pd.DataFrame, calibrate: list[int], report: list[int]) -> Calibrated:
    """Find the factors on some Earths, and the coverage with them on all.

    One factor by model and target, from all regions (or cells), years and calibrating Earths taken
    together; the globe has no part in it.

    Parameters
    ----------
    errors : DataFrame
        Of `total_errors` and `cell_errors`, with ``seed``, ``source`` and ``target``.
    calibrate, report : list of int
        Seeds.
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
    """Share of the mean squared error that is the squared mean over the years [1].

    Parameters
    ----------
    errors : DataFrame
        ``seed``, ``region`` and ``error``; squares are averaged over seeds and regions.
    """
    by_place = errors.groupby(["seed", "region"]).error
    return float((by_place.mean() ** 2).sum() / by_place.agg(lambda e: (e**2).mean()).sum())
