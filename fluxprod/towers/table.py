"""The table of all towers, on one daily time axis."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.variables import VARIABLES

RECORDED = ("NEE", "NEE_QC", "TA", "SW_IN", "P", "VPD")


def tower_table(
    towers: dict[str, xr.Dataset], sites: pd.DataFrame, time: pd.DatetimeIndex
) -> xr.Dataset:
    """Combine the records of all sites on one time axis.

    Values outside the valid range of a variable are instrument errors and become NaN; in the
    drivers, the reanalysis replaces such meteorology.

    Parameters
    ----------
    towers : dict of Dataset, dims (time)
        Screened records by site; a variable that one lacks is NaN.
    sites : DataFrame
        ``lat``, ``lon``, ``igbp``, ``fold``, ``source``, indexed by site.
    time : DatetimeIndex
        Days of the run.

    Returns
    -------
    Dataset, dims (site, time)
        The variables listed in `RECORDED`, and the columns of ``sites`` by site.
    """
    names = list(sites.index)
    columns = {
        name: (
            ("site", "time"),
            np.stack([_on_axis(towers[site], name, time) for site in names]),
        )
        for name in RECORDED
    }
    facts = {name: ("site", sites[name].to_numpy()) for name in sites}
    return xr.Dataset({**columns, **facts}, coords={"site": names, "time": time})


def _on_axis(tower: xr.Dataset, name: str, time: pd.DatetimeIndex) -> np.ndarray:
    if name not in tower:
        return np.full(len(time), np.nan)
    series = tower[name].reindex(time=time).values.astype(float)
    low, high = VARIABLES[name].valid
    return np.where((series >= low) & (series <= high), series, np.nan)
