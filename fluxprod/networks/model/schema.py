"""What a file of networks has to hold, so that nothing else is taken for weights."""

from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError

AGAIN = "remove it and train again"
OF_MEMBER = {
    "driver_mean": (("member", "driver"), np.float64),
    "driver_std": (("member", "driver"), np.float64),
    "nee_mean": (("member",), np.float64),
    "nee_std": (("member",), np.float64),
    "best_step": (("member",), np.int32),
}


def check_layout(dataset: xr.Dataset, source: Path | str) -> None:
    """Refuse a dataset that is not networks as `as_dataset` lays them out.

    Layers fit one another as they share dimensions: ``weight_2`` is (member, layer_1, layer_2).

    Raises
    ------
    DataError
        If a variable lacks, is unknown, of other dimensions or another type, or not finite.
    """
    layers = max(1, sum(str(name).startswith("weight_") for name in dataset.data_vars))
    expected = OF_MEMBER | _of_layers(layers)
    for name in sorted(set(map(str, dataset.data_vars)) - set(expected)):
        raise DataError(source, name, "a variable", f"none but {', '.join(expected)}", AGAIN)
    for name, (dims, dtype) in {"member": (("member",), np.int32), **expected}.items():
        _check_variable(dataset, name, dims, np.dtype(dtype), source)
    for dim in ("member", "driver", *(f"layer_{k}" for k in range(1, layers))):
        if not dataset.sizes[dim]:
            raise DataError(source, dim, "length 0", "1 or more", AGAIN)
    if (outputs := dataset.sizes[f"layer_{layers}"]) != 1:
        raise DataError(source, f"layer_{layers}", f"{outputs} outputs", "1, NEE", AGAIN)
    for name in ("driver_std", "nee_std"):
        if not (dataset[name] > 0).all():
            raise DataError(source, name, float(dataset[name].min()), "positive values", AGAIN)


def _of_layers(layers: int) -> dict:
    """Dimensions and type of all weights and biases."""
    sizes = ["driver", *(f"layer_{k}" for k in range(1, layers + 1))]
    expected: dict = {}
    for k in range(1, layers + 1):
        expected[f"weight_{k}"] = (("member", sizes[k - 1], sizes[k]), np.float32)
        expected[f"bias_{k}"] = (("member", sizes[k]), np.float32)
    return expected


def _check_variable(
    dataset: xr.Dataset, name: str, dims: tuple[str, ...], dtype: np.dtype, source: Path | str
) -> None:
    if name not in dataset.variables:
        raise DataError(source, name, "nothing", f"{dtype} {dims}", AGAIN)
    variable = dataset[name]
    if variable.dims != dims:
        raise DataError(source, name, f"dimensions {variable.dims}", dims, AGAIN)
    if variable.dtype != dtype:
        raise DataError(source, name, variable.dtype, dtype, AGAIN)
    if strange := int((~np.isfinite(variable.values)).sum()):
        raise DataError(source, name, f"{strange} values not finite", "finite values", AGAIN)
