"""The splits of CarbonFluxBench: which sites are kept apart for the test.

They follow ``split_targets`` in carbonfluxbench/utils/targets.py of the public repository
alexxxroz/CarbonFluxBench (commit ee17b99e), with its seed, so that the sites are the same.
"""

import pandas as pd
from sklearn.model_selection import train_test_split

SPLITS = ("IGBP", "Koppen")
SEED = 56  # another seed gives other sites
TEST_SHARE = 0.2  # of the sites of each class
MOST_IN_RARE = 10  # sites of a biome that is split in halves


def held_out_sites(classes: pd.DataFrame, split: str) -> list[str]:
    """Choose the sites of the test: a fifth of each class, and half of each rare biome.

    Parameters
    ----------
    classes : DataFrame
        Columns ``IGBP`` and ``Koppen``, one row for each site, named by the index.
    split : {"IGBP", "Koppen"}
        Classes that are split: biomes, of which those of at most ten sites are split in halves, or
        climates.

    Returns
    -------
    list of str
        Names in alphabetical order.

    Raises
    ------
    ValueError
        If a class has too few sites for a fifth of them.
    """
    if split not in SPLITS:
        raise ValueError(f"split {split}, which must be one of {', '.join(SPLITS)}")
    sites = classes.sort_index()
    if split == "Koppen":
        return sorted(_fifth(sites["Koppen"]))
    count = sites["IGBP"].value_counts()
    rare = count.index[count <= MOST_IN_RARE]
    common = sites.loc[~sites["IGBP"].isin(rare), "IGBP"]
    chosen = _fifth(common) if len(common) else []
    for biome in rare:
        own = sites[sites["IGBP"] == biome]
        chosen += list(own.sample(len(own) // 2, random_state=SEED).index)
    return sorted(chosen)


def _fifth(classes: pd.Series) -> list[str]:
    """A fifth of the sites of each class."""
    names = classes.index.to_series()
    return list(
        train_test_split(names, test_size=TEST_SHARE, stratify=classes, random_state=SEED)[1]
    )
