"""Layers of MODIS products and the screening of their values by their quality layers.

======== ========================= ========= ==== ==================================== =========
ours     product                   raw       unit values kept                           source
======== ========================= ========= ==== ==================================== =========
NDVI,EVI MOD13C1, MOD13C2          int16     1    pixel reliability 0 good, 1 marginal [1]_
LST_*    MOD11C2, MOD11C1          uint16    K    error flag <= 2 K                     [2]_
BANDn    MCD43C4                   int16     1    BRDF quality 0 to 3: at most half of  [3]_
                                                  the cell is filled
FPAR     MCD15A2H, MOD15A2H        uint8     1    main algorithm, good detectors, no    [4]_
                                                  significant clouds
======== ========================= ========= ==== ==================================== =========

Pixel reliability excludes snow from NDVI and EVI; nadir reflectances include it.

References
----------
.. [1] MODIS Vegetation Index User's Guide (Didan et al.), doi 10.5067/MODIS/MOD13C1.061
.. [2] MODIS Land-Surface Temperature Products Users' Guide (Wan), doi 10.5067/MODIS/MOD11C2.061
.. [3] MCD43 Product User Guide (Schaaf), doi 10.5067/MODIS/MCD43C4.061
.. [4] MODIS LAI/FPAR User's Guide (Myneni), doi 10.5067/MODIS/MCD15A2H.061
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fluxprod.readers.modis.grid import open_grid, read_layer, read_sds
from fluxprod.readers.modis.layer import Layer
from fluxprod.readers.modis.pixels import Pixels


class ScreenedLayer(NamedTuple):
    """A layer, the name of its quality layer, and the rule that selects good values by it."""

    layer: Layer
    quality: str
    good: Callable[[np.ndarray], np.ndarray]


def good_index(reliability: np.ndarray) -> np.ndarray:
    """Pixel reliability: 0 good, 1 marginal, 2 snow or ice, 3 cloud, 4 estimated, -1 none."""
    good: np.ndarray = (reliability == 0) | (reliability == 1)
    return good


def good_reflectance(quality: np.ndarray) -> np.ndarray:
    """BRDF quality: 0 (best) to 3, at most half of the cell is filled; 4, 5 worse; 255 none."""
    good: np.ndarray = quality <= 3
    return good


def good_lst(quality: np.ndarray) -> np.ndarray:
    """Bits 0-1: 00 good, 01 see other bits, 1x not produced; 6-7: error 00 <= 1 K, 01 <= 2 K."""
    produced, error = quality & 0b11, quality >> 6
    good: np.ndarray = (produced == 0) | ((produced == 1) & (error <= 1))
    return good


def good_fpar(quality: np.ndarray) -> np.ndarray:
    """Bit 0: 0 main algorithm; bit 2: 0 good detectors; bits 3-4: 01 significant clouds."""
    good: np.ndarray = ((quality & 0b101) == 0) & ((quality & 0b11000) != 0b01000)
    return good


def _index(name: str, period: str) -> ScreenedLayer:
    title = f"CMG 0.05 Deg {period}"
    layer = Layer(f"{title} {name}", -3000, (-2000, 10000), 1e-4)
    return ScreenedLayer(layer, f"{title} pixel reliability", good_index)


def _temperature(time: str) -> ScreenedLayer:
    layer = Layer(f"LST_{time}_CMG", 0, (7500, 65535), 0.02, "K")
    return ScreenedLayer(layer, f"QC_{time}", good_lst)


def _reflectance(band: int) -> ScreenedLayer:
    layer = Layer(f"Nadir_Reflectance_Band{band}", 32767, (0, 32766), 1e-4)
    return ScreenedLayer(layer, "BRDF_Quality", good_reflectance)


# raw values 249 to 254 give the reason for a missing value, 255 none
FPAR = ScreenedLayer(Layer("Fpar_500m", 255, (0, 100), 0.01), "FparLai_QC", good_fpar)
TEMPERATURES = {"LST_DAY": _temperature("Day"), "LST_NIGHT": _temperature("Night")}
LAYERS = {
    "MOD13C1": {name: _index(name, "16 days") for name in ("NDVI", "EVI")},
    "MOD13C2": {name: _index(name, "Monthly") for name in ("NDVI", "EVI")},
    "MOD11C1": TEMPERATURES,
    "MOD11C2": TEMPERATURES,
    "MCD43C4": {f"BAND{band}": _reflectance(band) for band in (2, 4, 5)},
    "MCD15A2H": {"FPAR": FPAR},
}


def read_layers(
    path: Path, layers: dict[str, ScreenedLayer], pixels: Pixels | None = None
) -> dict[str, np.ndarray]:
    """Read the good values of layers of a global grid in physical units.

    Parameters
    ----------
    path : Path
        HDF4 file.
    layers : dict of str to ScreenedLayer
        Layers by our names, as in ``LAYERS``.
    pixels : Pixels, optional
        Cells to read; by default all.

    Returns
    -------
    dict of str to ndarray of float32, shape (row, column) or (pixel,)
        Values by our names, NaN where they are not good, south to north, in the units above.

    Raises
    ------
    DataError
        If the file is corrupt, a layer is missing, or it is not packed as documented.
    """
    fields, good = {}, {}
    with open_grid(path) as grid:
        for name, (layer, quality, rule) in layers.items():
            if quality not in good:
                good[quality] = rule(read_sds(grid, quality, pixels)[0])
            fields[name] = read_layer(grid, layer, pixels)
            fields[name][~good[quality]] = np.nan
    return fields


def ndwi_and_green(bands: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """NDWI and band 4 [1] from the reflectances ``BAND2``, ``BAND4`` and ``BAND5`` [1].

    NDWI is that of Gao (1996, doi 10.1016/S0034-4257(96)00067-3), from 0.86 and 1.24 um. It
    describes the water in leaves, unlike McFeeters' index of the same name for open water.
    """
    return {
        "NDWI": normalised_difference(bands["BAND2"], bands["BAND5"]),
        "BAND4": bands["BAND4"],
    }


def normalised_difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(first - second) / (first + second) [1], NaN unless the sum is positive."""
    total = first + second
    total[~(total > 0)] = np.nan
    index: np.ndarray = (first - second) / total
    return index
