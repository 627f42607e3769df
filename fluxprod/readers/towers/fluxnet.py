"""Daily tables of FLUXNET2015, ICOS releases and ONEFlux (FLUXNET Shuttle), compressed or not.

Of the variants in the files, the consolidated ones are read: ``TA_F``, ``SW_IN_F`` and ``P_F`` are
gap-filled by marginal distribution sampling or by downscaled ERA, whichever is better. They are
contained in both SUBSET and FULLSET and have no gaps that would interrupt a water balance; their
``_QC`` is the fraction of the day that was measured. ``P_F`` can still be missing in part or
completely (the ICOS release has no precipitation beyond the reanalysis available at its time).
Days are in local standard time. Pastorello et al. 2020, doi 10.1038/s41597-020-0534-3.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.columns import columns_of
from fluxprod.readers.towers.files import TowerFile
from fluxprod.readers.towers.table_text import (
    TowerText,
    check_daily,
    check_deficit,
    check_end,
    check_radiation,
    check_tower_values,
    header_of,
    require_columns,
    table_text,
    tower_dataset,
)

# ours: theirs; {ref} is VUT or CUT, the variable or constant u* threshold
VARIABLE_MAP = {
    "NEE": "NEE_{ref}_REF",
    "NEE_QC": "NEE_{ref}_REF_QC",
    "TA": "TA_F",
    "TA_QC": "TA_F_QC",
    "SW_IN": "SW_IN_F",
    "SW_IN_QC": "SW_IN_F_QC",
    "SW_IN_POT": "SW_IN_POT",
    "P": "P_F",
}
# vapour pressure deficit and partitioned fluxes, read if present
OPTIONAL_MAP = {
    "VPD": "VPD_F",
    "VPD_QC": "VPD_F_QC",
    "GPP_NT": "GPP_NT_{ref}_REF",
    "RECO_NT": "RECO_NT_{ref}_REF",
    "GPP_DT": "GPP_DT_{ref}_REF",
    "RECO_DT": "RECO_DT_{ref}_REF",
}
# units of the DD files in the variable list of FLUXNET2015; no conversion is needed
UNITS = {
    "NEE": "gC m-2 d-1",
    "TA": "degC",
    "SW_IN": "W m-2",
    "SW_IN_POT": "W m-2",
    "P": "mm d-1",
    "VPD": "hPa",
}
REFERENCES = ("VUT", "CUT")  # variable threshold first, because 26 sites have no CUT
TIMESTAMP = "TIMESTAMP"

# the ICOS Carbon Portal names its tables without their years: ICOSETC_CC-Xxx_FLUXNET_DD_L2.csv
FILE_NAME = re.compile(
    r"^(?P<network>[A-Z0-9]+)_(?P<site>[A-Z]{2}-[A-Za-z0-9]{3})_"
    r"(?:.*(?P<content>SUBSET|FULLSET|FLUXMET)_DD_(?P<first>\d{4})-(?P<last>\d{4})(?:_.*)?"
    r"|FLUXNET_DD(?:_INTERIM)?_L2(?: \(\d+\))?)(?i:\.csv(?:\.gz)?)$"
)


def site_of(path: Path) -> str:
    """Identifier of the site in a file name.

    Raises
    ------
    DataError
        If the name is not that of a daily FLUXNET table.
    """
    match = FILE_NAME.match(path.name)
    if match is None:
        raise DataError(
            path,
            "file name",
            path.name,
            "NET_CC-Xxx_..._{SUBSET,FULLSET,FLUXMET}_DD_YYYY-YYYY_....csv[.gz] or "
            "ICOSETC_CC-Xxx_FLUXNET_DD_L2.csv",
            "get the daily table (FLUXNET_DD)",
        )
    return match["site"]


def read_fluxnet_daily(source: Path | TowerFile) -> xr.Dataset:
    """Read the daily record of one tower.

    NEE is that of the variable u* threshold (VUT) if the file has any value of it, else that of the
    constant threshold (CUT), for the whole file; the attribute ``nee_column`` states which.

    Parameters
    ----------
    source : Path or TowerFile
        A file ``..._DD_...csv`` or ``..._DD_...csv.gz``, on disk or in an archive. The period is
        that of its rows, as not all names state it.

    Returns
    -------
    Dataset, dims (time)
        ``NEE`` [g m-2 d-1], ``TA`` [degC], ``SW_IN``, ``SW_IN_POT`` [W m-2], ``P`` [mm d-1],
        ``NEE_QC``, ``TA_QC``, ``SW_IN_QC`` [1] and, if present, ``VPD`` [hPa], ``VPD_QC`` [1],
        ``GPP_NT``, ``RECO_NT``, ``GPP_DT``, ``RECO_DT`` [g m-2 d-1]. Attributes ``site`` and
        ``nee_column``.

    Raises
    ------
    DataError
        If a column is missing, days are not consecutive, or values are in other units.
    """
    text = table_text(source)
    path, header = text.label, header_of(text)
    site = site_of(path)
    require_columns(path, header, [TIMESTAMP])
    reference, table = _read_with_nee(text, header)
    days = _days(path, table[TIMESTAMP])
    check_daily(path, days, TIMESTAMP)
    check_end(text, days)
    native = _native_names(header, reference)
    columns = {name: table[column].to_numpy() for name, column in native.items()}
    for name, values in columns.items():
        check_tower_values(path, name, native[name], values)
    check_radiation(path, native, columns)
    check_deficit(path, native, columns)
    return tower_dataset(days, columns, site=site, nee_column=native["NEE"])


def _native_names(header: list[str], reference: str) -> dict[str, str]:
    required = {name: column.format(ref=reference) for name, column in VARIABLE_MAP.items()}
    optional = {name: column.format(ref=reference) for name, column in OPTIONAL_MAP.items()}
    return required | {name: column for name, column in optional.items() if column in header}


def _read_with_nee(text: TowerText, header: list[str]) -> tuple[str, pd.DataFrame]:
    """Table of the first u* reference with any NEE value, else of the first that is present."""
    present = [ref for ref in REFERENCES if f"NEE_{ref}_REF" in header] or ["VUT"]
    tables = []
    for reference in present:
        columns = list(_native_names(header, reference).values())
        require_columns(text.label, header, columns)
        table = columns_of(text, [TIMESTAMP, *columns])
        if table[f"NEE_{reference}_REF"].notna().any():
            return reference, table
        tables.append(table)
    return present[0], tables[0]


def _days(path: Path, stamp: pd.Series) -> pd.DatetimeIndex:
    text = stamp.map("{:.0f}".format).where(stamp % 1 == 0, "")
    days = pd.DatetimeIndex(pd.to_datetime(text, format="%Y%m%d", errors="coerce"))
    if days.hasnans:
        row = int(np.argmax(days.isna()))
        value = stamp.iloc[row]
        found = "a missing value" if pd.isna(value) else f"{value:.10g}"
        raise DataError(path, f"row {row + 2}, column {TIMESTAMP}", found, "dates YYYYMMDD")
    return days
