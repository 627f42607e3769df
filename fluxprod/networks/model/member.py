"""A trained network as plain arrays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch

from fluxprod.networks.model.mlp import predict
from fluxprod.networks.model.scaling import Scaling

Row = dict[str, float]


def split_layers(vector: np.ndarray, sizes: Sequence[int]) -> list[np.ndarray]:
    """Weights and biases of each layer in turn, from a flat vector of all of them.

    >>> [layer.shape for layer in split_layers(np.arange(13.0), (2, 3, 1))]
    [(2, 3), (3,), (3, 1), (1,)]
    """
    shapes = [
        shape for inputs, outputs in pairwise(sizes) for shape in ((inputs, outputs), (outputs,))
    ]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    parts = np.split(vector, ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


@dataclass(frozen=True)
class Member:
    """A trained network as plain arrays.

    Parameters
    ----------
    weights : list of ndarray
        Weights and biases of the best state, in the order of `mlp.initial_weights`.
    scaling : Scaling
        Scaling fitted on the training records.
    best_step : int
        Step at which the validation criterion was lowest.
    history : list of dict
        One row per validation.
    snapshots : ndarray, optional, shape (validation, parameter)
        Weights at each validation, flattened in the order of ``weights``; None for networks that
        were read from a file.
    """

    weights: list[np.ndarray]
    scaling: Scaling
    best_step: int
    history: list[Row]
    snapshots: np.ndarray | None = None

    def predict(self, x: np.ndarray) -> np.ndarray:
        """NEE [g m-2 d-1], float64 (record,), from drivers (record, driver) in their units."""
        weights = [torch.from_numpy(weight) for weight in self.weights]
        rows = torch.from_numpy(self.scaling.scaled(x))
        output = predict(rows, weights).double()
        nee: np.ndarray = self.scaling.nee(output, rows.double()).numpy()
        return nee
