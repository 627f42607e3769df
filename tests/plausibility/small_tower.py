"""Three years of a made-up tower and of the weather in its cell."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.radiation import potential_radiation

TIME = pd.date_range("2004-01-01", "2006-12-31", freq="D", unit="s")
DAY = TIME.day_of_year.to_numpy()
YEAR = TIME.year.to_numpy()
FLUXES = ("NEE", "GPP_NT", "RECO_NT", "GPP_DT", "RECO_DT")


def persistent(rng, memory=0.7):
    """Day-to-day noise of standard deviation 1 that lasts for a few days."""
    noise = rng.normal(size=len(TIME))
    for day in range(1, len(noise)):
        noise[day] = memory * noise[day - 1] + np.sqrt(1.0 - memory**2) * noise[day]
    return noise


def small_tower(lat=48.0, seed=1):
    """Record of a temperate tower, and the weather of its cell: 1 K warmer and as bright."""
    rng = np.random.default_rng(seed)
    potential = potential_radiation([lat], DAY)[0]
    clear = np.clip(0.5 + 0.18 * persistent(rng, 0.4), 0.1, 0.78)
    ta = (
        9.0
        - np.sign(lat) * 11.0 * np.cos(2.0 * np.pi * (DAY - 25) / 365.25)
        + 3.5 * persistent(rng)
    )
    rain = np.where(rng.random(len(TIME)) < 0.4, rng.gamma(0.8, 6.0, len(TIME)), 0.0)
    light, warmth = clear * potential, np.clip((ta - 2.0) / 15.0, 0.0, 1.0)
    gpp = 0.05 * light * warmth
    reco = 0.8 * 2.0 ** (ta / 12.0)
    nee = reco - gpp + rng.normal(0.0, 0.02, len(TIME))
    deficit = 0.5 * clear * 6.11 * np.exp(0.065 * ta)  # hPa
    columns = {
        "NEE": nee, "NEE_QC": np.ones(len(TIME)), "TA": ta, "SW_IN": light, "SW_IN_POT": potential,
        "P": rain, "VPD": deficit, "GPP_NT": gpp, "RECO_NT": reco, "GPP_DT": 0.9 * gpp,
        "RECO_DT": reco,
    }  # fmt: skip
    cell = {
        "TA": ta + 1.0 + rng.normal(0.0, 1.0, len(TIME)),
        "SW_IN": light * rng.normal(1.0, 0.1, len(TIME)),
        "P": rain * rng.gamma(4.0, 0.25, len(TIME)),
        "VPD": deficit * rng.normal(1.0, 0.1, len(TIME)),
    }
    return dataset(columns), dataset(cell)


def dataset(columns):
    return xr.Dataset({k: ("time", v) for k, v in columns.items()}, coords={"time": TIME})


def times(factor, *names):
    """Multiply columns that are present."""

    def edit(record):
        return record.assign({name: record[name] * factor for name in names if name in record})

    return edit


def later(days, *names):
    """Move columns, or all of them, to later days."""

    def edit(record):
        moved = names or tuple(record)
        rolled = {name: ("time", np.roll(record[name].values, days)) for name in moved}
        return record.assign({name: rolled[name] for name in moved if name in record})

    return edit


def outcomes(findings):
    return {each.key: each.outcome for each in findings}


def stops(findings):
    return {key for key, outcome in outcomes(findings).items() if outcome == "stop"}
