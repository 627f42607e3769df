"""Shift test and post-hoc check of whether the bridge conserves mass (Upton et al., Sect. 3.7)."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.scores import pearson_r, rmse
from fluxprod.core.time_axis import month_days
from fluxprod.core.units import DAYS_PER_YEAR, PG
from fluxprod.evaluation.run.totals import GLOBAL

DECIMALS = 4


def bridge_totals(density: xr.DataArray, bridge: xr.Dataset) -> xr.DataArray:
    """Regional totals that the bridge derives from a map (Eq. 5).

    Parameters
    ----------
    density : DataArray, dims (time, lat, lon) [g m-2 d-1]
        Monthly means per area of land.
    bridge : Dataset
        ``theta`` [m2], ``cell`` and ``contribution_region`` (contribution), and ``intercept``
        (region) [g d-1].

    Returns
    -------
    DataArray, dims (region, time)
        [PgC month-1].
    """
    flat = density.transpose("time", "lat", "lon").values.reshape(density.sizes["time"], -1)
    # as in the sum over cells, a missing flux counts as zero
    flux = np.nan_to_num(flat[:, bridge.cell.values].astype(float)) * bridge.theta.values
    belongs = bridge.contribution_region.values == np.arange(len(ABBREVIATIONS))[:, None]
    daily = belongs.astype(float) @ flux.T + bridge.intercept.values[:, None]
    months = pd.DatetimeIndex(density.time.values)
    coords = {"region": list(ABBREVIATIONS), "time": months}
    return xr.DataArray(daily * month_days(months) / PG, dims=("region", "time"), coords=coords)


def regional_areas(geography: xr.Dataset) -> np.ndarray:
    """Land area of the 18 regions, shape (18,) [m2].

    Parameters
    ----------
    geography : Dataset
        ``cell_region`` and ``land_area`` [m2] by land cell.
    """
    region, area = geography.cell_region.values, geography.land_area.values
    return np.array([area[region == number].sum() for number in range(len(ABBREVIATIONS))])


def _with_sum(regional: np.ndarray) -> np.ndarray:
    return np.concatenate([regional.sum(axis=0, keepdims=True), regional])


def post_hoc(source: str, estimate: xr.DataArray, integral: xr.DataArray) -> pd.DataFrame:
    """Compare the bridge applied to a model with the integral of the same model, by region.

    The row GLOBAL is the sum of the 18 regions, because the bridge covers no other land.

    Parameters
    ----------
    source : str
        Name of the model.
    estimate : DataArray, dims (region 18, time)
        Totals of `bridge_totals` [PgC month-1].
    integral : DataArray, dims (region 18, time)
        Sums over the cells [PgC month-1].

    Returns
    -------
    DataFrame
        Mean annual ``bridge``, ``integral`` and ``difference`` [PgC yr-1], ``monthly_R`` [1] and
        ``monthly_RMSE`` [PgC month-1].
    """
    by_bridge, summed = _with_sum(estimate.values), _with_sum(integral.values)
    years = by_bridge.shape[1] / 12.0
    bridged, integrated = by_bridge.sum(axis=1) / years, summed.sum(axis=1) / years
    columns = {
        "bridge": bridged,
        "integral": integrated,
        "difference": bridged - integrated,
        "monthly_R": pearson_r(by_bridge, summed),
        "monthly_RMSE": rmse(by_bridge, summed),
    }
    rounded = {name: values.round(DECIMALS) for name, values in columns.items()}
    return pd.DataFrame({"region": [GLOBAL, *ABBREVIATIONS], "source": source, **rounded})


def shift_test(bridge: xr.Dataset, area: np.ndarray) -> pd.DataFrame:
    """Response of the bridge to a uniform change of -1 g m-2 d-1.

    Parameters
    ----------
    bridge : Dataset
        See `bridge_totals`.
    area : ndarray, shape (18,)
        Land area of the regions [m2].

    Returns
    -------
    DataFrame
        ``shift``, the share of the expected response that the bridge gives [1] (1 conserves
        mass); ``response`` and ``expected`` [PgC yr-1].
    """
    belongs = bridge.contribution_region.values == np.arange(len(ABBREVIATIONS))[:, None]
    theta = _with_sum(belongs.astype(float) @ bridge.theta.values)
    whole = _with_sum(np.asarray(area, dtype=float))
    annual_loss = -DAYS_PER_YEAR / PG
    share = np.divide(theta, whole, out=np.full(theta.shape, np.nan), where=whole > 0)
    return pd.DataFrame(
        {
            "region": [GLOBAL, *ABBREVIATIONS],
            "shift": share.round(DECIMALS),
            "response": (annual_loss * theta).round(DECIMALS),
            "expected": (annual_loss * whole).round(DECIMALS),
        }
    )
