import numpy as np
import pytest

from fluxprod.towers.folds import folds_by_site


def network(n=60, seed=1):
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(-50, 65, n), rng.uniform(-180, 180, n)
    lat[1], lon[1] = lat[0] + 0.05, lon[0]
    lat[2], lon[2] = lat[0] + 0.10, lon[0]
    return lat, lon, rng.choice(["ENF", "GRA", "EBF"], n)


def test_neighbours_share_a_fold_and_folds_are_even():
    lat, lon, igbp = network()
    fold = folds_by_site(lat, lon, 10, neighbour_distance=100.0, igbp=igbp)
    assert fold[0] == fold[1] == fold[2]
    count = np.bincount(fold, minlength=10)
    assert count.min() >= 4
    assert count.max() <= 8
    for kind in "ENF", "GRA", "EBF":
        assert np.ptp(np.bincount(fold[igbp == kind], minlength=10)) <= 2


def test_the_same_network_gives_the_same_folds():
    lat, lon, igbp = network()
    first = folds_by_site(lat, lon, 10, neighbour_distance=100.0, igbp=igbp)
    again = folds_by_site(lat, lon, 10, neighbour_distance=100.0, igbp=igbp)
    assert (first == again).all()


def test_too_few_groups():
    with pytest.raises(ValueError, match="1 groups .* 10 folds"):
        folds_by_site(np.zeros(12), np.zeros(12), 10, neighbour_distance=100.0)
