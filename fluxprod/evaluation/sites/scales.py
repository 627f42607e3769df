"""The series of one site, observed and estimated, at each scale of time.

Models of carbon fluxes are judged scale by scale, because the seasonal cycle hides how badly
anomalies and differences between years are met [1]_, [2]_, [3]_. A day counts only if it has both
values, so that gaps affect the observed and the estimated series alike.

References
----------
.. [1] Tramontana et al. 2016, doi:10.5194/bg-13-4291-2016
.. [2] Jung et al. 2020, doi:10.5194/bg-17-1343-2020
.. [3] Nelson and Walther et al. 2024, doi:10.5194/bg-21-5079-2024
"""

from dataclasses import dataclass

import numpy as np

DAILY = "daily"
MONTHLY = "monthly"
SEASON = "season"
SEASON_SHAPE = "season_shape"
ANOMALY = "anomaly"
ANNUAL = "annual"
SCALES = (DAILY, MONTHLY, SEASON, SEASON_SHAPE, ANOMALY, ANNUAL)
DAYS_OF_CYCLE = 365  # 31 December of a leap year joins the last day
HALF_WINDOW = 15  # days on either side, so that a window is about a month long


@dataclass(frozen=True)
class RecordLimits:
    """Fewest records from which a mean is taken, and fewest values from which a score is.

    Attributes
    ----------
    days_a_month, days_a_year : int
        Records in a month, or in a year, below which it has no mean.
    days_a_window : int
        Records of all years in the window around a day of the year below which the seasonal cycle
        is unknown on that day.
    days, months, calendar_months, years : int
        Values of a series below which its scores are not computed.
    """

    days_a_month: int = 10
    days_a_year: int = 200
    days_a_window: int = 10
    days: int = 30
    months: int = 6
    calendar_months: int = 6
    years: int = 3

    def fewest(self, scale: str) -> int:
        """Fewest values of a series at a scale from which scores are computed."""
        return {
            MONTHLY: self.months,
            SEASON: self.calendar_months,
            SEASON_SHAPE: self.calendar_months,
            ANNUAL: self.years,
        }.get(scale, self.days)


OF_DAYS = RecordLimits()
# one record a month
OF_MONTHS = RecordLimits(days_a_month=1, days_a_year=9, days_a_window=2, days=6)


def means_by(group: np.ndarray, values: np.ndarray, fewest: int) -> tuple[np.ndarray, np.ndarray]:
    """Means of the values in each group that has enough of them.

    Parameters
    ----------
    group : ndarray of int, shape (n,)
        Group of each value.
    values : ndarray, shape (series, n)
        Values of several series, all finite.
    fewest : int
        Values below which a group is left out.

    Returns
    -------
    labels : ndarray of int, shape (group,)
        Groups that are left, in ascending order.
    means : ndarray, shape (series, group)
        Their means.
    """
    labels, place, count = np.unique(group, return_inverse=True, return_counts=True)
    sums = np.array([np.bincount(place, each, len(labels)) for each in values])
    enough = count >= fewest
    return labels[enough], sums[:, enough] / count[enough]


def departures(values: np.ndarray) -> np.ndarray:
    """Values minus the mean of their own series, along the last axis; empty series stay empty."""
    return values - values.mean(axis=-1, keepdims=True) if values.shape[-1] else values


def seasonal_cycle(time: np.ndarray, values: np.ndarray, fewest: int) -> np.ndarray:
    """Mean seasonal cycle of sparse daily series, on the days of their records.

    The cycle on a day is the mean of all records, of every year, within 15 days of that day of the
    year. Unlike the mean of a calendar month it follows the rise and fall within the month, and
    unlike the mean of a single day of the year it needs few years.

    Parameters
    ----------
    time : ndarray of datetime64, shape (n,)
        Days of the records.
    values : ndarray, shape (series, n)
        Values of several series, all finite.
    fewest : int
        Records in a window below which the cycle is NaN.

    Returns
    -------
    ndarray, shape (series, n)
        Cycle of each series.
    """
    day = np.minimum(_day_of_year(time), DAYS_OF_CYCLE - 1)
    count = _window_sums(np.bincount(day, minlength=DAYS_OF_CYCLE))[day]
    daily = (np.bincount(day, each, DAYS_OF_CYCLE) for each in values)
    sums = np.array([_window_sums(each)[day] for each in daily])
    cycle: np.ndarray = np.where(count >= fewest, sums / count, np.nan)
    return cycle


def at_scales(
    time: np.ndarray, observed: np.ndarray, estimate: np.ndarray, limits: RecordLimits = OF_DAYS
) -> dict[str, np.ndarray]:
    """Split an observed and an estimated series of one site into the scales of time.

    - ``daily``: the records as they are.
    - ``monthly``: means of the months of each year.
    - ``season``: mean seasonal cycle, the mean over years of the monthly means of a calendar month.
    - ``season_shape``: the same, as departures from its mean over the calendar months.
    - ``anomaly``: daily values minus the `seasonal_cycle` of the same series; the estimate has its
      own cycle, so that an error in the cycle is not counted twice.
    - ``annual``: means of the years, as departures from their mean: interannual variability. They
      are means of the recorded days, so a gap in one season moves both series.

    Parameters
    ----------
    time : ndarray of datetime64, shape (n,)
        Days of the records, in any order.
    observed, estimate : ndarray, shape (n,)
        NEE [g m-2 d-1]; records with a NaN in either are left out.
    limits : RecordLimits, optional
        Fewest records of a mean.

    Returns
    -------
    dict of ndarray, shape (2, value)
        Observed and estimated series by scale, in the unit of the records.
    """
    values = np.array([observed, estimate], float)
    valid = np.isfinite(values).all(axis=0)
    time, values = time[valid], values[:, valid]
    month, monthly = means_by(_months(time), values, limits.days_a_month)
    _, season = means_by(month % 12, monthly, 1)
    _, annual = means_by(_years(time), values, limits.days_a_year)
    anomaly = values - seasonal_cycle(time, values, limits.days_a_window)
    return {
        DAILY: values,
        MONTHLY: monthly,
        SEASON: season,
        SEASON_SHAPE: departures(season),
        ANOMALY: anomaly[:, np.isfinite(anomaly).all(axis=0)],
        ANNUAL: departures(annual),
    }


def _months(time: np.ndarray) -> np.ndarray:
    """Months since January 1970, so that the remainder of 12 is the calendar month."""
    months: np.ndarray = time.astype("datetime64[M]").astype(int)
    return months


def _years(time: np.ndarray) -> np.ndarray:
    years: np.ndarray = time.astype("datetime64[Y]").astype(int)
    return years


def _day_of_year(time: np.ndarray) -> np.ndarray:
    start = time.astype("datetime64[Y]").astype("datetime64[D]")
    day: np.ndarray = (time.astype("datetime64[D]") - start).astype(int)
    return day


def _window_sums(daily: np.ndarray) -> np.ndarray:
    """Sums over the window around each day of the cycle, which has no ends."""
    shifts = range(-HALF_WINDOW, HALF_WINDOW + 1)
    sums: np.ndarray = np.sum([np.roll(daily, shift) for shift in shifts], axis=0)
    return sums
