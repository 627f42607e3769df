"""A trained network as plain arrays."""

from dataclasses import dataclass

import numpy as np
import torch

from fluxprod.networks.mlp import predict
from fluxprod.networks.scaling import Scaling

Row = dict[str, float]


@dataclass(frozen=True)
class Member:
    """A trained network as plain arrays.

    Parameters
    ----------
    weights : list of ndarray
        As ``mlp.initial_weights`` orders them, of the best state.
    scaling : Scaling
        Of its training records.
    best_step : int
        At which the criterion was lowest.
    history : list of dict
        One row a validation.
    """

    weights: list[np.ndarray]
    scaling: Scaling
    best_step: int
    history: list[Row]

    def predict(self, x: np.ndarray) -> np.ndarray:
        """NEE [g m-2 d-1], float64 (record,), of drivers (record, driver) in their units."""
        weights = [torch.from_numpy(weight) for weight in self.weights]
        scaled = predict(torch.from_numpy(self.scaling.scaled(x)), weights)
        return scaled.numpy().astype(np.float64) * self.scaling.y_std + self.scaling.y_mean
