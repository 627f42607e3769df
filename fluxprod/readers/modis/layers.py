"""Layers of MODIS products, and which of their values pass their own quality layers.

======== ========================= ========= ==== ==================================== =========
ours     product                   raw       unit kept                                  source
======== ========================= ========= ==== ==================================== =========
NDVI,EVI MOD13C1, MOD13C2          int16     1    pixel reliability 0 good, 1 marginal [1]_
LST_*    MOD11C2, MOD11C1          uint16    K    error flag <= 2 K                     [2]_
BANDn    MCD43C4                   int16     1    BRDF quality 0 to 3: at most half of  [3]_
                                                  the cell without inversion
FPAR     MCD15A2H, MOD15A2H        uint8     1    main algorithm, detectors sound, no   [4]_
                                                  significant clouds
======== ========================= ========= ==== ==================================== =========

Snow is left out of NDVI and EVI by their reliability; nadir reflectances keep it.

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


class Screened(NamedTuple):
    """A layer, the name of its quality layer, and the rule that says which of it are good."""

    layer: Layer
    quality: str
    good: Callable[[np.ndarray], np.ndarray]


def good_index(reliability: np.ndarray) -> np.ndarray:
    """Pixel reliability: 0 good, 1 marginal, 2 snow or ice, 3 cloud, 4 estimated, -1 none."""
    return (reliability == 0) | (reliability == 1)


def good_reflectance(quality: np.ndarray) -> np.ndarray:
    """BRDF quality: 0 best to 3, at most half of the cell is fill; 4 and 5 worse, 255 none."""
    return quality <= 3


def good_lst(quality: np.ndarray) -> np.ndarray:
    """Bits 0-1: 00 good, 01 see the rest, 1x not produced; bits 6-7: error 00 <= 1 K, 01 <= 2 K."""
    produced, error = quality & 0b11, quality >> 6
    return (produced == 0) | ((produced == 1) & (error <= 1))


def good_fpar(quality: np.ndarray) -> np.ndarray:
    """Bit 0: 0 main algorithm; bit 2: 0 detectors sound; bits 3-4: 01 significant clouds."""
    return ((quality & 0b101) == 0) & ((quality & 0b11000) != 0b01000)


def _index(name: str, period: str) -> Screened:
    title = f"CMG 0.05 Deg {period}"
    layer = Layer(f"{title} {name}", -3000, (-2000, 10000), 1e-4)
    return Screened(layer, f"{title} pixel reliability", good_index)


def _temperature(time: str) -> Screened:
    layer = Layer(f"LST_{time}_CMG", 0, (7500, 65535), 0.02, "K")
    return Screened(layer, f"QC_{time}", good_lst)


def _reflectance(band: int) -> Screened:
    layer = Layer(f"Nadir_Reflectance_Band{band}", 32767, (0, 32766), 1e-4)
    return Screened(layer, "BRDF_Quality", good_reflectance)


# 249 to 254 say why there is none, 255 is missing
FPAR = Screened(Layer("Fpar_500m", 255, (0, 100), 0.01), "FparLai_QC", good_fpar)
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
    path: Path, layers: dict[str, Screened], pixels: Pixels | None = None
) -> dict[str, np.ndarray]:
    """Read layers of a global grid in physical units, NaN where they are not good.

    Parameters
    ----------
    path : Path
        HDF4 file.
    layers : dict of Screened
        By our names, as in ``LAYERS``.
    pixels : Pixels, optional
        Cells that are wanted; without it, all.

    Returns
    -------
    dict of ndarray of float32, shape (row, column), south to north, or (pixel,)

    Raises
    ------
    DataError
        If the file is broken, lacks a layer or means other things by its numbers.
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
    """NDWI and band 4 of reflectances ``BAND2``, ``BAND4``, ``BAND5`` [1].

    NDWI is that of Gao (1996, doi 10.1016/S0034-4257(96)00067-3), of 0.86 and 1.24 um: the water
    of leaves, not the open water of McFeeters' index of the same name.
    """
    return {
        "NDWI": normalised_difference(bands["BAND2"], bands["BAND5"]),
        "BAND4": bands["BAND4"],
    }


def normalised_difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(first - second) / (first + second), NaN where both are zero [1]."""
    total = first + second
    total[~(total > 0)] = np.nan
    return (first - second) / total
