"""Tower files in the form of FLUXNET2015: FULLSET daily tables and the BIF site table."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fluxprod.core.atomic_output import atomic_output
from fluxprod.synthetic.native.csv import write_csv

BIF_HEADER = "SITE_ID,GROUP_ID,VARIABLE_GROUP,VARIABLE,DATAVALUE"
FIRST_GROUP = 10_001  # real group numbers are arbitrary but unique per group


def write_fluxnet_daily(folder: Path, site: str, table: pd.DataFrame) -> Path:
    """Write ``FLX_<site>_FLUXNET2015_FULLSET_DD_<first>-<last>_1-4.csv``.

    Parameters
    ----------
    folder : Path
        Folder for the file.
    site : str
        Site code, ``CC-Xxx``.
    table : DataFrame, one row per day without gaps
        Columns named as in the FULLSET DD files, in their units (NEE, GPP, RECO [g m-2 d-1],
        TA [degC], SW, LE, H [W m-2], VPD [hPa], PA [kPa], P [mm d-1], QC [1]); NaN where missing.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If days are missing or out of order.
    """
    days = pd.DatetimeIndex(table.index)
    if len(days) > 1 and not (np.diff(days.to_numpy()) == np.timedelta64(1, "D")).all():
        raise ValueError(f"{site}: days are missing or not in order")
    years = f"{days[0].year}-{days[-1].year}"
    path = folder / f"FLX_{site}_FLUXNET2015_FULLSET_DD_{years}_1-4.csv"
    stamp = np.asarray(days.year * 10_000 + days.month * 100 + days.day)
    names = [str(name) for name in table.columns]
    digits = [_decimals(name) for name in names]
    write_csv(path, ["TIMESTAMP", *names], [stamp], table.to_numpy(float), digits)
    return path


def _decimals(name: str) -> int:
    """Decimals as in real files; quality, a multiple of 1/48, has 6 significant digits there."""
    if name.endswith("_QC"):
        return 6
    return 5 if name.startswith(("NEE_", "GPP_", "RECO_")) else 3


def write_bif(path: Path, sites: pd.DataFrame) -> None:
    """Write the site table in long form, one variable per row.

    Parameters
    ----------
    path : Path
        ``FLX_AA-Flx_BIF_DD_<date>.csv``.
    sites : DataFrame
        Columns site, lat [degree_north], lon [degree_east], igbp, utc_offset [h].
    """
    rows = [BIF_HEADER]
    group = FIRST_GROUP
    for site in sites.itertuples(index=False):
        for name, values in _groups(site).items():
            rows += [f"{site.site},{group},{name},{key},{text}" for key, text in values.items()]
            group += 1
    with atomic_output(path) as temporary:
        temporary.write_bytes(("\n".join(rows) + "\n").encode("ascii"))


def _groups(site: Any) -> dict[str, dict[str, str]]:
    """Variables of a site, a row of `write_bif`'s table, by their group."""
    return {
        "GRP_IGBP": {"IGBP": site.igbp},
        "GRP_LOCATION": {
            "LOCATION_LAT": f"{site.lat:.4f}",
            "LOCATION_LONG": f"{site.lon:.4f}",
        },
        "GRP_UTC_OFFSET": {"UTC_OFFSET": f"{site.utc_offset:g}"},
    }
