"""What the tests of the climate need from its daily fields, gathered block by block."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.radiation import potential_radiation
from fluxprod.core.scores import pearson_r
from fluxprod.core.time_axis import MONTHS, monthly_means

VARIABLES = ("TA", "SW_IN", "P")
BLOCK = 512  # cells in memory at a time, two chunks of the store
DAYLIGHT = 60.0  # W m-2; days of less potential radiation tell nothing about clouds
MIDDLE = 15  # day of the month
LAGS = (-1, 0, 1)  # d, by which rain is moved against radiation
# smaller values often repeat, because they are rounded: degC, W m-2, mm d-1
REPEATS_FROM = {"TA": -np.inf, "SW_IN": 5.0, "P": 1.0}


class ClimateSurvey(NamedTuple):
    """Monthly climate and properties of its days.

    Parameters
    ----------
    years : ndarray of int, shape (year,)
        Calendar years.
    months : dict of str to ndarray, shape (cell, year, 12)
        Monthly means of TA [degC], SW_IN [W m-2] and P [mm d-1].
    repeats : dict of str to ndarray, shape (time,)
        Share of the cells whose value equals that of the day before [1].
    stuck : dict of str to ndarray, shape (cell,)
        Share of the days whose value equals that of the day before [1].
    clouds : dict of int to ndarray, shape (cell, year)
        By lag [d], Pearson's R of radiation over potential radiation with the root of rain that
        many days earlier; NaN without rain [1].
    fair, wet : ndarray, shape (cell, year, 12)
        Radiation over potential radiation [1], NaN in the dark, and the root of rain
        [(mm d-1)^0.5], on the middle day of each month.
    """

    years: np.ndarray
    months: dict[str, np.ndarray]
    repeats: dict[str, np.ndarray]
    stuck: dict[str, np.ndarray]
    clouds: dict[int, np.ndarray]
    fair: np.ndarray
    wet: np.ndarray

    def annual(self, name: str) -> np.ndarray:
        """Annual means of a variable, shape (cell, year)."""
        mean: np.ndarray = self.months[name].mean(axis=-1)
        return mean

    def day(self, position: int) -> str:
        """Date of a position on the axis of days."""
        return str(np.datetime64(f"{self.years[0]}-01-01") + np.timedelta64(position, "D"))

    def by_year(self, values: np.ndarray) -> dict[int, float]:
        """Label values of shape (year,) with their years."""
        return dict(zip(self.years.tolist(), values.tolist(), strict=True))


def survey_climate(climate: xr.Dataset, lat: np.ndarray, block: int = BLOCK) -> ClimateSurvey:
    """Gather monthly means and properties of the days, reading a few cells at a time.

    Parameters
    ----------
    climate : Dataset, dims (cell, time)
        ``TA`` [degC], ``SW_IN`` [W m-2] and ``P`` [mm d-1] of whole years; may be opened lazily.
    lat : ndarray, shape (cell,)
        Latitude of the cells [degree_north].
    block : int, optional
        Number of cells that are read at a time.

    Returns
    -------
    ClimateSurvey
        Months of all cells, and little else.
    """
    time = pd.DatetimeIndex(climate.time.values)
    years = np.unique(time.year)
    starts = range(0, climate.sizes["cell"], block)
    parts = [_survey(climate.isel(cell=slice(i, i + block)), lat[i : i + block]) for i in starts]
    shape = -1, len(years), MONTHS
    same, counted = (
        {name: np.sum([getattr(part, each)[name] for part in parts], axis=0) for name in VARIABLES}
        for each in ("same", "counted")
    )
    return ClimateSurvey(
        np.asarray(years),
        {name: _joined(part.months[name] for part in parts).reshape(shape) for name in VARIABLES},
        {name: same[name] / np.maximum(counted[name], 1) for name in VARIABLES},
        {name: _joined(part.stuck[name] for part in parts) for name in VARIABLES},
        {lag: _joined(part.clouds[lag] for part in parts) for lag in LAGS},
        _joined(part.fair for part in parts).reshape(shape),
        _joined(part.wet for part in parts).reshape(shape),
    )


def _joined(parts: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate(list(parts))


class _Block(NamedTuple):
    """Survey of some cells; `same` and `counted` are numbers of cells, by day."""

    months: dict[str, np.ndarray]
    same: dict[str, np.ndarray]
    counted: dict[str, np.ndarray]
    stuck: dict[str, np.ndarray]
    clouds: dict[int, np.ndarray]
    fair: np.ndarray
    wet: np.ndarray


def _survey(climate: xr.Dataset, lat: np.ndarray) -> _Block:
    time = pd.DatetimeIndex(climate.time.values)
    daily = {
        name: climate[name].transpose("cell", "time").values.astype(float) for name in VARIABLES
    }
    months = {name: monthly_means(daily[name], time).astype(np.float32) for name in VARIABLES}
    same, counted, stuck = {}, {}, {}
    for name, values in daily.items():
        counts = values > REPEATS_FROM[name]
        equal = counts & (np.diff(values, axis=1, prepend=np.nan) == 0.0)
        same[name], counted[name] = equal.sum(axis=0), counts.sum(axis=0)
        stuck[name] = equal.mean(axis=1)
    potential = potential_radiation(lat, time.day_of_year)
    lit = potential > DAYLIGHT
    fair = np.divide(daily["SW_IN"], potential, out=np.full_like(potential, np.nan), where=lit)
    wet = np.sqrt(np.maximum(daily["P"], 0.0))
    clouds, middle = _clouds(fair, wet, time), time.day == MIDDLE
    maps = (each[:, middle].astype(np.float32) for each in (fair, wet))
    return _Block(months, same, counted, stuck, clouds, *maps)


def _clouds(fair: np.ndarray, wet: np.ndarray, time: pd.DatetimeIndex) -> dict[int, np.ndarray]:
    """Correlate clearness with rain by year and lag, each of shape (cell, year)."""
    years = [np.flatnonzero(time.year == year)[1:-1] for year in np.unique(time.year)]
    return {
        lag: np.stack([pearson_r(fair[:, y], wet[:, y - lag]) for y in years], axis=1)
        for lag in LAGS
    }
