"""Records of a tower as tables with the columns of FLUXNET2015 and of La Thuile."""

import numpy as np
import pandas as pd

from fluxprod.core.units import ZERO_CELSIUS, watts_to_megajoules_per_day
from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.earth.tower_records import NOISE, RELATIVE_NOISE, Records

# Standard normal quantiles of the percentiles that FLUXNET2015 issues.
PERCENTILES = {
    "05": -1.645, "16": -0.994, "25": -0.674, "50": 0.0, "75": 0.674, "84": 0.994, "95": 1.645
}  # fmt: skip
LONG_GAP = 10  # days of a standstill after which not even filled values are issued
NO_RAIN_GAUGE = 0.04  # share of sites without precipitation
CUT_ONLY = 0.03  # share of sites with a constant friction-velocity threshold alone
PRESSURE = 101.3  # kPa


def long_gaps(quality: np.ndarray) -> np.ndarray:
    """Whether each day lies in a standstill longer than gap filling bridges."""
    down = quality == 0.0
    run = np.cumsum(np.diff(down.astype(int), prepend=0) != 0)
    return down & (np.bincount(run)[run] > LONG_GAP)


def fluxnet_table(records: Records, tower: int, site: str, seed: int) -> pd.DataFrame:
    """FULLSET DD columns of one tower over all days, NaN where missing."""
    rng = random_stream(seed, f"table {site}")
    one = {name: values[:, tower] for name, values in vars(records).items() if name != "time"}
    gone = long_gaps(one["quality"])
    nee = np.where(gone, np.nan, one["nee"])
    quality = np.where(gone, np.nan, one["quality"])
    columns = _weather_columns(one, rng)
    columns |= _energy_columns(one)
    columns |= _nee_columns(nee, quality, rng)
    columns |= {
        "RECO_NT_VUT_REF": one["reco_nt"],
        "GPP_NT_VUT_REF": one["reco_nt"] - nee,
        "RECO_DT_VUT_REF": one["reco_dt"],
        "GPP_DT_VUT_REF": np.where(gone, np.nan, one["gpp_dt"]),
    }
    table = pd.DataFrame(columns, index=records.time)
    if rng.random() < CUT_ONLY:
        table[table.columns[table.columns.str.contains("_VUT_")]] = np.nan
    if rng.random() < NO_RAIN_GAUGE:
        table[["P_F", "P_F_QC"]] = np.nan
    return table


def _weather_columns(one: dict, rng: np.random.Generator) -> dict[str, np.ndarray]:
    quality, count = one["weather_quality"], len(one["air"])
    measured = np.where(long_gaps(quality), np.nan, 1.0)  # filled by reanalysis in *_F alone
    sky = 5.67e-8 * (one["air"] + ZERO_CELSIUS) ** 4  # W m-2, Stefan-Boltzmann
    cloud = 1.0 - one["light"] / np.maximum(one["potential"], 20.0)
    return {
        "TA_F_MDS": one["air"] * measured,
        "TA_F_MDS_QC": quality * measured,
        "TA_F": one["air"],
        "TA_F_QC": quality,
        "SW_IN_POT": one["potential"],
        "SW_IN_F_MDS": one["light"] * measured,
        "SW_IN_F_MDS_QC": quality * measured,
        "SW_IN_F": one["light"],
        "SW_IN_F_QC": quality,
        "LW_IN_F": sky * np.clip(0.68 + 0.25 * cloud, 0.6, 1.0),
        "LW_IN_F_QC": quality,
        "VPD_F": one["vapour_deficit"],
        "VPD_F_QC": quality,
        "PA_F": PRESSURE + 0.6 * rng.standard_normal(count),
        "PA_F_QC": quality,
        "P_F": one["rain"],
        "P_F_QC": quality,
        "WS_F": 0.5 + rng.gamma(3.0, 0.8, count),
        "WS_F_QC": quality,
        "USTAR": 0.1 + rng.gamma(3.0, 0.1, count),
        "USTAR_QC": quality,
        "NETRAD": 0.62 * one["light"] - 15.0,
        "NETRAD_QC": quality,
    }


def _energy_columns(one: dict) -> dict[str, np.ndarray]:
    return {
        "LE_F_MDS": one["latent"],
        "LE_F_MDS_QC": one["quality"],
        "H_F_MDS": one["sensible"],
        "H_F_MDS_QC": one["quality"],
    }


def _nee_columns(nee, quality, rng: np.random.Generator) -> dict[str, np.ndarray]:
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
    """Columns of the La Thuile daily files that hold data, of one tower over all days."""
    one = {name: values[:, tower] for name, values in vars(records).items() if name != "time"}
    gone = long_gaps(one["quality"])
    nee, quality = np.where(gone, np.nan, one["nee"]), one["weather_quality"]
    columns = {
        "NEE_f": nee,
        "GPP_f": one["reco_nt"] - nee,
        "Reco": one["reco_nt"],
        "NEE_GPP_fqcOK": np.where(gone, np.nan, one["quality"]),
        "LE_f": watts_to_megajoules_per_day(one["latent"]),
        "LE_fqcOK": one["quality"],
        "H_f": watts_to_megajoules_per_day(one["sensible"]),
        "H_fqcOK": one["quality"],
        "Ta_f": one["air"],
        "Ta_fqcOK": quality,
        "VPD_f": one["vapour_deficit"],
        "VPD_fqcOK": quality,
        "Precip_f": one["rain"],
        "Precip_fqcOK": quality,
        "Rg_f": watts_to_megajoules_per_day(one["light"]),
        "Rg_fqcOK": quality,
        "Rg_pot": watts_to_megajoules_per_day(one["potential"]),
        "H2Ostor1": one["wetness"],
        "H2Ostor2": one["wetness"] ** 0.8,
    }
    return pd.DataFrame(columns, index=records.time)
