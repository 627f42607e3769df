"""Tower files of the La Thuile collection: a table per site and year, and the site table."""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.atomic_output import atomic_output
from fluxprod.synthetic.native.csv import write_csv

DECIMALS = 5
# Verbatim from the collection, including the misspelt "H2Ostro2_hWHC".
HEADER = """
Year DoY NEE_f NEE_f_delta GPP_f GPP_f_delta Reco NEE_GPP_fqcOK LE_f LE_fqcOK H_f H_fqcOK G_f
G_fqcOK Ta_f Ta_fqcOK Ts1_f Ts1_fqcOK Ts2_f Ts2_fqcOK VPD_f VPD_fqcOK Precip_f Precip_fqcOK
SWC1_f SWC1_fqcOK SWC2_f SWC2_fqcOK WS_f WS_fqcOK Rg_f Rg_fqcOK PPFD_f PPFD_fqcOK Rn_f Rn_fqcOK
Rg_pot Rd Rd_qcOK Rr Rr_qcOK PPFDbc PPFDbc_qcOK PPFDd PPFDd_qcOK PPFDr PPFDr_qcOK FAPAR
FAPAR_qcOK LWin LWin_qcOK LWout LWout_qcOK SWin SWin_qcOK SWout SWout_qcOK H2Ostor1 H2Ostor2
Reco_E0_100 Reco_E0_200 Reco_E0_300 wdef_cum wbal_clim wbal_act Drain NEE_mor_f NEE_mid_f
NEE_aft_f GPP_mor_f GPP_mid_f GPP_aft_f Ecov_mor_f Ecov_mid_f Ecov_aft_f gsurf_mor_f gsurf_mid_f
gsurf_aft_f H_mor_f H_mid_f H_aft_f Tair_min_f Tair_max_f NEE_night_f NEE_midnight_f VPDday_f
EpotPT_day_viaRn WUE_GPP WUE_NEE RUE_GPP RUE_NEE b_GPP_Ecov b_NEE_Ecov a_GPP_Ecov a_NEE_Ecov
a_sig_GPP_Ecov a_sig_NEE_Ecov b_GPP_Rg b_NEE_Rg a_GPP_Rg a_NEE_Rg a_sig_GPP_Rg a_sig_NEE_Rg
Precip8 Precip30 Precip60 wbal_act8 wbal_act30 wbal_act60 Epot_viaLE_H EpotPT_viaLE_H Epot_viaRg
Epot_viaRn Epot_f Epot_flag gsurf_viaRg gsurf_viaRn gsurf_viaLE_H gsurf_f gsurf_flag
EpotPT_viaRn H2Ostor1_hWHC H2Ostro2_hWHC Drain_hWHC
"""
COLUMNS = tuple(HEADER.split())


def write_lathuile_year(folder: Path, site: str, year: int, table: pd.DataFrame) -> Path:
    """Write ``<site>.<year>.synth.daily.allvars.csv``.

    Parameters
    ----------
    folder : Path
        Folder for the file.
    site : str
        Site code, ``CC-Xxx``.
    year : int
        Year of the data.
    table : DataFrame, one row per day of the year
        Columns named as in the real files, in their units (NEE_f, GPP_f, Reco [g m-2 d-1],
        Ta_f [degC], LE_f, H_f, Rg_f, Rg_pot [MJ m-2 d-1], Precip_f [mm d-1], ``*_fqcOK`` [1]).
        All other columns of the file are written as missing.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If a column is not one of La Thuile, or a day lies in another year.
    """
    unknown = set(map(str, table.columns)) - set(COLUMNS[2:])
    if unknown:
        raise ValueError(f"not columns of La Thuile: {sorted(unknown)}")
    days = pd.DatetimeIndex(table.index)
    if not (days.year == year).all():
        raise ValueError(f"{site}: some days are not in {year}")
    path = folder / f"{site}.{year}.synth.daily.allvars.csv"
    values = table.reindex(columns=list(COLUMNS[2:])).to_numpy(float)
    keys = [np.asarray(days.year), np.asarray(days.day_of_year)]
    write_csv(path, COLUMNS, keys, values, [DECIMALS] * values.shape[1], line_end="\r\n")
    return path


def write_site_metadata(path: Path, sites: pd.DataFrame) -> None:
    """Write ``Site_metadata.csv`` in Latin-1, with those columns of the real file that are used.

    Parameters
    ----------
    path : Path
        File to write.
    sites : DataFrame
        Columns site, lat [degree_north], lon [degree_east], igbp and optionally elevation [m].
    """
    rows = ["SiteCode,SiteLatitude,SiteLongitude,SiteElevation,IGBP_vegetation_short"]
    for site in sites.itertuples(index=False):
        elevation = getattr(site, "elevation", np.nan)
        height = "NA" if np.isnan(elevation) else f"{elevation:.0f}"
        rows.append(f"{site.site},{site.lat:.5f},{site.lon:.5f},{height},{site.igbp}")
    with atomic_output(path) as temporary:
        temporary.write_bytes(("\n".join(rows) + "\n").encode("latin-1"))
