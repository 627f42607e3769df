"""Skill of networks and regressions at real towers, at each scale of time."""

from collections.abc import Iterable, Mapping
from itertools import cycle

import pandas as pd
from matplotlib.figure import Figure

from fluxprod.evaluation.figures.site_skill import figure_site_skill
from fluxprod.evaluation.sites.no_skill import SEASON_OF_OTHERS
from fluxprod.evaluation.study.real_towers import run_name

COLOURS = ("#8c8c8c", "#56b4e9", "#0072b2", "#f0a35e", "#d55e00", "#009e73", "#cc79a7")
LEFT_OUT = ("ridge", "forest")  # they are in the tables


def figure_real_towers(skill: pd.DataFrame, runs: Mapping[str, Iterable[int]]) -> Figure:
    """Draw quartiles and towers of each model, of its first seed, and of the season of other sites.

    Parameters
    ----------
    skill : DataFrame
        Of `skill_table`.
    runs : dict of iterable of int
        Seeds of each model.
    """
    names = {run_name(model, next(iter(seeds))): model for model, seeds in runs.items()}
    shown = [SEASON_OF_OTHERS, *(name for name in names.values() if name not in LEFT_OUT)]
    table = skill.assign(model=skill.model.replace(names))
    paint = dict(zip(shown, cycle(COLOURS)))
    return figure_site_skill(table[table.model.isin(shown)], paint)
