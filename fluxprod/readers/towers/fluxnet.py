"""Daily tables of FLUXNET2015, ICOS releases and ONEFlux (FLUXNET Shuttle), zipped or not.

Of the variants that the files offer, the consolidated ones are read (``TA_F``, ``SW_IN_F``,
``P_F``: gap-filled by marginal distribution sampling or by downscaled ERA, whichever is better),
because they exist in SUBSET and FULLSET alike and leave no gaps that a water balance would
stumble over; their ``_QC`` says how much of a day was measured. ``P_F`` can still be missing in
part or wholly (the ICOS release has no precipitation beyond the reanalysis of its time).
Days are of local standard time. Pastorello et al. 2020, doi 10.1038/s41597-020-0534-3.
"""

import re
from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.files import TowerFile
from fluxprod.readers.towers.table_text import (
    TowerText,
    check_daily,
    check_end,
    check_radiation,
    check_tower_values,
    columns_of,
    header_of,
    require,
    table_text,
    tower_dataset,
)

# ours: theirs; {ref} is VUT or CUT, the treatment of the u* threshold
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
# partitioned fluxes are read where they are there
OPTIONAL_MAP = {
    "GPP_NT": "GPP_NT_{ref}_REF",
    "RECO_NT": "RECO_NT_{ref}_REF",
    "GPP_DT": "GPP_DT_{ref}_REF",
    "RECO_DT": "RECO_DT_{ref}_REF",
}
# units of the DD files, as the variable list of FLUXNET2015 gives them; nothing to convert
UNITS = {
    "NEE": "gC m-2 d-1",
    "TA": "degC",
    "SW_IN": "W m-2",
    "SW_IN_POT": "W m-2",
    "P": "mm d-1",
}
REFERENCES = ("VUT", "CUT")  # variable threshold first: 26 sites lack CUT altogether
TIMESTAMP = "TIMESTAMP"

FILE_NAME = re.compile(
    r"^(?P<network>[A-Z0-9]+)_(?P<site>[A-Z]{2}-[A-Za-z0-9]{3})_.*"
    r"(?P<content>SUBSET|FULLSET|FLUXMET)_DD_(?P<first>\d{4})-(?P<last>\d{4})(_.*)?\.csv(\.gz)?$"
)


def site_of(path: Path) -> str:
    """Site identifier in a file name.

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
            "NET_CC-Xxx_..._{SUBSET,FULLSET,FLUXMET}_DD_YYYY-YYYY_....csv[.gz]",
        )
    return match["site"]


def read_fluxnet_daily(source: Path | TowerFile) -> xr.Dataset:
    """Read the daily record of one tower.

    NEE is that of the variable u* threshold (VUT) if the file holds any, else of the constant
    one (CUT), for the whole file: the attribute ``nee_column`` says which.

    Parameters
    ----------
    source : Path or TowerFile
        A ``..._DD_...csv`` or ``.csv.gz``, or the member of an archive that is one.

    Returns
    -------
    Dataset, dims (time)
        ``NEE`` [g m-2 d-1], ``TA`` [degC], ``SW_IN``, ``SW_IN_POT`` [W m-2], ``P`` [mm d-1],
        ``NEE_QC``, ``TA_QC``, ``SW_IN_QC`` [1], and where there ``GPP_NT``, ``RECO_NT``,
        ``GPP_DT``, ``RECO_DT`` [g m-2 d-1]. Attributes ``site`` and ``nee_column``.

    Raises
    ------
    DataError
        If a column is missing, days are not consecutive or values speak of other units.
    """
    text = table_text(source)
    path, header = text.label, header_of(text)
    site = site_of(path)
    require(path, header, [TIMESTAMP])
    reference, table = _read_with_nee(text, header)
    days = _days(path, table[TIMESTAMP])
    check_daily(path, days, TIMESTAMP)
    check_end(text, days)
    native = _native_names(header, reference)
    columns = {name: table[column].to_numpy() for name, column in native.items()}
    for name, values in columns.items():
        check_tower_values(path, name, native[name], values)
    check_radiation(path, native, columns)
    return tower_dataset(days, columns, site=site, nee_column=native["NEE"])


def _native_names(header: list[str], reference: str) -> dict[str, str]:
    required = {name: column.format(ref=reference) for name, column in VARIABLE_MAP.items()}
    optional = {name: column.format(ref=reference) for name, column in OPTIONAL_MAP.items()}
    return required | {name: column for name, column in optional.items() if column in header}


def _read_with_nee(text: TowerText, header: list[str]) -> tuple[str, pd.DataFrame]:
    """Table of the first u* reference with any NEE; of the first one there if none has."""
    present = [ref for ref in REFERENCES if f"NEE_{ref}_REF" in header] or ["VUT"]
    tables = []
    for reference in present:
        columns = list(_native_names(header, reference).values())
        require(text.label, header, columns)
        table = columns_of(text, [TIMESTAMP, *columns])
        if table[f"NEE_{reference}_REF"].notna().any():
            return reference, table
        tables.append(table)
    return present[0], tables[0]


def _days(path: Path, stamp: pd.Series) -> pd.DatetimeIndex:
    if (stamp % 1 != 0).any():  # true of NaN as well
        raise DataError(path, TIMESTAMP, "no whole numbers", "dates YYYYMMDD")
    try:
        text = stamp.astype("int64").astype(str)
        return pd.DatetimeIndex(pd.to_datetime(text, format="%Y%m%d"))
    except (ValueError, OverflowError) as error:
        raise DataError(path, TIMESTAMP, str(error).splitlines()[0], "dates YYYYMMDD") from error
