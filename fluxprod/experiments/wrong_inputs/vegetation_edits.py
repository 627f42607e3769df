"""Wrong edits of MODIS: composites and land cover."""

from pathlib import Path

import numpy as np
from pyhdf.SD import SD, SDC

from fluxprod.experiments.wrong_inputs.edit import (
    Change,
    FolderChange,
    WrongEdit,
    copied,
    half_rolled,
    hdf4,
    in_turn,
    times,
    upside_down,
)

VI, LST, FPAR, NBAR, COVER = "MOD13C1*", "MOD11C2*", "M?D15A2H*", "MCD43C4*", "MCD12C1*"
NDVI, EVI = "CMG 0.05 Deg 16 days NDVI", "CMG 0.05 Deg 16 days EVI"
DAY, NIGHT = "LST_Day_CMG", "LST_Night_CMG"


def _exchanged(pattern: str, first: str, second: str) -> FolderChange:
    """Exchange two layers."""

    def apply(folder: Path) -> None:
        for path in sorted(folder.glob(pattern)):
            file = SD(str(path), SDC.WRITE)
            layers = file.select(first), file.select(second)
            values = [layer[:] for layer in layers]
            for layer, other in zip(layers, reversed(values), strict=True):
                layer[:] = other
                layer.endaccess()
            file.end()

    return apply


def _later(step: int) -> FolderChange:
    """Name each composite after the date of a later one, in the order of dates."""

    def apply(folder: Path) -> None:
        paths = sorted(folder.glob(LST))
        contents = [path.read_bytes() for path in paths]
        for path, content in zip(paths, contents[-step:] + contents[:-step], strict=True):
            path.write_bytes(content)

    return apply


def _value_for_fill(fill: int, value: int) -> Change:
    return lambda raw: np.where(raw == fill, value, raw)


EDITS = (
    WrongEdit(
        "modis",
        "NDVI and EVI upside down",
        in_turn(hdf4(VI, NDVI, upside_down), hdf4(VI, EVI, upside_down)),
    ),
    WrongEdit("modis", "NDVI rolled by half the globe", hdf4(VI, NDVI, half_rolled)),
    WrongEdit(
        "modis",
        "NDVI and EVI a tenth of their values",
        in_turn(hdf4(VI, NDVI, times(0.1)), hdf4(VI, EVI, times(0.1))),
    ),
    WrongEdit("modis", "NDVI and EVI exchanged", _exchanged(VI, NDVI, EVI)),
    WrongEdit(
        "modis", "fill of NDVI taken for -0.2", hdf4(VI, NDVI, _value_for_fill(-3000, -2000))
    ),
    WrongEdit("modis", "LST by day and at night exchanged", _exchanged(LST, DAY, NIGHT)),
    WrongEdit(
        "modis",
        "LST upside down",
        in_turn(hdf4(LST, DAY, upside_down), hdf4(LST, NIGHT, upside_down)),
    ),
    WrongEdit(
        "modis",
        "LST by day 5 % too large",
        hdf4(LST, DAY, lambda raw: np.where(raw > 0, np.minimum(raw * 1.05, 65535), 0)),
    ),
    WrongEdit("modis", "LST half a year late", _later(23)),
    WrongEdit("modis", "LST four composites late", _later(4)),
    WrongEdit("modis", "fPAR upside down", hdf4(FPAR, "Fpar_500m", upside_down)),
    WrongEdit(
        "modis",
        "fPAR a tenth of its values",
        hdf4(FPAR, "Fpar_500m", lambda raw: np.where(raw <= 100, raw // 10, raw)),
    ),
    WrongEdit(
        "modis", "fill of fPAR taken for 1", hdf4(FPAR, "Fpar_500m", _value_for_fill(255, 100))
    ),
    WrongEdit(
        "modis",
        "reflectances of band 4 upside down",
        hdf4(NBAR, "Nadir_Reflectance_Band4", upside_down),
    ),
    WrongEdit(
        "modis",
        "bands 2 and 5 exchanged",
        _exchanged(NBAR, "Nadir_Reflectance_Band2", "Nadir_Reflectance_Band5"),
    ),
    WrongEdit(
        "modis", "NDVI and EVI of 2003 as those of 2005", copied("MOD13C1.A2003*", "MOD13C1.A2005*")
    ),
    WrongEdit(
        "modis", "land cover upside down", hdf4(COVER, "Majority_Land_Cover_Type_1", upside_down)
    ),
    WrongEdit(
        "modis",
        "land cover rolled by half the globe",
        hdf4(COVER, "Majority_Land_Cover_Type_1", half_rolled),
    ),
)
