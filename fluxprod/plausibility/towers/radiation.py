"""Radiation at a tower against the latitude of its site table."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.radiation import potential_radiation
from fluxprod.plausibility.criterion import Criterion, Finding

LATITUDES = np.arange(-90.0, 90.25, 0.25)  # degree_north, tried one by one
LATITUDE_WARN, LATITUDE_STOP = 5.0, 15.0  # degree; at most 0.5 in the real files
DAYLIGHT = 50.0  # W m-2; days of less potential radiation are left out
CLEAR_DAY = 0.98  # [1] quantile of SW_IN over potential radiation that stands for a clear day
CLEAR_WARN, CLEAR_STOP = (0.45, 0.95), (0.3, 1.1)  # [1]; 0.54 to 0.89 in the real files
FEWEST = 180  # d

LATITUDE = Criterion(
    "towers.latitude",
    f"SW_IN_POT of a latitude within {LATITUDE_STOP:g} degrees of the site table's",
    "potential radiation follows from latitude and day alone (ONEFlux, Pastorello et al. 2020, doi "
    "10.1038/s41597-020-0534-3); it agrees in 68 FLUXNET2015 and ICOS files",
    "check latitude and longitude in the site table, and the dates of the file",
)
CLEAR_SKY = Criterion(
    "towers.clear_sky",
    f"{CLEAR_STOP[0]:g} to {CLEAR_STOP[1]:g} of the potential radiation on clear days",
    "the sun gives no more than potential radiation; 0.54 to 0.89 in 68 FLUXNET2015 and ICOS files",
    "check the unit of SW_IN, which is W m-2, and the latitude in the site table",
)


def radiation_findings(site: str, record: xr.Dataset, lat: float) -> list[Finding]:
    """Test the radiation of a tower.

    Parameters
    ----------
    site : str
        Site identifier.
    record : Dataset, dims (time)
        ``SW_IN`` and, if known, ``SW_IN_POT`` [W m-2].
    lat : float
        Latitude in the site table [degree_north].

    Returns
    -------
    list of Finding
        At most two findings; none for a record of less than half a year.
    """
    day = pd.DatetimeIndex(record.time.values).day_of_year.to_numpy()
    findings = []
    if "SW_IN_POT" in record and np.isfinite(record.SW_IN_POT).sum() >= FEWEST:
        findings.append(_latitude(site, record.SW_IN_POT.values, day, lat))
    potential = potential_radiation([lat], day)[0]
    lit = potential > DAYLIGHT
    share = record.SW_IN.values[lit] / potential[lit]
    if np.isfinite(share).sum() >= FEWEST:
        findings.append(_clear_sky(site, float(np.nanquantile(share, CLEAR_DAY))))
    return findings


def _latitude(site: str, potential: np.ndarray, day: np.ndarray, lat: float) -> Finding:
    fitted = latitude_of(potential, day)
    away = abs(fitted - lat)
    return LATITUDE.finding(
        site,
        f"SW_IN_POT of latitude {fitted:.1f} and {lat:.1f} in the site table",
        stop=away > LATITUDE_STOP,
        warn=away > LATITUDE_WARN,
    )


def latitude_of(potential: np.ndarray, day: np.ndarray) -> float:
    """Find the latitude of a series of potential radiation.

    Its shape alone counts, because solar constants differ by a few percent.

    Parameters
    ----------
    potential : ndarray, shape (time,)
        Potential radiation, in any unit.
    day : ndarray of int, shape (time,)
        Day of the year of each value, from 1.

    Returns
    -------
    float
        Latitude, to a quarter of a degree [degree_north].
    """
    by_day = pd.Series(potential).groupby(day).mean().dropna()
    curves = potential_radiation(LATITUDES, by_day.index.to_numpy())
    shapes = curves / curves.mean(axis=1, keepdims=True)
    shape = by_day.to_numpy() / max(by_day.mean(), np.finfo(float).tiny)
    return float(LATITUDES[((shapes - shape) ** 2).sum(axis=1).argmin()])


def _clear_sky(site: str, share: float) -> Finding:
    return CLEAR_SKY.finding(
        site,
        f"{share:.2f} of the potential radiation on clear days",
        stop=not CLEAR_STOP[0] <= share <= CLEAR_STOP[1],
        warn=not CLEAR_WARN[0] <= share <= CLEAR_WARN[1],
    )
