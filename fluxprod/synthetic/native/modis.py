"""MODIS products, with the real dataset names, scales, fill values and file names.

Only those layers of each product that fluxprod reads are written. All arrays have the shape (row,
column), with row 0 at 90 N and column 0 at 180 W, and hold physical values, NaN where missing.
Dates are the first days of composites unless stated otherwise.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.synthetic.native.hdf4 import GridLayer, write_grid

COLLECTION = "061"
FIRST_AQUA_DAY = pd.Timestamp("2002-07-04")  # start of MCD15A2H; MOD15A2H covers earlier days

INT16, UINT16 = np.dtype(np.int16), np.dtype(np.uint16)
INT8, UINT8 = np.dtype(np.int8), np.dtype(np.uint8)


def _index(name: str) -> GridLayer:
    """Describe an index of MOD13, whose scale of 10000 divides, unlike that of other products."""
    title = f"CMG 0.05 Deg 16 days {name}"
    return GridLayer(title, INT16, -3000, (-2000, 10000), title, name, 1e-4, 10000.0)


NDVI, EVI = _index("NDVI"), _index("EVI")
VI_QUALITY = GridLayer(
    "CMG 0.05 Deg 16 days VI Quality",
    UINT16,
    65535,
    (0, 65534),
    "CMG 0.05 Deg 16 days VI Quality",
    "bit field",
)
RELIABILITY = GridLayer(
    "CMG 0.05 Deg 16 days pixel reliability",
    INT8,
    -1,
    (0, 4),
    "CMG 0.05 Deg 16 days pixel reliability",
    "rank",
)


def _temperature(name: str, long_name: str) -> GridLayer:
    return GridLayer(name, UINT16, 0, (7500, 65535), long_name, "K", 0.02, 0.02)


LST_DAY = _temperature("LST_Day_CMG", "8-day daily CMG Land-surface Temperature")
LST_NIGHT = _temperature("LST_Night_CMG", "8-day nightly CMG Land-surface Temperature")
QC_DAY = GridLayer(
    "QC_Day", UINT8, 0, (0, 255), "Quality control for day LST and emissivity", "none"
)
QC_NIGHT = QC_DAY._replace(
    name="QC_Night", long_name="Quality control for night LST and emissivity"
)


def _reflectance(band: int) -> GridLayer:
    name = f"Nadir_Reflectance_Band{band}"
    return GridLayer(name, INT16, 32767, (0, 32766), name, "reflectance, no units", 1e-4, 1e-4)


BAND2, BAND4, BAND5 = _reflectance(2), _reflectance(4), _reflectance(5)
BRDF_QUALITY = GridLayer(
    "BRDF_Quality", UINT8, 255, (0, 5), "BRDF_Quality", "index value, no units"
)
FPAR = GridLayer(
    "Fpar_500m",
    UINT8,
    255,
    (0, 100),
    "MCD15A2H MODIS/Terra+Aqua Gridded 500M FPAR (8-day composite)",
    "Percent",
    0.01,
    0.01,
)
FPAR_QC = GridLayer(
    "FparLai_QC",
    UINT8,
    255,
    (0, 254),
    "MCD15A2H MODIS/Terra+Aqua QC for FPAR and LAI (8-day composite)",
    "class-flag",
)
LAND_COVER = GridLayer(
    "Majority_Land_Cover_Type_1",
    UINT8,
    255,
    (0, 16),
    "Majority_Land_Cover_Type_1 (IGBP)",
    "class number",
)


def _path(folder: Path, product: str, date: pd.Timestamp) -> Path:
    return folder / f"{product}.A{date:%Y%j}.{COLLECTION}.hdf"


def write_mod13c1(
    folder: Path,
    date: pd.Timestamp,
    ndvi: np.ndarray,
    evi: np.ndarray,
    quality: np.ndarray,
    reliability: np.ndarray,
) -> Path:
    """Write a 16-day composite of NDVI and EVI [1], with VI Quality bits and pixel reliability."""
    path = _path(folder, "MOD13C1", pd.Timestamp(date))
    layers = {NDVI: ndvi, EVI: evi, VI_QUALITY: quality, RELIABILITY: reliability}
    write_grid(path, "MODIS_Grid_16Day_VI_CMG", layers)
    return path


def write_mod11c2(
    folder: Path,
    date: pd.Timestamp,
    lst_day: np.ndarray,
    lst_night: np.ndarray,
    qc_day: np.ndarray,
    qc_night: np.ndarray,
) -> Path:
    """Write an 8-day composite of day and night land surface temperature [K], with QC bits."""
    path = _path(folder, "MOD11C2", pd.Timestamp(date))
    layers = {LST_DAY: lst_day, QC_DAY: qc_day, LST_NIGHT: lst_night, QC_NIGHT: qc_night}
    write_grid(path, "MODIS_8DAY_0.05DEG_CMG_LST", layers)
    return path


def write_mcd43c4(
    folder: Path,
    date: pd.Timestamp,
    band2: np.ndarray,
    band4: np.ndarray,
    band5: np.ndarray,
    quality: np.ndarray,
) -> Path:
    """Write nadir reflectances of bands 2, 4 and 5 [1]; ``date`` is day 9 of the 16-day window."""
    path = _path(folder, "MCD43C4", pd.Timestamp(date))
    layers = {BAND2: band2, BAND4: band4, BAND5: band5, BRDF_QUALITY: quality}
    write_grid(path, "MCD_CMG_BRDF_0.05Deg", layers)
    return path


def write_mcd15a2h(folder: Path, date: pd.Timestamp, fpar: np.ndarray, qc: np.ndarray) -> Path:
    """Write an 8-day composite of fPAR [1] with QC bits, from Terra alone before July 2002.

    The real product comes in sinusoidal tiles; here it is on the same grid as the others.
    """
    date = pd.Timestamp(date)
    product = "MCD15A2H" if date >= FIRST_AQUA_DAY else "MOD15A2H"
    path = _path(folder, product, date)
    write_grid(path, f"MOD_Grid_{product}", {FPAR: fpar, FPAR_QC: qc})
    return path


def write_mcd12c1(folder: Path, year: int, igbp: np.ndarray) -> Path:
    """Write the majority IGBP class (0 water to 16 barren) of a year."""
    path = _path(folder, "MCD12C1", pd.Timestamp(year, 1, 1))
    write_grid(path, "MOD12C1", {LAND_COVER: igbp})
    return path
