"""A Global Carbon Budget that agrees with the synthetic Earth within its own errors."""

import pandas as pd

from fluxprod.synthetic.earth.fields import random_stream

LAND_NOISE = 0.35  # error of the mean of dynamic vegetation models [GtC yr-1]
FIRST_FOSSIL, FOSSIL_RISE = 7.0, 0.2  # emission in 2001 [GtC yr-1] and its rise [GtC yr-2]
LAND_USE, OCEAN, CEMENT = 1.3, 2.1, 0.12  # [GtC yr-1]
OTHER_NOISE = 0.1  # error of land use, ocean sink and growth [GtC yr-1]


def carbon_budget(annual_nee: pd.Series, seed: int) -> pd.DataFrame:
    """Compute the annual terms of the budget, with errors.

    Parameters
    ----------
    annual_nee : Series, index year
        True global NEE, positive to the atmosphere [PgC yr-1].
    seed : int
        Seed of the world.

    Returns
    -------
    DataFrame, index year
        Columns fossil, land_use, ocean_sink, land_sink, cement, growth and imbalance; sinks are
        positive into land and ocean [GtC yr-1].
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
