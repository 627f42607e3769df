"""A small data set in the layout of FLUXtrapolation, with a relation that can be learned."""

import numpy as np
import pandas as pd

# a site of both tests; of the test, of the validation of the spatial setting; of the validation of
# the setting by temperature; and sites that only train
SITES = ["AU-Dry", "DE-Hai", "DE-Tha", "US-GLE", "XX-Aaa", "XX-Bbb", "XX-Ccc"]
YEARS = (2017, 2018, 2019, 2020)
COVARIATES = ["TA", "VPD", "SW_IN", "IGBP_ENF", "IGBP_GRA"]


def make():
    """Tables by site; every fifth flux is filled and wrong."""
    rng = np.random.default_rng(2)
    days = [pd.date_range(f"{year}-06-01", periods=20 * 24, freq="h") for year in YEARS]
    time = pd.DatetimeIndex(np.concatenate(days))
    tables = {}
    for number, site in enumerate(SITES):
        air, light = rng.normal(15.0, 8.0, len(time)), rng.uniform(0.0, 900.0, len(time))
        nee = 2.0 - 0.01 * light + 0.2 * air
        measured = np.arange(len(time)) % 5 > 0
        tables[site] = pd.DataFrame(
            {
                "time": time,
                "tower_lat": 10.0,
                "tower_lon": 20.0,
                "year": time.year,
                "qc_mask": measured.astype(int),
                "GPP": 0.01 * light,
                "NEE": np.where(measured, nee, 60.0),
                "ET": 0.1,
                "TA": air,
                "VPD": rng.uniform(0.0, 30.0, len(time)),
                "SW_IN": light,
                "IGBP_ENF": number % 2 == 0,
                "IGBP_GRA": number % 2 == 1,
            }
        )
    return tables


def write(folder, tables):
    """One file for each site, and the table of the split by time, which leaves one site out."""
    (folder / "sites").mkdir(parents=True)
    for site, table in tables.items():
        table.to_csv(folder / "sites" / f"{site}.csv", index=False)
    of_time = pd.DataFrame({"site_id": [site for site in tables if site != "XX-Ccc"]})
    of_time.to_csv(folder / "sites_with_2018.csv", index=False)
    return folder
