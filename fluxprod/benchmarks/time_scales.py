"""Hourly estimates at the time scales of FLUXtrapolation, from the hour to the mean of a site.

The rules, with their smallest numbers of hours, days and years, are those of utils/aggregation.py
in the public repository anyafries/FLUXtrapolation (Fries et al. 2026, arXiv:2605.19812).
"""

import pandas as pd

PAIR = ["y_true", "y_pred"]
FEWEST_HOURS = 12  # of a day
FEWEST_DAYS = {"weekly": 4, "monthly": 15, "iav": 183, "spatial": 1}  # of a week, month or year
FEWEST_YEARS = 2  # of a day of the year, for the mean seasonal cycle
SCALES = ("hourly", "daily", "weekly", "monthly", "seasonal", "anom", "iav", "spatial")
OF_ALL_YEARS = ("seasonal", "anom", "iav")  # scored for a site as a whole


def at_scale(hours: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Aggregate flux and estimate.

    Parameters
    ----------
    hours : DataFrame
        Columns ``env``, the unit that is scored; ``time``; ``y_true``, NaN where missing, and
        ``y_pred``.
    scale : str
        One of ``SCALES``. ``seasonal`` is the mean of each day of the year, ``anom`` the difference
        of a day from it, ``iav`` the difference of a year from the mean of all years, ``spatial``
        the mean of the years.

    Returns
    -------
    DataFrame
        ``env``, ``y_true`` and ``y_pred``; ``y_true`` is NaN where too few values are measured.
    """
    if scale == "hourly":
        return hours[["env", *PAIR]]
    days = _daily(hours)
    if scale == "daily":
        return days[["env", *PAIR]]
    if scale in ("weekly", "monthly"):
        # as the authors do: the estimate is also averaged over days whose flux is missing
        period = days["time"].dt.to_period(scale[0].upper())
        return _means(days, [days["env"], period], FEWEST_DAYS[scale])
    measured = days[days["y_true"].notna()]
    if scale == "seasonal":
        return _cycle(measured).reset_index()[["env", *PAIR]]
    if scale == "anom":
        return _anomalies(days, _cycle(measured))
    year = measured["time"].dt.year
    years = _means(measured, [measured["env"], year], FEWEST_DAYS[scale])
    by_site = years.groupby("env")[PAIR]
    if scale == "iav":
        years[PAIR] -= by_site.transform("mean")
        return years
    return by_site.mean().reset_index()


def _daily(hours: pd.DataFrame) -> pd.DataFrame:
    """Means of days; hours without a flux count as well, as the authors count them."""
    days = hours["time"].dt.floor("D")
    groups = hours.groupby([hours["env"], days])
    means = groups[PAIR].mean()
    means.loc[groups.size() < FEWEST_HOURS, "y_true"] = float("nan")
    return means.reset_index()


def _means(days: pd.DataFrame, keys: list[pd.Series], fewest: int) -> pd.DataFrame:
    groups = days.groupby(keys)
    means = groups[PAIR].mean()
    means.loc[groups["y_true"].count() < fewest, "y_true"] = float("nan")
    return means.reset_index()[["env", *PAIR]]


def _cycle(measured: pd.DataFrame) -> pd.DataFrame:
    """Mean seasonal cycle, by unit and day of the year."""
    groups = measured.groupby([measured["env"], measured["time"].dt.day_of_year.rename("doy")])
    means = groups[PAIR].mean()
    means.loc[groups.size() < FEWEST_YEARS, "y_true"] = float("nan")
    return means


def _anomalies(days: pd.DataFrame, cycle: pd.DataFrame) -> pd.DataFrame:
    index = pd.MultiIndex.from_arrays([days["env"], days["time"].dt.day_of_year])
    expected = cycle.reindex(index)
    return days.assign(**{name: days[name] - expected[name].to_numpy() for name in PAIR})[
        ["env", *PAIR]
    ]
