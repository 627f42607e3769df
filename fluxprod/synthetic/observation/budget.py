"""A Global Carbon Budget that agrees with the synthetic Earth up to its own errors."""

import pandas as pd

from fluxprod.synthetic.earth.fields import random_stream

LAND_NOISE = 0.35  # [GtC yr-1] between dynamic vegetation models' mean and the truth
FIRST_FOSSIL, FOSSIL_RISE = 7.0, 0.2  # [GtC yr-1] in 2001, a year later
LAND_USE, OCEAN, CEMENT = 1.3, 2.1, 0.12  # [GtC yr-1]
OTHER_NOISE = 0.1  # [GtC yr-1] of land use, ocean and growth


def carbon_budget(annual_nee: pd.Series, seed: int) -> pd.DataFrame:
    """Terms of the budget by year [GtC yr-1], sinks positive into land and ocean.

    Parameters
    ----------
    annual_nee : Series, index year
        True global NEE, positive to the atmosphere [PgC yr-1].
    """
    rng, years = random_stream(seed, "budget"), annual_nee.index.to_numpy()
    noise = rng.standard_normal((4, len(years)))
    table = pd.DataFrame(index=pd.Index(years, name="year"))
    table["fossil"] = FIRST_FOSSIL + FOSSIL_RISE * (years - 2001)
    table["land_use"] = LAND_USE + OTHER_NOISE * noise[0]
    table["ocean_sink"] = OCEAN + OTHER_NOISE * noise[1]
    table["land_sink"] = -annual_nee.to_numpy() + LAND_NOISE * noise[2]
    table["cement"] = CEMENT
    emitted = table.fossil + table.land_use
    table["growth"] = emitted - OCEAN + annual_nee.to_numpy() - CEMENT + OTHER_NOISE * noise[3]
    taken = table.growth + table.ocean_sink + table.land_sink + table.cement
    table["imbalance"] = emitted - taken
    return table.round(6)
