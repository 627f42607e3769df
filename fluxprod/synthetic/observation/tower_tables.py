"""Tables of tower records with the columns of FLUXNET2015 and of La Thuile."""

import numpy as np
import pandas as pd

from fluxprod.core.units import ZERO_CELSIUS, watts_to_megajoules_per_day
from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.tower_records import NOISE, RELATIVE_NOISE, Records

# Standard normal quantiles of the percentiles in FLUXNET2015.
PERCENTILES = {
    "05": -1.645, "16": -0.994, "25": -0.674, "50": 0.0, "75": 0.674, "84": 0.994, "95": 1.645
}  # fmt: skip
LONG_GAP = 10  # longest outage of the logger that gap filling bridges [d]
NO_RAIN_GAUGE = 0.04  # share of sites without precipitation [1]
CUT_ONLY = 0.03  # share of sites with only a constant friction-velocity threshold [1]
PRESSURE = 101.3  # kPa


def long_gaps(quality: np.ndarray) -> np.ndarray:
    """Tell which days lie in an outage too long for gap filling, from quality [1] by day."""
    down = quality == 0.0
    run = np.cumsum(np.diff(down.astype(int), prepend=0) != 0)
    return np.asarray(down & (np.bincount(run)[run] > LONG_GAP))


def fluxnet_table(records: Records, tower: int, site: str, seed: int) -> pd.DataFrame:
    """Build the FULLSET DD table of one tower.

    Parameters
    ----------
    records : Records
        Records of the network.
    tower : int
        Column of the tower in the records.
    site : str
        Site code, which also names the random stream of the table.
    seed : int
        Seed of the world.

    Returns
    -------
    DataFrame, one row per day of the world
        Columns as in the real files, in their units, NaN where missing.
    """
    rng = random_stream(seed, f"table {site}")
    series = {name: values[:, tower] for name, values in vars(records).items() if name != "time"}
    missing = long_gaps(series["quality"])
    nee = np.where(missing, np.nan, series["nee"])
    quality = np.where(missing, np.nan, series["quality"])
    columns = _weather_columns(series, rng)
    columns |= _energy_columns(series)
    columns |= _nee_columns(nee, quality, rng)
    columns |= {
        "RECO_NT_VUT_REF": series["reco_nt"],
        "GPP_NT_VUT_REF": series["reco_nt"] - nee,
        "RECO_DT_VUT_REF": series["reco_dt"],
        "GPP_DT_VUT_REF": np.where(missing, np.nan, series["gpp_dt"]),
    }
    table = pd.DataFrame(columns, index=records.time)
    if rng.random() < CUT_ONLY:
        table[table.columns[table.columns.str.contains("_VUT_")]] = np.nan
    if rng.random() < NO_RAIN_GAUGE:
        table[["P_F", "P_F_QC"]] = np.nan
    return table


def _weather_columns(
    series: dict[str, np.ndarray], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    quality, count = series["weather_quality"], len(series["air"])
    # only the *_F columns are filled from reanalysis in long gaps
    measured = np.where(long_gaps(quality), np.nan, 1.0)
    sky = 5.67e-8 * (series["air"] + ZERO_CELSIUS) ** 4  # W m-2, Stefan-Boltzmann
    cloud = 1.0 - series["light"] / np.maximum(series["potential"], 20.0)
    return {
        "TA_F_MDS": series["air"] * measured,
        "TA_F_MDS_QC": quality * measured,
        "TA_F": series["air"],
        "TA_F_QC": quality,
        "SW_IN_POT": series["potential"],
        "SW_IN_F_MDS": series["light"] * measured,
        "SW_IN_F_MDS_QC": quality * measured,
        "SW_IN_F": series["light"],
        "SW_IN_F_QC": quality,
        "LW_IN_F": sky * np.clip(0.68 + 0.25 * cloud, 0.6, 1.0),
        "LW_IN_F_QC": quality,
        "VPD_F": series["vapour_deficit"],
        "VPD_F_QC": quality,
        "PA_F": PRESSURE + 0.6 * rng.standard_normal(count),
        "PA_F_QC": quality,
        "P_F": series["rain"],
        "P_F_QC": quality,
        "WS_F": 0.5 + rng.gamma(3.0, 0.8, count),
        "WS_F_QC": quality,
        "USTAR": 0.1 + rng.gamma(3.0, 0.1, count),
        "USTAR_QC": quality,
        "NETRAD": 0.62 * series["light"] - 15.0,
        "NETRAD_QC": quality,
    }


def _energy_columns(series: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {
        "LE_F_MDS": series["latent"],
        "LE_F_MDS_QC": series["quality"],
        "H_F_MDS": series["sensible"],
        "H_F_MDS_QC": series["quality"],
    }


def _nee_columns(
    nee: np.ndarray, quality: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    random = np.sqrt(2.0) * (NOISE + RELATIVE_NOISE * np.abs(nee))
    threshold = 0.10 + 0.05 * np.abs(nee)  # spread between friction-velocity thresholds
    columns = {
        "NEE_CUT_REF": nee + 0.3 * threshold * rng.standard_normal(len(nee)),
        "NEE_CUT_REF_QC": quality,
        "NEE_VUT_REF": nee,
        "NEE_VUT_REF_QC": quality,
        "NEE_VUT_REF_RANDUNC": random,
        "NEE_VUT_REF_JOINTUNC": np.sqrt(random**2 + threshold**2),
    }
    for percentile, quantile in PERCENTILES.items():
        columns[f"NEE_VUT_{percentile}"] = nee + quantile * threshold
        columns[f"NEE_VUT_{percentile}_QC"] = quality
    return columns


def lathuile_table(records: Records, tower: int) -> pd.DataFrame:
    """Build the La Thuile table of one tower, with the columns that hold data.

    Parameters
    ----------
    records : Records
        Records of the network.
    tower : int
        Column of the tower in the records.

    Returns
    -------
    DataFrame, one row per day of the world
        Columns as in the real files, in their units, NaN where missing.
    """
    series = {name: values[:, tower] for name, values in vars(records).items() if name != "time"}
    missing = long_gaps(series["quality"])
    nee, quality = np.where(missing, np.nan, series["nee"]), series["weather_quality"]
    columns = {
        "NEE_f": nee,
        "GPP_f": series["reco_nt"] - nee,
        "Reco": series["reco_nt"],
        "NEE_GPP_fqcOK": np.where(missing, np.nan, series["quality"]),
        "LE_f": watts_to_megajoules_per_day(series["latent"]),
        "LE_fqcOK": series["quality"],
        "H_f": watts_to_megajoules_per_day(series["sensible"]),
        "H_fqcOK": series["quality"],
        "Ta_f": series["air"],
        "Ta_fqcOK": quality,
        "VPD_f": series["vapour_deficit"],
        "VPD_fqcOK": quality,
        "Precip_f": series["rain"],
        "Precip_fqcOK": quality,
        "Rg_f": watts_to_megajoules_per_day(series["light"]),
        "Rg_fqcOK": quality,
        "Rg_pot": watts_to_megajoules_per_day(series["potential"]),
        "H2Ostor1": series["wetness"],
        "H2Ostor2": series["wetness"] ** 0.8,
    }
    return pd.DataFrame(columns, index=records.time)
