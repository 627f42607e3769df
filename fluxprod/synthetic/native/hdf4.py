"""HDF-EOS files of the climate modelling grid, written with pyhdf.

Row 0 is at 90 N and column 0 at 180 W.
"""

import contextlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pyhdf.SD import SD, SDC

from fluxprod.core.atomic_output import atomic_output

DEFLATE_LEVEL = 1
DTYPES = {
    np.dtype(np.int8): SDC.INT8,
    np.dtype(np.uint8): SDC.UINT8,
    np.dtype(np.int16): SDC.INT16,
    np.dtype(np.uint16): SDC.UINT16,
}
HDFEOS_TYPES = {
    np.dtype(np.int8): "DFNT_INT8",
    np.dtype(np.uint8): "DFNT_UINT8",
    np.dtype(np.int16): "DFNT_INT16",
    np.dtype(np.uint16): "DFNT_UINT16",
}


class GridLayer(NamedTuple):
    """A dataset of a product: its name, type and the attributes needed to decode it.

    ``step`` is the physical size of one raw unit. ``scale_factor`` is the attribute in the files of
    the product, which for MOD13 is the inverse of the step.
    """

    name: str
    dtype: np.dtype
    fill: int
    valid: tuple[int, int]
    long_name: str
    units: str
    step: float = 1.0
    scale_factor: float | None = None


def packed_layer(layer: GridLayer, values: np.ndarray) -> np.ndarray:
    """Convert physical values to raw integers; NaN becomes the fill value.

    Raises
    ------
    ValueError
        If a value is outside the valid range of the product.
    """
    values = np.asarray(values, np.float64)
    missing = np.isnan(values)
    raw = np.where(missing, layer.fill, np.rint(values / layer.step))
    low, high = layer.valid
    if not (missing | ((raw >= low) & (raw <= high))).all():
        found = f"raw values {raw[~missing].min():g} to {raw[~missing].max():g}"
        raise ValueError(f"{layer.name}: {found}, valid {low} to {high}")
    return raw.astype(layer.dtype)


def write_grid(path: Path, grid: str, layers: dict[GridLayer, np.ndarray]) -> None:
    """Write an HDF-EOS grid.

    Parameters
    ----------
    path : Path
        File to write; the same values always give the same bytes.
    grid : str
        HDF-EOS name of the grid.
    layers : dict of GridLayer to ndarray, shape (row, column)
        Physical values, row 0 at 90 N.
    """
    shape = next(iter(layers.values())).shape
    raw = {layer: packed_layer(layer, values) for layer, values in layers.items()}
    # HDF4 stores the path under which the file is opened; a bare name keeps the folder out of it
    with atomic_output(path) as temporary, contextlib.chdir(temporary.parent):
        # without TRUNC, pyhdf appends to an existing file
        file = SD(temporary.name, SDC.WRITE | SDC.CREATE | SDC.TRUNC)
        file.attr("HDFEOSVersion").set(SDC.CHAR, "HDFEOS_V2.17")
        file.attr("StructMetadata.0").set(SDC.CHAR, _structure(grid, list(layers), shape))
        for layer in layers:
            _add_layer(file, grid, layer, raw[layer])
        file.end()


def _add_layer(file: SD, grid: str, layer: GridLayer, raw: np.ndarray) -> None:
    kind = DTYPES[np.dtype(layer.dtype)]
    dataset = file.create(layer.name, kind, raw.shape)
    dataset.setcompress(SDC.COMP_DEFLATE, DEFLATE_LEVEL)
    dataset.dim(0).setname(f"YDim:{grid}")
    dataset.dim(1).setname(f"XDim:{grid}")
    dataset.attr("long_name").set(SDC.CHAR, layer.long_name)
    dataset.attr("units").set(SDC.CHAR, layer.units)
    dataset.attr("valid_range").set(kind, list(layer.valid))
    dataset.attr("_FillValue").set(kind, layer.fill)
    if layer.scale_factor is not None:
        dataset.attr("scale_factor").set(SDC.FLOAT64, layer.scale_factor)
        dataset.attr("add_offset").set(SDC.FLOAT64, 0.0)
    dataset[:] = raw
    dataset.endaccess()


def _structure(grid: str, layers: list[GridLayer], shape: tuple[int, ...]) -> str:
    """Describe a global geographic grid for HDF-EOS, with angles as packed DDDMMMSSS.SS."""
    fields = "".join(_field(number, layer) for number, layer in enumerate(layers, start=1))
    return (
        "GROUP=SwathStructure\nEND_GROUP=SwathStructure\n"
        "GROUP=GridStructure\n\tGROUP=GRID_1\n"
        f'\t\tGridName="{grid}"\n'
        f"\t\tXDim={shape[1]}\n\t\tYDim={shape[0]}\n"
        "\t\tUpperLeftPointMtrs=(-180000000.000000,90000000.000000)\n"
        "\t\tLowerRightMtrs=(180000000.000000,-90000000.000000)\n"
        "\t\tProjection=GCTP_GEO\n\t\tGridOrigin=HDFE_GD_UL\n"
        "\t\tGROUP=Dimension\n\t\tEND_GROUP=Dimension\n"
        f"\t\tGROUP=DataField\n{fields}\t\tEND_GROUP=DataField\n"
        "\t\tGROUP=MergedFields\n\t\tEND_GROUP=MergedFields\n"
        "\tEND_GROUP=GRID_1\nEND_GROUP=GridStructure\n"
        "GROUP=PointStructure\nEND_GROUP=PointStructure\nEND\n"
    )


def _field(number: int, layer: GridLayer) -> str:
    return (
        f"\t\t\tOBJECT=DataField_{number}\n"
        f'\t\t\t\tDataFieldName="{layer.name}"\n'
        f"\t\t\t\tDataType={HDFEOS_TYPES[np.dtype(layer.dtype)]}\n"
        '\t\t\t\tDimList=("YDim","XDim")\n'
        f"\t\t\t\tCompressionType=HDFE_COMP_DEFLATE\n\t\t\t\tDeflateLevel={DEFLATE_LEVEL}\n"
        f"\t\t\tEND_OBJECT=DataField_{number}\n"
    )
