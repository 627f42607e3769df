"""Candidates are drawn from every cluster, at random and repeatably."""

import numpy as np

from fluxprod.bridge.candidates import draw_candidates

CLUSTER = np.repeat([0, 1, 2], [20, 3, 7])


def draw(seed: int) -> np.ndarray:
    return draw_candidates(CLUSTER, 5, generator=np.random.default_rng(seed))


def test_each_cluster_gives_its_members_or_all_it_has():
    assert np.bincount(CLUSTER[draw(1)]).tolist() == [5, 3, 5]


def test_candidates_rise_and_differ():
    assert (np.diff(draw(1)) > 0).all()


def test_same_seed_same_candidates():
    assert draw(1).tolist() == draw(1).tolist()
    assert draw(1).tolist() != draw(2).tolist()


def test_every_cell_has_the_same_chance_within_its_cluster():
    # 400 draws of 5 out of 20: expected 100 each, standard deviation 8.7
    generator = np.random.default_rng(0)
    drawn = np.concatenate([draw_candidates(CLUSTER, 5, generator=generator) for _ in range(400)])
    count = np.bincount(drawn, minlength=30)[:20]
    assert count.min() > 65
    assert count.max() < 135


def test_no_cells_no_candidates():
    assert len(draw_candidates(np.array([], int), 4, generator=np.random.default_rng(0))) == 0
