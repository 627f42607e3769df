"""Downscaled reanalysis in daily FLUXNET tables: the weather that a map has in place of a tower.

FLUXNET2015 and ONEFlux add ERA-Interim or ERA5, corrected with the tower's own record (Vuichard and
Papale 2015, doi:10.5194/essd-7-157-2015), in the columns ``*_ERA`` of FULLSET.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.readers.towers.columns import columns_of
from fluxprod.readers.towers.files import TowerFile
from fluxprod.readers.towers.fluxnet import TIMESTAMP
from fluxprod.readers.towers.table_text import check_tower_values, header_of, table_text

VARIABLE_MAP = {"TA": "TA_ERA", "SW_IN": "SW_IN_ERA", "P": "P_ERA", "VPD": "VPD_ERA"}


def read_reanalysis(source: Path | TowerFile) -> xr.Dataset:
    """Read the reanalysis columns of a daily table that `read_fluxnet_daily` reads.

    Returns
    -------
    Dataset, dims (time)
        Those of ``TA`` [degC], ``SW_IN`` [W m-2], ``P`` [mm d-1] and ``VPD`` [hPa] that the table
        has; none for SUBSET.

    Raises
    ------
    DataError
        If a value is in another unit.
    """
    text = table_text(source)
    header = header_of(text)
    native = {name: column for name, column in VARIABLE_MAP.items() if column in header}
    table = columns_of(text, [TIMESTAMP, *native.values()])
    time = pd.to_datetime(table[TIMESTAMP].astype(int).astype(str)).to_numpy("datetime64[s]")
    columns = {name: table[column].to_numpy() for name, column in native.items()}
    for name, values in columns.items():
        check_tower_values(text.label, name, native[name], values)
    return xr.Dataset(
        {name: ("time", np.asarray(values, float)) for name, values in columns.items()},
        coords={"time": time},
    )
