"""A sinusoidal tile of MCD15A2H that tests can corrupt."""

from pathlib import Path

import numpy as np
from pyhdf.SD import SD, SDC

METRES = 1111950.5197665554  # side of a tile, from MODLAND


def write_tile(
    folder: Path,
    tile: str,
    raw: np.ndarray,
    flags: np.ndarray,
    *,
    date: str = "2003001",
    stated: str | None = None,
    fill: int = 255,
) -> Path:
    """Write raw fAPAR and flags, north first; corners are those of the tile ``stated``."""
    h, v = int((stated or tile)[1:3]), int((stated or tile)[4:6])
    west, north = (h - 18) * METRES, (9 - v) * METRES
    path = folder / f"MCD15A2H.A{date}.{tile}.061.2020001000000.hdf"
    file = SD(str(path), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    file.attr("StructMetadata.0").set(
        SDC.CHAR,
        f"UpperLeftPointMtrs=({west:.6f},{north:.6f})\n"
        f"LowerRightMtrs=({west + METRES:.6f},{north - METRES:.6f})\nProjection=GCTP_SNSOID\n",
    )
    for name, values in (("Fpar_500m", raw), ("FparLai_QC", flags)):
        dataset = file.create(name, SDC.UINT8, values.shape)
        dataset.setcompress(SDC.COMP_DEFLATE, 1)
        dataset.attr("_FillValue").set(SDC.UINT8, fill)
        dataset.attr("scale_factor").set(SDC.FLOAT64, 0.01)
        dataset.attr("add_offset").set(SDC.FLOAT64, 0.0)
        dataset[:] = values
        dataset.endaccess()
    file.end()
    return path
