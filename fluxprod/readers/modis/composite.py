"""Values of a MODIS composite at selected pixels, for all kinds of files."""

from collections.abc import Iterable

import numpy as np

from fluxprod.readers.modis.appeears import read_area
from fluxprod.readers.modis.composites import Source
from fluxprod.readers.modis.layers import FPAR, LAYERS, ndwi_and_green, read_layers
from fluxprod.readers.modis.pixels import Pixels
from fluxprod.readers.modis.tiles import read_tiles, tile_of

SAME_LAYERS = {"MOD15A2H": "MCD15A2H"}  # products with the same layers as another


def read_composite(sources: tuple[Source, ...], pixels: Pixels) -> dict[str, np.ndarray]:
    """Read all quantities of a composite, averaging its days or joining its tiles.

    Parameters
    ----------
    sources : tuple of Source
        Files of one composite, at least one.
    pixels : Pixels
        Cells to read.

    Returns
    -------
    dict of str to ndarray, shape (pixel,)
        Physical values that passed the quality screening, by our names and in the units of
        `layers`; NaN where there is none.

    Raises
    ------
    DataError
        If a file is corrupt or not as documented.
    """
    if tile_of(sources[0].path) is not None:
        return {"FPAR": read_tiles([source.path for source in sources], FPAR, pixels)}
    if len(sources) == 1:
        return _read_source(sources[0], pixels)
    return _mean_of_days(_read_source(source, pixels) for source in sources)


def _read_source(source: Source, pixels: Pixels) -> dict[str, np.ndarray]:
    if source.step is not None:
        fields = read_area(source.path, source.step, pixels)
    else:
        product = SAME_LAYERS.get(source.product, source.product)
        fields = read_layers(source.path, LAYERS[product], pixels)
    return ndwi_and_green(fields) if "BAND2" in fields else fields


def _mean_of_days(days: Iterable[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Mean over the days with a value, NaN where there is none; one day is in memory at a time."""
    total: dict[str, np.ndarray] = {}
    count: dict[str, np.ndarray] = {}
    for day in days:
        for name, values in day.items():
            valid = np.isfinite(values)
            total.setdefault(name, np.zeros(values.shape))[valid] += values[valid]
            count.setdefault(name, np.zeros(values.shape, np.int8))[valid] += 1
    return {
        name: np.where(count[name] > 0, total[name] / np.maximum(count[name], 1), np.nan)
        for name in total
    }
