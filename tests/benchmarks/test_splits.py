"""Which sites are kept apart: the splits of both benchmarks."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import StratifiedShuffleSplit

from fluxprod.benchmarks.extrapolations import (
    SETTINGS,
    TEST_SITES,
    VALIDATION_SITES,
    environments,
    part_of_hours,
)
from fluxprod.benchmarks.splits import held_out_sites

COUNTS = {"ENF": 60, "GRA": 41, "CRO": 11, "MF": 10, "WET": 7, "CSH": 3, "SNO": 1}
BIOMES = [biome for biome, count in COUNTS.items() for _ in range(count)]
CLASSES = pd.DataFrame(
    {"IGBP": BIOMES, "Koppen": np.resize(list("DDDCCB"), len(BIOMES))},
    index=[f"S{number:03d}" for number in range(len(BIOMES))],
)


def test_biomes():
    test = held_out_sites(CLASSES, "IGBP")
    assert len(set(test)) == len(test)
    found = CLASSES.IGBP[test].value_counts().to_dict()
    # a fifth of 112 sites of common biomes, and half of each biome of at most 10 sites, downwards
    assert found == {"ENF": 12, "GRA": 9, "CRO": 2, "MF": 5, "WET": 3, "CSH": 1}


def test_climates():
    test = held_out_sites(CLASSES, "Koppen")
    assert len(test) == 27  # a fifth of 133, upwards
    share = CLASSES.Koppen[test].value_counts() / CLASSES.Koppen.value_counts()
    assert share.between(0.15, 0.25).all()


def test_the_sites_are_those_of_the_seed_of_the_authors():
    """Their train_test_split draws as this class of scikit-learn with their seed."""
    draw = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=56)
    ((_, rows),) = draw.split(CLASSES, CLASSES.Koppen)
    assert held_out_sites(CLASSES, "Koppen") == sorted(CLASSES.index[rows])
    wetlands = CLASSES[CLASSES.IGBP == "WET"].sample(3, random_state=56).index
    chosen = held_out_sites(CLASSES, "IGBP")
    assert [site for site in chosen if CLASSES.IGBP[site] == "WET"] == sorted(wetlands)


@pytest.mark.parametrize("split", ["IGBP", "Koppen"])
def test_the_order_of_the_sites_does_not_matter(split):
    shuffled = CLASSES.sample(frac=1, random_state=3)
    assert held_out_sites(shuffled, split) == held_out_sites(CLASSES, split)


def test_only_rare_biomes():
    rare = CLASSES[CLASSES.IGBP.isin(["WET", "CSH"])]
    assert len(held_out_sites(rare, "IGBP")) == 3 + 1


def test_a_class_of_one_site_cannot_be_split():
    with pytest.raises(ValueError, match="least populated class"):
        held_out_sites(CLASSES.assign(Koppen=["A"] + ["C"] * (len(CLASSES) - 1)), "Koppen")
    with pytest.raises(ValueError, match="one of IGBP, Koppen"):
        held_out_sites(CLASSES, "PFT")


def test_lists_of_sites():
    """40 sites of the test and 20 of the validation, as the authors' own tests demand."""
    for setting, test in TEST_SITES.items():
        validation = VALIDATION_SITES[setting]
        assert (len(set(test)), len(set(validation))) == (40, 20)
        assert not set(test) & set(validation)


HOURS = pd.DataFrame(
    {
        "site_id": ["AU-Dry", "AU-Dry", "DE-Tha", "DE-Tha", "US-Snf", "XX-Abc", "XX-Abc"],
        "year": [2010, 2018, 2018, 2019, 2021, 2017, 2022],
    }
)


@pytest.mark.parametrize(
    ("setting", "parts"),
    [
        ("time-split", ["", "", "validation", "test", "test", "training", "test"]),
        ("spatial-easy40", [*["test"] * 2, *["validation"] * 2, "test", *["training"] * 2]),
        ("TA40", [*["test"] * 2, *["training"] * 2, "validation", *["training"] * 2]),
    ],
)
def test_parts_of_hours(setting, parts):
    of_time = ["DE-Tha", "US-Snf", "XX-Abc"]
    assert part_of_hours(HOURS, setting, of_time).tolist() == parts


def test_environments():
    assert environments(HOURS, "TA40")[0] == "AU-Dry"
    assert environments(HOURS, "time-split")[-1] == "('XX-Abc', 2022)"
    assert SETTINGS == ("time-split", "spatial-easy40", "TA40")
