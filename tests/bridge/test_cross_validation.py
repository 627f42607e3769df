"""Blocks of years by hand; a mean predicts nothing of another year."""

import numpy as np
import pytest

from fluxprod.bridge.cross_validation import cross_validated_r2, year_blocks
from fluxprod.bridge.fit import Fit


def mean_only(x: np.ndarray, y: np.ndarray) -> Fit:
    return Fit(np.zeros(x.shape[1]), float(y.mean()), 0.0, 0.0)


def test_blocks_hold_whole_consecutive_years():
    year = np.repeat(np.arange(2001, 2006), 12)
    block = year_blocks(year, 2)
    assert block.reshape(5, 12).T[0].tolist() == [0, 0, 0, 1, 1]
    assert (np.diff(block) >= 0).all()


def test_more_blocks_than_years_is_one_year_each():
    assert year_blocks(np.array([2001, 2002]), 4).tolist() == [0, 1]


def test_r2_of_the_other_years_mean_by_hand():
    # years 1, 1 and 3, 3: each is predicted by the other's mean, error 2; variance 1: R2 = 1 - 4
    y = np.array([1.0, 1.0, 3.0, 3.0])
    block = np.array([0, 0, 1, 1])
    assert cross_validated_r2(mean_only, np.zeros((4, 1)), y, block) == pytest.approx(-3.0)


def test_one_block_has_no_held_out_years():
    assert np.isnan(cross_validated_r2(mean_only, np.zeros((2, 1)), np.arange(2.0), np.zeros(2)))
