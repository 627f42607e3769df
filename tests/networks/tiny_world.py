"""Six cells in two regions, two years of days, three inversions: small enough to look at."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.time_axis import calendar_day
from fluxprod.core.variables import DAILY_DRIVERS, DRIVERS, SEASONAL_DRIVERS

TIME = pd.date_range("2003-01-01", "2005-12-31", unit="s")
MONTHS = pd.date_range("2003-01-01", "2005-12-31", freq="MS", unit="s")
REGION = np.array([4, 4, 4, 6, 6, -1])  # BRA, EU and no region
AREA = np.array([1.0, 2.0, 3.0, 1.0, 1.0, 5.0]) * 1e12  # m2
YEARS = range(2003, 2006)


def driver_store(seed=0, names=DRIVERS):
    rng = np.random.default_rng(seed)
    season = np.cos(2 * np.pi * np.arange(366) / 366)
    fields = {}
    for name in names:
        if name in DAILY_DRIVERS:
            cycle = season[calendar_day(TIME) - 1]
            fields[name] = (("cell", "time"), cycle + rng.normal(size=(6, len(TIME))))
        elif name in SEASONAL_DRIVERS:
            fields[name] = (("cell", "calendar_day"), season * rng.normal(1.0, 0.3, (6, 1)))
        else:
            fields[name] = ("cell", rng.normal(size=6))
    fields |= {
        "cell_region": ("cell", REGION.astype(np.int8)),
        "land_area": ("cell", AREA),
        "cell_lat": ("cell", np.arange(6.0)),
        "cell_lon": ("cell", np.arange(6.0)),
    }
    return xr.Dataset(fields, {"cell": 10 * np.arange(6), "time": TIME})


# cells, theta [1e12 m2] and intercepts [1e11 g d-1] of BRA and EU
LASSO = {"BRA": ([0, 20], [2.0, 4.0], 1.0), "EU": ([30], [1.5], -2.0)}
ANCHORED = {"BRA": ([0, 20], [1.5, 4.5], 0.0), "EU": ([30, 40], [0.8, 1.2], 0.0)}
EVERY_CELL = {"BRA": ([0, 10, 20], [1.0, 2.0, 3.0], 0.0), "EU": ([30, 40], [1.0, 1.0], 0.0)}
BRIDGES = {
    "lasso": (LASSO, 0),
    "anchored": (ANCHORED, 0),
    "exact": (EVERY_CELL, 0),
    "sampled": (EVERY_CELL, 5),
}


def bridge(method="lasso"):
    """By default all but one cell of BRA and one cell of EU."""
    regions, n_drawn = BRIDGES[method]
    (bra, bra_theta, bra_intercept), (eu, eu_theta, eu_intercept) = regions.values()
    return xr.Dataset(
        {
            "cell": ("contribution", np.array([*bra, *eu])),
            "contribution_region": ("contribution", np.repeat([4, 6], [len(bra), len(eu)])),
            "theta": ("contribution", np.array([*bra_theta, *eu_theta]) * 1e12),
            "intercept": ("region", np.array([bra_intercept, eu_intercept, 0.0]) * 1e11),
            "n_drawn": ((), n_drawn),
        },
        {"region": ["BRA", "EU", "SEAS"]},
        {"method": method},
    )


def inversions(flux=0.0, seed=1):
    """Three members about a uniform flux [g m-2 d-1] as the bridge sees it; one absent in 2003."""
    total = np.array([[6.0], [1.5], [0.0]]) * 1e-3 * flux + np.array([[1e-4], [-2e-4], [0.0]])
    noise = np.random.default_rng(seed).normal(0.0, 0.005, (3, 3, len(MONTHS)))
    nee = total * MONTHS.days_in_month.to_numpy() + noise  # [PgC month-1]
    nee[2, :, :12] = np.nan
    return xr.Dataset(
        {"NEE": (("member", "region", "time"), nee)},
        {"member": list("abc"), "region": ["BRA", "EU", "SEAS"], "time": MONTHS},
    )


def site_records(n_sites=4, days=150, seed=2, names=DRIVERS):
    """Site-days of a law that the network can learn, NEE [g m-2 d-1]."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n_sites * days, len(names)))
    nee = x[:, 0] - 0.5 * np.maximum(x[:, 8], 0.0) + rng.normal(0.0, 0.1, len(x))
    return xr.Dataset(
        {
            "x": (("record", "driver"), x.astype(np.float32)),
            "NEE": ("record", nee),
            "site_index": ("record", np.repeat(np.arange(n_sites), days)),
            "fold": ("site", np.arange(n_sites) % 2),
        },
        {"driver": list(names)},
    )
