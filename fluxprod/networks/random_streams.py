"""One random stream per purpose, member and step.

The draws of a step do not depend on any earlier draw. EC and EC-ATM therefore see the same
site-days in the same order, and a resumed training gives the same result as an uninterrupted one.
"""

import numpy as np

INITIAL_WEIGHTS, HELD_OUT_YEARS, FIRST_TERM = range(3)  # the other terms of the loss follow


def stream(seed: int, fold: int, purpose: int, step: int = 0) -> np.random.Generator:
    """Random generator for one purpose of one member at one step.

    Parameters
    ----------
    seed : int
        Seed of the training.
    fold : int
        Number of the member.
    purpose : int
        `INITIAL_WEIGHTS`, `HELD_OUT_YEARS`, or `FIRST_TERM` plus the number of a term of the loss.
    step : int
        Number of the step, 0 for draws outside the steps.
    """
    return np.random.default_rng([seed, fold, purpose, step])
