"""The contents required of a file of networks, so that nothing else is taken for weights."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.networks.model.light_use import LIGHT, N_OUTPUTS, TEMPERATURE

RETRAIN = "remove it and train again"
MEMBER_VARIABLES = {
    "driver_mean": (("member", "driver"), np.float64),
    "driver_std": (("member", "driver"), np.float64),
    "nee_mean": (("member",), np.float64),
    "nee_std": (("member",), np.float64),
    "best_step": (("member",), np.int32),
}


def check_schema(dataset: xr.Dataset, source: Path | str) -> None:
    """Reject a dataset that does not have the form given by `networks_dataset.networks_dataset`.

    Shared dimensions ensure that layers fit together: ``weight_2`` is (member, layer_1, layer_2).

    Raises
    ------
    DataError
        If a variable is missing or unknown, has other dimensions or another type, or is not finite,
        or if a dimension is empty.
    """
    layers = max(1, sum(str(name).startswith("weight_") for name in dataset.data_vars))
    expected = MEMBER_VARIABLES | _layer_variables(layers)
    for name in sorted(set(map(str, dataset.data_vars)) - set(expected)):
        raise DataError(source, name, "an unknown variable", ", ".join(expected), RETRAIN)
    for name, (dims, dtype) in {"member": (("member",), np.int32), **expected}.items():
        _check_variable(dataset, name, dims, np.dtype(dtype), source)
    for dim in ("member", "driver", *(f"layer_{k}" for k in range(1, layers))):
        if not dataset.sizes[dim]:
            raise DataError(source, dim, "length 0", "at least 1", RETRAIN)
    outputs = {1: "1 (NEE)"}
    if {TEMPERATURE, LIGHT} <= set(dataset.driver.values.tolist()):
        outputs[N_OUTPUTS] = f"{N_OUTPUTS} (respiration and uptake)"
    if (found := dataset.sizes[f"layer_{layers}"]) not in outputs:
        expected_outputs = " or ".join(outputs.values())
        raise DataError(source, f"layer_{layers}", f"{found} outputs", expected_outputs, RETRAIN)
    for name in ("driver_std", "nee_std"):
        if not (dataset[name] > 0).all():
            raise DataError(source, name, float(dataset[name].min()), "positive values", RETRAIN)


def _layer_variables(layers: int) -> dict[str, Any]:
    """Dimensions and type of all weights and biases, by name."""
    sizes = ["driver", *(f"layer_{k}" for k in range(1, layers + 1))]
    expected: dict[str, Any] = {}
    for k in range(1, layers + 1):
        expected[f"weight_{k}"] = (("member", sizes[k - 1], sizes[k]), np.float32)
        expected[f"bias_{k}"] = (("member", sizes[k]), np.float32)
    return expected


def _check_variable(
    dataset: xr.Dataset, name: str, dims: tuple[str, ...], dtype: np.dtype, source: Path | str
) -> None:
    if name not in dataset.variables:
        raise DataError(source, name, "no such variable", f"{dtype} {dims}", RETRAIN)
    variable = dataset[name]
    if variable.dims != dims:
        raise DataError(source, name, f"dimensions {variable.dims}", dims, RETRAIN)
    if variable.dtype != dtype:
        raise DataError(source, name, variable.dtype, dtype, RETRAIN)
    if count := int((~np.isfinite(variable.values)).sum()):
        raise DataError(source, name, f"{count} non-finite values", "finite values", RETRAIN)
