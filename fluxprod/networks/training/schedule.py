"""Learning rates as functions of the training step."""

from math import cos, pi

from fluxprod.networks.settings import TrainingSettings


def variance_learning_rate(settings: TrainingSettings) -> float:
    """Constant learning rate of the log variances of Eqs. 9 to 11."""
    rate = settings.variance_rate
    return settings.learning_rate if rate is None else rate


def learning_rate_at(step: int, settings: TrainingSettings) -> float:
    """Learning rate of the network at a step, counted from 1: along half a cosine, or constant."""
    first, last = settings.learning_rate, settings.final_learning_rate
    if last is None:
        return first
    return last + 0.5 * (first - last) * (1.0 + cos(pi * (step - 1) / max(settings.steps - 1, 1)))
