"""A small data set in the layout of CarbonFluxBench, with a relation that can be learned."""

import json

import numpy as np
import pandas as pd

from fluxprod.readers.benchmarks.carbonfluxbench import BANDS, TARGETS

BIOMES = ["ENF"] * 12 + ["GRA"] * 11 + ["WET"] * 4 + ["CSH"] * 3
SITES = [f"XX-{number:03d}" for number in range(len(BIOMES))]
CLIMATES = ["C"] * 18 + ["D"] * 12
DAYS = pd.date_range("2001-01-01", periods=150)
SETS = {
    "minimal": ["temperature_2m", "radiation"],
    "standard": ["temperature_2m", "radiation", "rain"],
}


def make(rng=None):
    """Tables and JSON objects by file name; flux is wrong where its quality is low.

    Half of the sites carry the prefix of their network in the tables of features, as in the data
    set. Every eighth observation of MODIS is missing.
    """
    rng = rng or np.random.default_rng(5)
    n = len(SITES) * len(DAYS)
    site, day = np.repeat(SITES, len(DAYS)), np.tile(DAYS, len(SITES))
    named = np.where(np.repeat(np.arange(len(SITES)) % 2 == 0, len(DAYS)), "FLX_", "").astype(
        object
    )
    air, light = rng.normal(288.0, 8.0, n), rng.uniform(0.0, 300.0, n)
    nee = 1.0 - 0.02 * light + 0.1 * (air - 288.0)
    quality = rng.choice([0.5, 0.8, 1.0], n, p=[0.2, 0.3, 0.5])
    nee = np.where(quality < 0.75, 50.0, nee)
    gpp = 0.02 * light
    fluxes = pd.DataFrame(
        {
            "TIMESTAMP": pd.DatetimeIndex(day).strftime("%Y%m%d").astype(int),
            "site": site,
            "lat": np.repeat(np.linspace(-40.0, 60.0, len(SITES)), len(DAYS)),
            "lon": 10.0,
            "IGBP": np.repeat(BIOMES, len(DAYS)),
            **dict(zip(TARGETS, (gpp, gpp + nee, nee))),
            "NEE_VUT_USTAR50_QC": quality,
        }
    )
    key = {"date": day, "site": named + site.astype(object)}
    modis = pd.DataFrame(key | {band: rng.normal(size=n) for band in BANDS})
    modis = modis[np.arange(n) % 8 > 0]
    era5 = pd.DataFrame(key | {"temperature_2m": air, "radiation": light, "rain": rng.random(n)})
    short = {"C": "Cfb", "D": "Dfc"}
    return {
        "target_fluxes_v2.parquet": fluxes,
        "MOD09GA.parquet": modis.reset_index(drop=True),
        "ERA5.parquet": era5,
        "feature_sets.json": SETS,
        "koppen_sites.json": dict(zip(SITES, CLIMATES)),
        "koppen_sites_short.json": {s: short[c] for s, c in zip(SITES, CLIMATES)},
    }


def write(folder, content, *, parquet=True):
    """Write JSON objects and, if wanted, tables."""
    for name, value in content.items():
        if isinstance(value, dict):
            (folder / name).write_text(json.dumps(value))
        elif parquet:
            value.to_parquet(folder / name)
    return folder
