"""Values of a MODIS composite at the pixels that are wanted, whatever files it comes in."""

from collections.abc import Iterable

import numpy as np

from fluxprod.readers.modis.appeears import read_area
from fluxprod.readers.modis.composites import Source
from fluxprod.readers.modis.layers import FPAR, LAYERS, ndwi_and_green, read_layers
from fluxprod.readers.modis.pixels import Pixels
from fluxprod.readers.modis.tiles import read_tiles, tile_of

GRIDDED = {"MOD15A2H": "MCD15A2H"}  # products with the layers of another


def read_composite(sources: tuple[Source, ...], pixels: Pixels) -> dict[str, np.ndarray]:
    """Read all quantities of a composite; days are averaged, tiles put together.

    Parameters
    ----------
    sources : tuple of Source
        Of one composite, at least one.
    pixels : Pixels

    Returns
    -------
    dict of ndarray, shape (pixel,)
        Screened physical values by our names, NaN where there is none; units in modis_layers.

    Raises
    ------
    DataError
        If a file is broken or not what it should be.
    """
    if tile_of(sources[0].path) is not None:
        return {"FPAR": read_tiles([source.path for source in sources], FPAR, pixels)}
    if len(sources) == 1:
        return _read_source(sources[0], pixels)
    return mean_of_days(_read_source(source, pixels) for source in sources)


def _read_source(source: Source, pixels: Pixels) -> dict[str, np.ndarray]:
    if source.step is not None:
        fields = read_area(source.path, source.step, pixels)
    else:
        product = GRIDDED.get(source.product, source.product)
        fields = read_layers(source.path, LAYERS[product], pixels)
    return ndwi_and_green(fields) if "BAND2" in fields else fields


def mean_of_days(days: Iterable[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Mean of the days that have a value, NaN where none has; one day is held at a time."""
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
