"""Layers of MODIS composites on global grids, each screened by its own quality layer.

======== ====================== ========= ======== ==================================== =========
ours     product                raw       unit     kept                                  source
======== ====================== ========= ======== ==================================== =========
NDVI,EVI MOD13C1                int16     1        pixel reliability 0 good, 1 marginal [1]_
LST_*    MOD11C2                uint16    K        error flag <= 2 K                     [2]_
BANDn    MCD43C4                int16     1        BRDF quality 0 to 3: at most half of  [3]_
                                                   the cell without inversion
FPAR     MCD15A2H, MOD15A2H     uint8     1        main algorithm, detectors sound, no   [4]_
                                                   significant clouds
======== ====================== ========= ======== ==================================== =========

Snow is left out of NDVI and EVI by their reliability; nadir reflectances keep it.

References
----------
.. [1] MODIS Vegetation Index User's Guide (Didan et al.), doi 10.5067/MODIS/MOD13C1.061
.. [2] MODIS Land-Surface Temperature Products Users' Guide (Wan), doi 10.5067/MODIS/MOD11C2.061
.. [3] MCD43 Product User Guide (Schaaf), doi 10.5067/MODIS/MCD43C4.061
.. [4] MODIS LAI/FPAR User's Guide (Myneni), doi 10.5067/MODIS/MCD15A2H.061
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import xarray as xr

from fluxprod.readers.modis_grid import Layer, on_globe, open_grid, read_layer, read_sds

VARIABLE_MAP = {
    "NDVI": Layer("CMG 0.05 Deg 16 days NDVI", -3000, (-2000, 10000), 1e-4),
    "EVI": Layer("CMG 0.05 Deg 16 days EVI", -3000, (-2000, 10000), 1e-4),
    "LST_DAY": Layer("LST_Day_CMG", 0, (7500, 65535), 0.02),
    "LST_NIGHT": Layer("LST_Night_CMG", 0, (7500, 65535), 0.02),
    "FPAR": Layer("Fpar_500m", 255, (0, 100), 0.01),  # 249 to 254 say why there is none
    **{
        f"BAND{band}": Layer(f"Nadir_Reflectance_Band{band}", 32767, (0, 32766), 1e-4)
        for band in range(1, 8)
    },
}
UNITS = {"LST_DAY": "K", "LST_NIGHT": "K"}  # all others 1
QUALITY_MAP = {
    "NDVI": "CMG 0.05 Deg 16 days pixel reliability",
    "LST_DAY": "QC_Day",
    "LST_NIGHT": "QC_Night",
    "FPAR": "FparLai_QC",
    "BAND": "BRDF_Quality",
}


def read_ndvi_evi(path: Path) -> xr.Dataset:
    """Read NDVI and EVI of a MOD13C1 composite, dims (lat, lon) [1]."""
    return _read(path, {name: ("NDVI", good_index) for name in ("NDVI", "EVI")})


def read_lst(path: Path) -> xr.Dataset:
    """Read day and night surface temperature of a MOD11C2 composite, dims (lat, lon) [K]."""
    return _read(path, {name: (name, good_lst) for name in ("LST_DAY", "LST_NIGHT")})


def read_fpar(path: Path) -> xr.Dataset:
    """Read fAPAR of an MCD15A2H or MOD15A2H composite on a global grid, dims (lat, lon) [1]."""
    return _read(path, {"FPAR": ("FPAR", good_fpar)})


def read_reflectance(path: Path, bands: Iterable[int]) -> xr.Dataset:
    """Read nadir reflectances ``BANDn`` of MCD43C4, dims (lat, lon) [1]."""
    return _read(path, {f"BAND{band}": ("BAND", good_reflectance) for band in bands})


def read_ndwi_band4(path: Path) -> xr.Dataset:
    """Read NDWI and band 4 of MCD43C4, dims (lat, lon) [1].

    NDWI is that of Gao (1996, doi 10.1016/S0034-4257(96)00067-3), of 0.86 and 1.24 um: the water
    of leaves, not the open water of McFeeters' index of the same name.
    """
    bands = read_reflectance(path, (2, 4, 5))
    ndwi = normalised_difference(bands.BAND2, bands.BAND5)
    ndwi.attrs["units"] = "1"
    return xr.Dataset({"NDWI": ndwi, "BAND4": bands.BAND4})


def normalised_difference(first: xr.DataArray, second: xr.DataArray) -> xr.DataArray:
    """(first - second) / (first + second), NaN where both are zero [1]."""
    total = first + second
    return (first - second) / total.where(total > 0)


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
    backup, dead, cloud = quality & 1, (quality >> 2) & 1, (quality >> 3) & 0b11
    return (backup == 0) & (dead == 0) & (cloud != 1)


def _read(
    path: Path, wanted: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray]]]
) -> xr.Dataset:
    """Read layers, each with the name of its quality layer and the rule that reads it."""
    fields, good = {}, {}
    with open_grid(path) as grid:
        for name, (quality, rule) in wanted.items():
            if quality not in good:
                good[quality] = rule(read_sds(grid, QUALITY_MAP[quality])[0])
            fields[name] = read_layer(grid, VARIABLE_MAP[name])
            fields[name][~good[quality]] = np.nan
    dataset = on_globe(fields)
    for name in fields:
        dataset[name].attrs["units"] = UNITS.get(name, "1")
    return dataset
