import numpy as np

from fluxprod.towers.folds import folds_by_site
from fluxprod.towers.nested_folds import nested_folds

# ten places far apart, two towers at each, about 11 km from one another
LAT = np.repeat(np.linspace(-60.0, 60.0, 10), 2) + np.tile([0.0, 0.1], 10)
LON = np.repeat(np.linspace(-150.0, 150.0, 10), 2)
IGBP = np.array(["GRA", "ENF"] * 10)


def test_scored_sites_and_only_they_are_outside():
    fold = folds_by_site(LAT, LON, 5, neighbour_distance=100.0, igbp=IGBP)
    inner = nested_folds(LAT, LON, IGBP, fold, 3, neighbour_distance=100.0)
    assert inner.shape == (5, 20)
    for number in range(5):
        assert ((inner[number] < 0) == (fold == number)).all()
        assert set(inner[number]) == {-1, 0, 1, 2}


def test_neighbours_stay_together():
    fold = folds_by_site(LAT, LON, 5, neighbour_distance=100.0, igbp=IGBP)
    inner = nested_folds(LAT, LON, IGBP, fold, 3, neighbour_distance=100.0)
    assert (inner[:, ::2] == inner[:, 1::2]).all()
