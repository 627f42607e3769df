"""All towers on one daily axis."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.variables import VARIABLES

RECORDED = ("NEE", "NEE_QC", "TA", "SW_IN", "P")


def tower_table(
    towers: dict[str, xr.Dataset], sites: pd.DataFrame, time: pd.DatetimeIndex
) -> xr.Dataset:
    """Put the records of all sites on one axis.

    Values outside the physical range of meteorology are blanked: they are instrument errors and
    the reanalysis takes their place in the drivers.

    Parameters
    ----------
    towers : dict of Dataset, dims (time)
        Screened records by site.
    sites : DataFrame
        Indexed by site: ``lat``, ``lon``, ``igbp``, ``fold``, ``source``.
    time : DatetimeIndex
        Days of the run.

    Returns
    -------
    Dataset, dims (site, time)
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
    series = tower[name].reindex(time=time).values.astype(float)
    low, high = VARIABLES[name].valid
    return np.where((series >= low) & (series <= high), series, np.nan)
