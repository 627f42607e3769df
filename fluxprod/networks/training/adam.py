"""Adam on one flat vector: five array operations per step, whatever the number of layers."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

BETA_1, BETA_2 = 0.9, 0.999  # decay of the first and second moment [1]
EPSILON = 1e-8  # added to the root of the second moment, in the unit of the gradient


class Adam:
    """Algorithm 1 of Kingma & Ba (2015, arXiv:1412.6980), with decoupled weight decay.

    The parameters become views on one vector, and their gradients views on another.

    Parameters
    ----------
    parameters : sequence of Tensor
        Leaves of the graph, changed in place at each step.
    learning_rate : sequence of float
        Learning rate of each parameter [1].
    weight_decay : sequence of float
        Weight decay of each parameter (Loshchilov & Hutter 2019, arXiv:1711.05101); zeros give
        plain Adam [1].
    """

    def __init__(
        self,
        parameters: Sequence[Tensor],
        learning_rate: Sequence[float],
        weight_decay: Sequence[float],
    ) -> None:
        self.steps = 0
        self.vector = torch.cat([parameter.detach().flatten() for parameter in parameters])
        self.slope, self.mean, self.square = (torch.zeros_like(self.vector) for _ in range(3))
        self.rate, self.decay = (
            torch.cat(
                [
                    torch.full_like(parameter.detach().flatten(), value)
                    for parameter, value in zip(parameters, values, strict=True)
                ]
            )
            for values in (learning_rate, weight_decay)
        )
        sizes = [parameter.numel() for parameter in parameters]
        windows = zip(self.vector.split(sizes), self.slope.split(sizes), strict=True)
        for parameter, (values, slope) in zip(parameters, windows, strict=True):
            parameter.data = values.view_as(parameter)
            parameter.grad = slope.view_as(parameter)

    def arrays(self) -> dict[str, np.ndarray]:
        """Parameters, moments and number of steps, which determine the next step."""
        vectors = {"vector": self.vector, "mean": self.mean, "square": self.square}
        copies = {name: vector.cpu().numpy().copy() for name, vector in vectors.items()}
        return copies | {"steps": np.array(self.steps)}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Restore the result of `arrays`; the parameters are views on the vector and follow."""
        for name in ("vector", "mean", "square"):
            getattr(self, name).copy_(torch.from_numpy(arrays[name]))
        self.steps = int(arrays["steps"])

    def zero_slope(self) -> None:
        """Set the gradients to zero before the next step."""
        self.slope.zero_()

    @torch.no_grad()
    def step(self) -> None:
        """Update all parameters with their gradients."""
        self.steps += 1
        self.mean.lerp_(self.slope, 1.0 - BETA_1)
        self.square.mul_(BETA_2).addcmul_(self.slope, self.slope, value=1.0 - BETA_2)
        root = (self.square / (1.0 - BETA_2**self.steps)).sqrt_().add_(EPSILON)
        self.vector.mul_(1.0 - self.rate * self.decay).addcdiv_(
            self.mean * self.rate, root, value=-1.0 / (1.0 - BETA_1**self.steps)
        )
