"""One random stream per purpose, member and step.

A step's draws depend on nothing that was drawn before it. So EC and EC-ATM see the same site-days
in the same order, and a training that was stopped goes on as if it had not been.
"""

import numpy as np

INITIAL_WEIGHTS, HELD_OUT_YEARS, FIRST_TERM = range(3)  # then the other terms of the loss


def stream(seed: int, fold: int, purpose: int, step: int = 0) -> np.random.Generator:
    """Generator for one purpose of one member at one step."""
    return np.random.default_rng([seed, fold, purpose, step])
