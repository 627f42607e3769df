"""Standardisation of drivers and NEE, fitted on the training sites of a member and kept with it."""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from fluxprod.networks.model.light_use import LightUse, light_use_nee


@dataclass(frozen=True)
class Scaling:
    """Means and standard deviations of the training records.

    Parameters
    ----------
    x_mean, x_std : ndarray of float64, shape (driver,)
        Moments of each driver, in its own unit.
    y_mean, y_std : float
        Moments of NEE [g m-2 d-1].
    light_use : LightUse, optional
        Columns of the drivers of both responses if the network has two outputs; None for the plain
        network, whose output is NEE.

    Raises
    ------
    ValueError
        If a moment is not finite, or a standard deviation not positive.
    """

    x_mean: np.ndarray
    x_std: np.ndarray
    y_mean: float
    y_std: float
    light_use: LightUse | None = None

    def __post_init__(self) -> None:
        """Reject a scaling that would silently give NaN or infinite values."""
        numbers = np.concatenate([self.x_mean, self.x_std, [self.y_mean, self.y_std]])
        if not np.isfinite(numbers).all():
            raise ValueError("scaling: means and standard deviations must be finite")
        if not ((self.x_std > 0).all() and self.y_std > 0):
            raise ValueError("scaling: standard deviations must be positive")

    def scaled(self, x: np.ndarray) -> np.ndarray:
        """Drivers (..., driver) as standard deviations from their mean [1], float32."""
        if x.shape[-1] != len(self.x_mean):
            raise ValueError(f"{x.shape[-1]} drivers, but a scaling for {len(self.x_mean)}")
        return np.asarray(((x - self.x_mean) / self.x_std).astype(np.float32))

    def nee(self, output: Tensor, x: Tensor) -> Tensor:
        """NEE (row,) [g m-2 d-1] from the output of the network for scaled drivers x."""
        if self.light_use is None:
            return output * self.y_std + self.y_mean
        temperature, light = (
            x[:, column] * float(self.x_std[column]) + float(self.x_mean[column])
            for column in (self.light_use.temperature, self.light_use.light)
        )
        return light_use_nee(output, temperature, light)


def fit_scaling(x: np.ndarray, y: np.ndarray, light_use: LightUse | None = None) -> Scaling:
    """Fit a scaling, in float64, to drivers (record, driver) and NEE (record,).

    A driver with the same value in all records carries no information; its standard deviation is
    set to one.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    x_std, y_std = x.std(axis=0), y.std()
    return Scaling(
        x_mean=x.mean(axis=0),
        x_std=np.where(x_std > 0, x_std, 1.0),
        y_mean=float(y.mean()),
        y_std=float(y_std if y_std > 0 else 1.0),
        light_use=light_use,
    )
